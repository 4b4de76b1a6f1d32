//! Where in a document something can be wrong.

use super::tree::Tree;
use crate::model::{AdditionalProperties, Bounds, Code, Null, Object, RequiredIf, Type, Vocabulary};

/// What can be wrong.
#[derive(Clone, Copy)]
pub(super) enum Flaw {
    /// A value of another type; null is one unless it may stand there.
    Type {
        due: &'static Type,
        nullable: bool,
    },
    Range(&'static Type),
    Fraction(&'static Bounds<i128>),
    OpenEnum(&'static Vocabulary),
    Unknown(&'static Object),
    /// The field of this index is taken away.
    Missing(usize),
    RequiredIf(&'static RequiredIf),
    /// The field of this index stands there again.
    Repeat(usize),
}

/// A place in the document, and what can be wrong there.
pub(super) struct Site {
    pub(super) way: Vec<usize>,
    pub(super) pointer: String,
    pub(super) flaw: Flaw,
}

/// The places where one more flaw makes its own violations and leaves those that are there as they are.
pub(super) fn sites(document: &Tree, r#type: &'static Type, violations: &[(String, Code)]) -> Vec<Site> {
    let mut survey = Survey { violations, way: Vec::new(), pointer: String::new(), sites: Vec::new() };
    survey.value(document, r#type, false, false);
    survey.sites
}

struct Survey<'v> {
    violations: &'v [(String, Code)],
    way: Vec<usize>,
    pointer: String,
    sites: Vec<Site>,
}

impl Survey<'_> {
    /// Whether no violation is at or below the pointer.
    fn is_untouched(&self, pointer: &str) -> bool {
        !self.violations.iter().any(|(touched, _)| {
            touched.strip_prefix(pointer).is_some_and(|below| below.is_empty() || below.starts_with('/'))
        })
    }

    fn add(&mut self, flaw: Flaw) {
        self.sites.push(Site { way: self.way.clone(), pointer: self.pointer.clone(), flaw });
    }

    /// Goes one step down and back again.
    fn below(&mut self, index: usize, token: &str, look: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer = child(&self.pointer, token);
        self.way.push(index);
        look(self);
        self.way.pop();
        self.pointer.truncate(length);
    }

    fn value(&mut self, tree: &Tree, r#type: &'static Type, open: bool, nullable: bool) {
        if self.is_untouched(&self.pointer) {
            self.add(Flaw::Type { due: r#type, nullable });
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
        let due = || object.conditions();
        // While a field is due and left out, what makes it due stays.
        let is_left_out = |survey: &Self, due: &RequiredIf| {
            let field = child(&survey.pointer, due.field.name);
            survey.violations.iter().any(|(pointer, code)| *pointer == field && *code == Code::MISSING_FIELD)
        };
        let kept: Vec<_> = due().filter(|due| is_left_out(self, due)).map(|due| due.if_field.name).collect();
        for (index, (name, value)) in firsts(fields) {
            self.add(Flaw::Repeat(index));
            match object.field(name) {
                Some(field) if !kept.contains(&field.name) => {
                    if field.is_required() && self.is_untouched(&child(&self.pointer, name)) {
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
        for one in due() {
            let untouched = [one.if_field, one.field].map(|field| self.is_untouched(&child(&self.pointer, field.name)));
            // What makes it due makes no other field due.
            let is_alone =
                due().filter(|due| (due.if_field.name, due.equals) == (one.if_field.name, one.equals)).count() == 1;
            if untouched == [true, true] && is_alone && fields.iter().any(|(name, _)| name == one.if_field.name) {
                self.add(Flaw::RequiredIf(one));
            }
        }
    }

    /// A value that may be anything: only names can be wrong in it.
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

/// The fields, of a repeated name the first one, with their indices.
fn firsts(fields: &[(String, Tree)]) -> impl Iterator<Item = (usize, &(String, Tree))> {
    let is_first = |index: usize, name: &str| !fields.iter().take(index).any(|(earlier, _)| earlier == name);
    fields.iter().enumerate().filter(move |(index, (name, _))| is_first(*index, name))
}

/// The pointer of a field or item.
pub(super) fn child(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}
