//! Known ways to spoil a valid document.

use std::mem::{Discriminant, discriminant};

use serde_json::Number;

use super::{
    survey::{self, Flaw, Site, child},
    tree::{Dice, Tree},
    values::neighbours,
};
use crate::{
    Code,
    declaration::{Bounds, Direction, Due, Object, Type, Vocabulary},
    read::{Document, MAX_DEPTH},
};

/// Puts flaws into a document, and notes the violation that each one makes.
pub(super) struct Flaws {
    document: &'static Type,
    direction: Direction,
    dice: Dice,
    violations: Vec<(String, Code)>,
}

impl Flaws {
    pub(super) fn new<T: Document>(dice: Dice) -> Self {
        Flaws { document: const { &T::TYPE }, direction: T::OBJECT.direction, dice, violations: Vec::new() }
    }

    /// The violations so far, in the order of their pointers, then of their codes.
    pub(super) fn violations(mut self) -> Vec<(String, Code)> {
        self.violations.sort_unstable();
        self.violations
    }

    /// Puts in one flaw more, if there is still a place for one; `text` and `value` serve as what is wrong.
    pub(super) fn add(&mut self, document: &mut Tree, text: String, value: Tree) {
        let sites = survey::sites(document, self.document, self.direction, &self.violations);
        let mut kinds: Vec<Discriminant<Flaw>> = Vec::new();
        for site in &sites {
            let kind = discriminant(&site.flaw);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let kind = self.dice.pick(kinds);
        let sites = sites.into_iter().filter(|site| Some(discriminant(&site.flaw)) == kind).collect();
        let Some(Site { way, pointer, flaw }) = self.dice.pick(sites) else { return };
        let room = (MAX_DEPTH as usize).saturating_sub(way.len());
        let Some(target) = document.at(&way) else { return };
        match (flaw, target) {
            (Flaw::Type { due, nullable }, target) => {
                let null = !nullable && self.dice.one_in(3);
                *target = if null { Tree::Null } else { self.other_type(due, target, value, room) };
                self.violations.push((pointer, Code::WrongType));
            }
            (Flaw::Range(r#type, bounds), target) => {
                *target = self.beyond(r#type, bounds);
                self.violations.push((pointer, Code::OutOfRange));
            }
            (Flaw::Fraction(bounds), target) => {
                *target = self.fraction(bounds);
                self.violations.push((pointer, Code::WrongType));
            }
            (Flaw::Word(vocabulary), target) => {
                *target = Tree::Text(self.unlisted(vocabulary, text));
                self.violations.push((pointer, Code::UnknownValue));
            }
            (Flaw::Unknown(object), Tree::Object(fields)) => {
                let name = self.undocumented(object, fields, text);
                self.violations.push((child(&pointer, &name), Code::UnknownField));
                let value = fitting(value, room.saturating_sub(1));
                fields.insert(self.dice.below(fields.len() + 1), (name, value));
            }
            (Flaw::Missing(index), Tree::Object(fields)) => {
                let (name, _) = fields.remove(index);
                self.violations.push((child(&pointer, &name), Code::MissingField));
            }
            (Flaw::Due(due), Tree::Object(fields)) => {
                self.leave_out(due, fields);
                self.violations.push((child(&pointer, due.field), Code::MissingField));
            }
            (Flaw::Repeat(index), Tree::Object(fields)) => {
                let Some((name, first)) = fields.get(index).cloned() else { return };
                let value = self.dice.pick(vec![first, Tree::Null, fitting(value, room.saturating_sub(1))]);
                let value = value.unwrap_or(Tree::Null);
                for _ in 0..=usize::from(self.dice.one_in(4)) {
                    self.violations.push((child(&pointer, &name), Code::DuplicateField));
                    let later = index + 1 + self.dice.below(fields.len() - index);
                    fields.insert(later, (name.clone(), value.clone()));
                }
            }
            _ => {}
        }
    }

    /// A value of another type than the one that is due, and not null.
    fn other_type(&mut self, r#type: &Type, given: &Tree, spare: Tree, room: usize) -> Tree {
        let twice = Tree::Object(vec![("a".to_owned(), Tree::Null), ("a".to_owned(), Tree::Boolean(true))]);
        let mut others = vec![
            Tree::Boolean(self.dice.one_in(2)),
            Tree::Number(1.into()),
            Tree::Text("1".to_owned()),
            Tree::Array(Vec::new()),
            Tree::Array(vec![given.clone()]),
            Tree::Object(Vec::new()),
            twice,
            spare,
        ];
        others.retain(|other| other.height() <= room && !matches!(other, Tree::Null) && !is_of(other, r#type));
        self.dice.pick(others).unwrap_or(Tree::Null)
    }

    /// A number below or above the bounds, by the least step or by far.
    #[expect(clippy::cast_precision_loss, reason = "bounds are small, or exact as doubles")]
    fn beyond(&mut self, r#type: &Type, bounds: &Bounds) -> Tree {
        let Bounds { minimum, maximum } = *bounds;
        let (low, high) = (minimum as f64, maximum as f64);
        let mut doubles = vec![-1e300, low - 1.0, high + 1.0, u64::MAX as f64, 1e300];
        if matches!(r#type, Type::Number(_)) {
            doubles.extend([low, high].into_iter().flat_map(neighbours));
        }
        let below = i64::try_from(minimum).ok().and_then(|minimum| minimum.checked_sub(1));
        let mut beyond: Vec<_> = doubles.into_iter().filter_map(Number::from_f64).collect();
        beyond.extend([below, Some(i64::MIN)].into_iter().flatten().map(Number::from));
        beyond.extend([maximum.checked_add(1), Some(u64::MAX)].into_iter().flatten().map(Number::from));
        beyond.retain(|number| number.as_f64().is_some_and(|number| !(low..=high).contains(&number)));
        self.dice.pick(beyond).map_or(Tree::Null, Tree::Number)
    }

    /// A number with a fraction: in bounds or beyond them, that is another type than an integer.
    #[expect(clippy::cast_precision_loss, reason = "bounds of integers are exact as doubles")]
    fn fraction(&mut self, bounds: &Bounds) -> Tree {
        let (low, high) = (bounds.minimum as f64, bounds.maximum as f64);
        let fractions = vec![low + 0.5, low + 1e-7, high - 0.5, high + 0.5, low - 0.5];
        self.dice.pick(fractions).map_or(Tree::Null, Tree::double)
    }

    fn unlisted(&mut self, vocabulary: &Vocabulary, text: String) -> String {
        let word = self.dice.pick(vocabulary.words.to_vec()).unwrap_or_default();
        let near = vec![word.to_uppercase(), format!("{word} "), word.chars().skip(1).collect(), String::new(), text];
        let mut word = self.dice.pick(near).unwrap_or_default();
        while vocabulary.words.contains(&&*word) {
            word.push('?');
        }
        word
    }

    fn undocumented(&mut self, object: &Object, fields: &[(String, Tree)], text: String) -> String {
        let documented = self.dice.pick(object.fields.iter().map(|field| field.name).collect()).unwrap_or_default();
        let mut names = vec![documented.to_uppercase(), format!("{documented} "), String::new(), text];
        // A field of the response is the likeliest mistake.
        let answered = object.answer.map(|answer| answer.fields).unwrap_or_default();
        names.extend(answered.iter().map(|field| field.name.to_owned()).filter(|name| object.field(name).is_none()));
        let mut name = self.dice.pick(names).unwrap_or_default();
        while object.field(&name).is_some() || fields.iter().any(|(given, _)| *given == name) {
            name.push('?');
        }
        name
    }

    /// Makes the key due, and leaves it out in one of the three ways.
    fn leave_out(&mut self, due: Due, fields: &mut Vec<(String, Tree)>) {
        for (name, value) in &mut *fields {
            if name == due.when {
                *value = Tree::Text(due.is.to_owned());
            }
        }
        fields.retain(|(name, _)| name != due.field);
        let left = self.dice.pick(vec![None, Some(Tree::Null), Some(Tree::Text(String::new()))]).flatten();
        if let Some(value) = left {
            fields.insert(self.dice.below(fields.len() + 1), (due.field.to_owned(), value));
        }
    }
}

/// The value, if it may be nested so deep there.
fn fitting(value: Tree, room: usize) -> Tree {
    if value.height() <= room { value } else { Tree::Null }
}

/// Whether the value has the JSON type that is due.
fn is_of(value: &Tree, r#type: &Type) -> bool {
    match r#type {
        Type::Text | Type::Key | Type::KeyOrNull | Type::Word(_) => matches!(value, Tree::Text(_)),
        Type::Boolean => matches!(value, Tree::Boolean(_)),
        Type::Integer(_) | Type::Number(_) => matches!(value, Tree::Number(_)),
        Type::List(_) => matches!(value, Tree::Array(_)),
        Type::Object(_) | Type::FreeForm => matches!(value, Tree::Object(_)),
    }
}
