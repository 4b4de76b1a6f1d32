//! Known ways to invalidate a document.

use std::mem::{Discriminant, discriminant};

use super::{
    survey::{self, Flaw, Site, child},
    tree::{Rng, Tree},
    values::{ends, neighbours},
};
use crate::{
    json::MAX_DEPTH,
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

    /// Adds another flaw if there is a place for it. `text` and `value` are used as wrong values.
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
        let Site { way, pointer, flaw } = self.rng.pick(sites);
        let room = (MAX_DEPTH as usize).saturating_sub(way.len());
        let Some(target) = document.at(&way) else { return };
        match (flaw, target) {
            (Flaw::Type { due, nullable }, target) => {
                let null = !nullable && self.rng.one_in(3);
                *target = if null { Tree::Null } else { self.other_type(due, target, value, room) };
                self.violations.push((pointer, Code::WRONG_TYPE));
            }
            (Flaw::Range(r#type), target) => {
                *target = self.beyond(r#type);
                self.violations.push((pointer, Code::OUT_OF_RANGE));
            }
            (Flaw::Fraction(bounds), target) => {
                *target = self.fraction(bounds);
                self.violations.push((pointer, Code::WRONG_TYPE));
            }
            (Flaw::OpenEnum(vocabulary), target) => {
                *target = Tree::Text(self.unlisted(vocabulary, text));
                self.violations.push((pointer, Code::UNKNOWN_VALUE));
            }
            (Flaw::Unknown(object), Tree::Object(fields)) => {
                let name = self.undocumented(object, fields, text);
                self.violations.push((child(&pointer, &name), Code::UNKNOWN_FIELD));
                let value = fitting(value, room.saturating_sub(1));
                fields.insert(self.rng.below(fields.len() + 1), (name, value));
            }
            (Flaw::Missing(index), Tree::Object(fields)) => {
                let (name, _) = fields.remove(index);
                self.violations.push((child(&pointer, &name), Code::MISSING_FIELD));
            }
            (Flaw::RequiredIf(due), Tree::Object(fields)) => {
                self.leave_out(due, fields);
                self.violations.push((child(&pointer, due.field.name), Code::MISSING_FIELD));
            }
            (Flaw::Repeat(index), Tree::Object(fields)) => {
                let Some((name, first)) = fields.get(index).cloned() else { return };
                let value = self.rng.pick(vec![first, Tree::Null, fitting(value, room.saturating_sub(1))]);
                for _ in 0..=usize::from(self.rng.one_in(4)) {
                    self.violations.push((child(&pointer, &name), Code::DUPLICATE_FIELD));
                    let later = index + 1 + self.rng.below(fields.len() - index);
                    fields.insert(later, (name.clone(), value.clone()));
                }
            }
            _ => {}
        }
    }

    /// Returns a value of a wrong type other than null.
    fn other_type(&mut self, r#type: &Type, given: &Tree, spare: Tree, room: usize) -> Tree {
        let twice = Tree::Object(vec![("a".to_owned(), Tree::Null), ("a".to_owned(), Tree::Boolean(true))]);
        let mut others = vec![
            Tree::Boolean(self.rng.one_in(2)),
            Tree::Number(1.into()),
            Tree::Text("1".to_owned()),
            Tree::Array(Vec::new()),
            Tree::Array(vec![given.clone()]),
            Tree::Object(Vec::new()),
            twice,
            spare,
        ];
        others.retain(|other| other.height() <= room && !matches!(other, Tree::Null) && !is_of(other, r#type));
        self.rng.pick(others)
    }

    /// Returns a number outside the bounds, by the smallest step or far.
    #[expect(clippy::cast_precision_loss, reason = "bounds of integers are exact as doubles")]
    fn beyond(&mut self, r#type: &Type) -> Tree {
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
        let beyond: Vec<_> = doubles.map(Tree::double).chain(integers.map(Tree::integer)).collect();
        self.rng.pick(beyond)
    }

    /// Returns a number with a fraction, in or out of bounds, which is not an integer.
    #[expect(clippy::cast_precision_loss, reason = "bounds of integers are exact as doubles")]
    fn fraction(&mut self, bounds: &Bounds<i128>) -> Tree {
        let (low, high) = ends(bounds, -1000, 1000);
        let (low, high) = (low as f64, high as f64);
        let fractions = vec![low + 0.5, low + 1e-7, high - 0.5, high + 0.5, low - 0.5];
        Tree::double(self.rng.pick(fractions))
    }

    fn unlisted(&mut self, vocabulary: &Vocabulary, text: String) -> String {
        let word = self.rng.pick(vocabulary.values.to_vec());
        let near = vec![word.to_uppercase(), format!("{word} "), word.chars().skip(1).collect(), String::new(), text];
        let mut word = self.rng.pick(near);
        while vocabulary.values.contains(&&*word) {
            word.push('?');
        }
        word
    }

    fn undocumented(&mut self, object: &Object, fields: &[(String, Tree)], text: String) -> String {
        let documented = self.rng.pick(object.fields.iter().map(|field| field.name).collect());
        let mut names = vec![documented.to_uppercase(), format!("{documented} "), String::new(), text];
        // Response fields are the most likely mistake.
        let answered = object.response.map(|answer| answer.fields).unwrap_or_default();
        names.extend(answered.iter().map(|field| field.name.to_owned()).filter(|name| object.field(name).is_none()));
        let mut name = self.rng.pick(names);
        while object.field(&name).is_some() || fields.iter().any(|(given, _)| *given == name) {
            name.push('?');
        }
        name
    }

    /// Makes a field required, and omits it in one of the possible ways.
    fn leave_out(&mut self, due: &RequiredIf, fields: &mut Vec<(String, Tree)>) {
        for (name, value) in &mut *fields {
            if name == due.if_field.name {
                *value = Tree::Text(due.equals.to_owned());
            }
        }
        fields.retain(|(name, _)| name != due.field.name);
        let mut left = vec![None];
        if due.field.r#type.json_type() == "string" {
            left.push(Some(Tree::Text(String::new())));
        }
        if due.field.null != Null::Refused {
            left.push(Some(Tree::Null));
        }
        if let Some(value) = self.rng.pick(left) {
            fields.insert(self.rng.below(fields.len() + 1), (due.field.name.to_owned(), value));
        }
    }
}

/// Returns the value if its nesting is allowed there.
fn fitting(value: Tree, room: usize) -> Tree {
    if value.height() <= room { value } else { Tree::Null }
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
