//! Known ways to invalidate a document.

use std::mem::{Discriminant, discriminant};

use super::{
    survey::{self, Flaw, Site},
    tree::{Rng, Tree},
    values::{ends, neighbours},
};
use crate::{
    json::{MAX_DEPTH, child_pointer},
    model::{Bounds, Code, Null, Object, RequiredIf, Type, Vocabulary},
    reader::Document,
};

/// Adds flaws to a document and records the violation of each.
pub(super) struct Flaws {
    document: &'static Type,
    rng: Rng,
    violations: Vec<(String, Code)>,
}

impl Flaws {
    pub(super) fn new<T: Document>(rng: Rng) -> Self {
        Flaws { document: const { &T::TYPE }, rng, violations: Vec::new() }
    }

    /// The violations so far, sorted by pointer, then by code.
    pub(super) fn violations(mut self) -> Vec<(String, Code)> {
        self.violations.sort_unstable();
        self.violations
    }

    /// Adds another flaw if one is possible. `text` and `value` are used as wrong values.
    pub(super) fn add(&mut self, document: &mut Tree, text: String, value: Tree) {
        let sites = survey::sites(document, self.document, &self.violations);
        let mut kinds: Vec<Discriminant<Flaw>> = Vec::new();
        for site in &sites {
            let kind = discriminant(&site.flaw);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if kinds.is_empty() {
            return;
        }
        let kind = self.rng.pick(kinds);
        let sites = sites.into_iter().filter(|site| discriminant(&site.flaw) == kind).collect();
        let Site { path, pointer, flaw } = self.rng.pick(sites);
        let max_height = (MAX_DEPTH as usize).saturating_sub(path.len());
        let Some(target) = document.at(&path) else { return };
        match (flaw, target) {
            (Flaw::Type { expected, nullable }, target) => {
                let null = !nullable && self.rng.one_in(3);
                *target = if null { Tree::Null } else { self.other_type(expected, target, value, max_height) };
                self.violations.push((pointer, Code::WRONG_TYPE));
            }
            (Flaw::Range(r#type), target) => {
                *target = self.out_of_range(r#type);
                self.violations.push((pointer, Code::OUT_OF_RANGE));
            }
            (Flaw::Fraction(bounds), target) => {
                *target = self.fraction(bounds);
                self.violations.push((pointer, Code::WRONG_TYPE));
            }
            (Flaw::OpenEnum(vocabulary), target) => {
                *target = Tree::Text(self.unknown_value(vocabulary, text));
                self.violations.push((pointer, Code::UNKNOWN_VALUE));
            }
            (Flaw::Unknown(object), Tree::Object(fields)) => {
                let name = self.undocumented(object, fields, text);
                self.violations.push((child_pointer(&pointer, &name), Code::UNKNOWN_FIELD));
                let value = fitting(value, max_height.saturating_sub(1));
                fields.insert(self.rng.below(fields.len() + 1), (name, value));
            }
            (Flaw::Missing(index), Tree::Object(fields)) => {
                let (name, _) = fields.remove(index);
                self.violations.push((child_pointer(&pointer, &name), Code::MISSING_FIELD));
            }
            (Flaw::RequiredIf(rule), Tree::Object(fields)) => {
                self.violate(rule, fields);
                self.violations.push((child_pointer(&pointer, rule.field.name), Code::MISSING_FIELD));
            }
            (Flaw::Repeat(index), Tree::Object(fields)) => {
                let Some((name, first)) = fields.get(index).cloned() else { return };
                let value = self.rng.pick(vec![first, Tree::Null, fitting(value, max_height.saturating_sub(1))]);
                for _ in 0..=usize::from(self.rng.one_in(4)) {
                    self.violations.push((child_pointer(&pointer, &name), Code::DUPLICATE_FIELD));
                    let later = index + 1 + self.rng.below(fields.len() - index);
                    fields.insert(later, (name.clone(), value.clone()));
                }
            }
            _ => {}
        }
    }

    /// Returns a value of a wrong type other than null.
    fn other_type(&mut self, r#type: &Type, value: &Tree, other: Tree, max_height: usize) -> Tree {
        let duplicate = Tree::Object(vec![("a".to_owned(), Tree::Null), ("a".to_owned(), Tree::Boolean(true))]);
        let mut others = vec![
            Tree::Boolean(self.rng.one_in(2)),
            Tree::Number(1.into()),
            Tree::Text("1".to_owned()),
            Tree::Array(Vec::new()),
            Tree::Array(vec![value.clone()]),
            Tree::Object(Vec::new()),
            duplicate,
            other,
        ];
        others.retain(|other| other.height() <= max_height && !matches!(other, Tree::Null) && !is_of(other, r#type));
        self.rng.pick(others)
    }

    /// Returns a number outside the bounds, just outside or far away.
    #[expect(clippy::cast_precision_loss, reason = "bounds of integers are exact as doubles")]
    fn out_of_range(&mut self, r#type: &Type) -> Tree {
        let (mut doubles, mut integers) =
            (vec![-1e300, u64::MAX as f64, 1e300], vec![i64::MIN.into(), u64::MAX.into()]);
        let bounds = match r#type {
            Type::Integer(Bounds { minimum, maximum }) => {
                integers.extend([minimum.map(|bound| bound - 1), maximum.map(|bound| bound + 1)].into_iter().flatten());
                Bounds { minimum: minimum.map(|bound| bound as f64), maximum: maximum.map(|bound| bound as f64) }
            }
            Type::Number(bounds) => {
                doubles.extend([bounds.minimum, bounds.maximum].into_iter().flatten().flat_map(neighbours));
                **bounds
            }
            _ => Bounds::NONE,
        };
        doubles.extend(
            [bounds.minimum.map(|bound| bound - 1.0), bounds.maximum.map(|bound| bound + 1.0)].iter().flatten(),
        );
        let integers = integers.into_iter().filter(|integer| !bounds.contain(&(*integer as f64)));
        let doubles = doubles.into_iter().filter(|double| !bounds.contain(double));
        let outside: Vec<_> = doubles.map(Tree::double).chain(integers.map(Tree::integer)).collect();
        self.rng.pick(outside)
    }

    /// Returns a number with a fraction, in or out of bounds, which is not an integer.
    #[expect(clippy::cast_precision_loss, reason = "bounds of integers are exact as doubles")]
    fn fraction(&mut self, bounds: &Bounds<i128>) -> Tree {
        let (low, high) = ends(bounds, -1000, 1000);
        let (low, high) = (low as f64, high as f64);
        let fractions = vec![low + 0.5, low + 1e-7, high - 0.5, high + 0.5, low - 0.5];
        Tree::double(self.rng.pick(fractions))
    }

    fn unknown_value(&mut self, vocabulary: &Vocabulary, text: String) -> String {
        let value = self.rng.pick(vocabulary.values.to_vec());
        let near =
            vec![value.to_uppercase(), format!("{value} "), value.chars().skip(1).collect(), String::new(), text];
        let mut value = self.rng.pick(near);
        while vocabulary.values.contains(&&*value) {
            value.push('?');
        }
        value
    }

    fn undocumented(&mut self, object: &Object, fields: &[(String, Tree)], text: String) -> String {
        let documented = self.rng.pick(object.fields.iter().map(|field| field.name).collect());
        let mut names = vec![documented.to_uppercase(), format!("{documented} "), String::new(), text];
        // Response fields are the most likely mistake.
        let response_fields = object.response.map(|response| response.fields).unwrap_or_default();
        names.extend(
            response_fields.iter().map(|field| field.name.to_owned()).filter(|name| object.field(name).is_none()),
        );
        let mut name = self.rng.pick(names);
        while object.field(&name).is_some() || fields.iter().any(|(given, _)| *given == name) {
            name.push('?');
        }
        name
    }

    /// Meets the condition of a rule, and leaves the required field absent, empty or null.
    fn violate(&mut self, rule: &RequiredIf, fields: &mut Vec<(String, Tree)>) {
        for (name, value) in &mut *fields {
            if name == rule.if_field.name {
                *value = Tree::Text(rule.equals.to_owned());
            }
        }
        fields.retain(|(name, _)| name != rule.field.name);
        let mut values = vec![None];
        if rule.field.r#type.json_type() == "string" {
            values.push(Some(Tree::Text(String::new())));
        }
        if rule.field.null != Null::Refused {
            values.push(Some(Tree::Null));
        }
        if let Some(value) = self.rng.pick(values) {
            fields.insert(self.rng.below(fields.len() + 1), (rule.field.name.to_owned(), value));
        }
    }
}

/// Returns the value, or null if it is nested too deeply.
fn fitting(value: Tree, max_height: usize) -> Tree {
    if value.height() <= max_height { value } else { Tree::Null }
}

/// Returns whether the value has the expected JSON type.
fn is_of(value: &Tree, r#type: &Type) -> bool {
    match r#type {
        Type::Text | Type::Key | Type::KeyOrNull | Type::Enum(_) => matches!(value, Tree::Text(_)),
        Type::Boolean => matches!(value, Tree::Boolean(_)),
        Type::Integer(_) | Type::Number(_) => matches!(value, Tree::Number(_)),
        Type::List(_) => matches!(value, Tree::Array(_)),
        Type::Object(_) | Type::FreeForm => matches!(value, Tree::Object(_)),
    }
}
