//! The locations in a document where a flaw is possible.

use super::tree::Tree;
use crate::{
    json::child_pointer,
    model::{AdditionalProperties, Bounds, Code, Null, Object, RequiredIf, Type, Vocabulary},
};

/// The kind of a flaw.
#[derive(Clone, Copy)]
pub(super) enum Flaw {
    /// A value of the wrong type, including null unless it is allowed.
    Type {
        expected: &'static Type,
        nullable: bool,
    },
    Range(&'static Type),
    Fraction(&'static Bounds<i128>),
    OpenEnum(&'static Vocabulary),
    Unknown(&'static Object),
    /// The field with this index is removed.
    Missing(usize),
    RequiredIf(&'static RequiredIf),
    /// The field with this index is duplicated.
    Repeat(usize),
}

/// A location in a document and a possible flaw.
pub(super) struct Site {
    pub(super) path: Vec<usize>,
    pub(super) pointer: String,
    pub(super) flaw: Flaw,
}

/// Finds the locations where another flaw causes only its own violations and leaves the existing ones unchanged.
pub(super) fn sites(document: &Tree, r#type: &'static Type, violations: &[(String, Code)]) -> Vec<Site> {
    let mut survey = Survey { violations, path: Vec::new(), pointer: String::new(), sites: Vec::new() };
    survey.value(document, r#type, false, false);
    survey.sites
}

struct Survey<'v> {
    violations: &'v [(String, Code)],
    path: Vec<usize>,
    pointer: String,
    sites: Vec<Site>,
}

impl Survey<'_> {
    /// Returns whether there is no violation at or below the pointer.
    fn is_untouched(&self, pointer: &str) -> bool {
        !self.violations.iter().any(|(touched, _)| {
            touched.strip_prefix(pointer).is_some_and(|below| below.is_empty() || below.starts_with('/'))
        })
    }

    fn add(&mut self, flaw: Flaw) {
        self.sites.push(Site { path: self.path.clone(), pointer: self.pointer.clone(), flaw });
    }

    /// Visits a child value.
    fn below(&mut self, index: usize, token: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer = child_pointer(&self.pointer, token);
        self.path.push(index);
        visit(self);
        self.path.pop();
        self.pointer.truncate(length);
    }

    fn value(&mut self, tree: &Tree, r#type: &'static Type, open: bool, nullable: bool) {
        if self.is_untouched(&self.pointer) {
            self.add(Flaw::Type { expected: r#type, nullable });
            match r#type {
                Type::Integer(bounds) => {
                    if **bounds != Bounds::NONE {
                        self.add(Flaw::Range(r#type));
                    }
                    self.add(Flaw::Fraction(bounds));
                }
                Type::Number(bounds) if **bounds != Bounds::NONE => self.add(Flaw::Range(r#type)),
                Type::Enum(vocabulary) if !open => self.add(Flaw::OpenEnum(vocabulary)),
                _ => {}
            }
        }
        match (r#type, tree) {
            (Type::List(item), Tree::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.below(index, &index.to_string(), |survey| survey.value(value, item, open, false));
                }
            }
            (Type::Object(object), Tree::Object(fields)) => self.object(fields, object),
            (Type::FreeForm, Tree::Object(_)) => self.free(tree),
            _ => {}
        }
    }

    fn object(&mut self, fields: &[(String, Tree)], object: &'static Object) {
        let rules = || object.conditions();
        // The condition of a violated rule must not change.
        let is_violated = |survey: &Self, rule: &RequiredIf| {
            let field = child_pointer(&survey.pointer, rule.field.name);
            survey.violations.iter().any(|(pointer, code)| *pointer == field && *code == Code::MISSING_FIELD)
        };
        let kept: Vec<_> = rules().filter(|rule| is_violated(self, rule)).map(|rule| rule.if_field.name).collect();
        for (index, (name, value)) in firsts(fields) {
            self.add(Flaw::Repeat(index));
            match object.field(name) {
                Some(field) if !kept.contains(&field.name) => {
                    if field.is_required() && self.is_untouched(&child_pointer(&self.pointer, name)) {
                        self.add(Flaw::Missing(index));
                    }
                    let nullable = field.null != Null::Refused;
                    self.below(index, name, |survey| survey.value(value, &field.r#type, field.open, nullable));
                }
                None if object.additional_properties == AdditionalProperties::Kept => {
                    self.below(index, name, |survey| survey.free(value));
                }
                _ => {}
            }
        }
        if object.additional_properties == AdditionalProperties::Refused {
            self.add(Flaw::Unknown(object));
        }
        for rule in rules() {
            let untouched =
                [rule.if_field, rule.field].map(|field| self.is_untouched(&child_pointer(&self.pointer, field.name)));
            // The condition requires no other field.
            let is_single = rules()
                .filter(|other| (other.if_field.name, other.equals) == (rule.if_field.name, rule.equals))
                .count()
                == 1;
            if untouched == [true, true] && is_single && fields.iter().any(|(name, _)| name == rule.if_field.name) {
                self.add(Flaw::RequiredIf(rule));
            }
        }
    }

    /// Visits an arbitrary value, in which only names can be wrong.
    fn free(&mut self, tree: &Tree) {
        match tree {
            Tree::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    self.below(index, &index.to_string(), |survey| survey.free(value));
                }
            }
            Tree::Object(fields) => {
                for (index, (name, value)) in firsts(fields) {
                    self.add(Flaw::Repeat(index));
                    self.below(index, name, |survey| survey.free(value));
                }
            }
            _ => {}
        }
    }
}

/// Returns the fields with their indices, omitting duplicates of earlier ones.
fn firsts(fields: &[(String, Tree)]) -> impl Iterator<Item = (usize, &(String, Tree))> {
    let is_first = |index: usize, name: &str| !fields.iter().take(index).any(|(earlier, _)| earlier == name);
    fields.iter().enumerate().filter(move |(index, (name, _))| is_first(*index, name))
}
