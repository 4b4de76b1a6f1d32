//! Parts of documents, with the schemas of both sides for them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{pointer::child, rules::Row, schemas::Schemas};

/// The definition of the schemas of whole messages, which several messages share.
pub(crate) const ROOT: usize = usize::MAX;

/// A step into a document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Field(String),
    Item,
    /// One alternative of a union, by the address of the list, for the same value.
    Alternative(usize, usize),
}

/// A schema at a pointer in a definition.
#[derive(Clone)]
pub(crate) struct At<'s> {
    pub(crate) schema: &'s Value,
    pub(crate) definition: usize,
    pub(crate) pointer: String,
}

/// A part of documents, with the schemas of both sides for it.
#[derive(Clone)]
pub(crate) struct Spot<'s> {
    /// The index of the pair of messages.
    pub(crate) message: usize,
    pub(crate) path: Vec<Step>,
    pub(crate) reader: At<'s>,
    /// The writer's schemas, all of which apply.
    pub(crate) writer: Vec<At<'s>>,
    /// The rule if the reader accepts nothing here.
    pub(crate) refused: &'static Row,
    /// The number of schemas on the way.
    pub(crate) depth: usize,
    /// Whether the reader's schema is only one of several that apply to the part.
    pub(crate) is_conjunct: bool,
}

/// A definition and a pointer in it.
type Position = (usize, String);

/// The key of a comparison: positions of the reader and the writer, the field if the reader accepts nothing, and the
/// message if a position is in it.
pub(crate) type Key = (Position, BTreeSet<Position>, Option<Step>, Option<usize>);

impl<'s> Spot<'s> {
    pub(crate) fn key(&self) -> Key {
        let field = self.path.last().filter(|_| !self.reader.schema.is_object()).cloned();
        let position = |at: &At<'_>| (at.definition, at.pointer.clone());
        // The target of a reference is also listed.
        let writer = self.writer.iter().filter(|at| !at.is_reference());
        (position(&self.reader), writer.map(position).collect(), field, self.own_message())
    }

    /// The index of the pair of messages, if a schema belongs to it alone.
    pub(crate) fn own_message(&self) -> Option<usize> {
        let is_own = |at: &At<'_>| at.definition == ROOT;
        Some(self.message).filter(|_| is_own(&self.reader) || self.writer.iter().any(is_own))
    }

    /// The spot of a field.
    pub(crate) fn field(&self, name: &str, reader: At<'s>, refused: &'static Row) -> Spot<'s> {
        let of = |at: &At<'s>| {
            if let Some(schema) = at.schema.get("properties").and_then(|properties| properties.get(name)) {
                return Some(at.below(schema, &["properties", name]));
            }
            // Patterns may or may not apply to this field: assume any value.
            let has_patterns = at.schema.get("patternProperties").is_some();
            let additional = at.schema.get("additionalProperties").filter(|_| !has_patterns)?;
            Some(at.below(additional, &["additionalProperties"]))
        };
        let writer = self.writer.iter().filter_map(of).collect();
        self.below(Step::Field(name.to_owned()), reader, writer, refused)
    }

    /// The spot one step further into documents.
    pub(crate) fn below(&self, step: Step, reader: At<'s>, writer: Vec<At<'s>>, refused: &'static Row) -> Spot<'s> {
        let path = self.path.iter().cloned().chain([step]).collect();
        Spot { path, reader, writer, refused, is_conjunct: false, ..*self }
    }

    /// The fields that the writer may write.
    pub(crate) fn known(&self) -> BTreeSet<String> {
        let properties = self.writer.iter().filter_map(|at| at.schema.get("properties")?.as_object());
        // A field with the schema `false` never occurs.
        properties.flatten().filter(|(_, schema)| **schema != false).map(|(name, _)| name.clone()).collect()
    }

    /// The conjunction of the writer's schemas.
    pub(crate) fn together(&self) -> Value {
        match self.writer.as_slice() {
            [] => Value::Bool(true),
            [one] => one.schema.clone(),
            several => json!({"allOf": several.iter().map(|at| at.schema).collect::<Vec<_>>()}),
        }
    }
}

impl<'s> At<'s> {
    fn position(&self) -> (usize, &str) {
        (self.definition, &self.pointer)
    }

    /// The target of the reference.
    pub(crate) fn referred(&self, schemas: &'s Schemas<'_>) -> Option<At<'s>> {
        let (definition, schema) = schemas.resolve(self.schema.get("$ref")?.as_str()?)?;
        Some(At { schema, definition, pointer: String::new() })
    }

    /// Returns whether it is only a reference.
    pub(crate) fn is_reference(&self) -> bool {
        self.schema.as_object().is_some_and(|keywords| keywords.len() == 1 && keywords.contains_key("$ref"))
    }

    /// Returns whether it is only a reference or a union, so that differences are in what it refers to.
    pub(crate) fn is_reference_or_union(&self) -> bool {
        let is_such = |name: &String| ["$ref", "anyOf", "oneOf"].contains(&name.as_str());
        self.schema.as_object().is_some_and(|keywords| keywords.len() == 1 && keywords.keys().all(is_such))
    }

    pub(crate) fn below(&self, schema: &'s Value, tokens: &[&str]) -> At<'s> {
        let pointer = tokens.iter().fold(self.pointer.clone(), |pointer, token| child(&pointer, token));
        At { schema, definition: self.definition, pointer }
    }

    /// The pointer in the document.
    pub(crate) fn document_pointer(&self, schemas: &Schemas<'_>) -> String {
        format!("{}{}", schemas.pointer(self.definition), self.pointer)
    }
}

/// The schemas and everything that they conjoin by `allOf` and `$ref`.
pub(crate) fn conjuncts<'s>(schemas: &'s Schemas<'_>, roots: &[At<'s>]) -> Vec<At<'s>> {
    let mut found = Vec::<At<'_>>::new();
    let mut open: Vec<_> = roots.iter().rev().cloned().collect();
    while let Some(at) = open.pop() {
        if found.iter().any(|other| other.position() == at.position()) {
            continue;
        }
        open.extend(at.referred(schemas));
        for (index, schema) in at.schema.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            open.push(at.below(schema, &["allOf", &index.to_string()]));
        }
        found.push(at);
    }
    found
}
