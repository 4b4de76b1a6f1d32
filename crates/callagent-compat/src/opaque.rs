//! Parts of schemas that the algebra ignores: formats, and values that no rule covers.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    dialect::{Dialect, Keyword},
    schemas::{Schemas, UNDECIDED},
};

/// The ignored parts of a schema and of everything that it refers to.
#[derive(Clone, Copy, Default)]
pub(super) struct Opaque {
    /// Whether there is a value that no rule covers.
    pub(super) undecided: bool,
    /// Whether there is any ignored part.
    pub(super) any: bool,
    /// Whether ignoring a part makes the schema accept less, as below `not`.
    pub(super) reversed: bool,
}

impl Opaque {
    pub(super) fn of(schemas: &Schemas<'_>, schema: &Value) -> Self {
        let mut found = Opaque::default();
        let mut passed = BTreeSet::new();
        let mut open = vec![(schema, false)];
        while let Some((schema, is_reversed)) = open.pop() {
            let Some(keywords) = schema.as_object() else { continue };
            for (name, value) in keywords {
                let is_reversed = is_reversed
                    || matches!(name.as_str(), "not" | "oneOf" | "if")
                    || name == "contains" && keywords.contains_key("maxContains");
                match (name.as_str(), Dialect::Draft202012.keyword(name), value) {
                    ("format" | UNDECIDED, ..) => {
                        found.undecided |= name == UNDECIDED;
                        found.any = true;
                        found.reversed |= is_reversed;
                    }
                    ("$ref", _, Value::String(reference)) => {
                        if let Some((number, schema)) = schemas.resolve(reference)
                            && passed.insert((number, is_reversed))
                        {
                            open.push((schema, is_reversed));
                        }
                    }
                    (_, Keyword::Schema, schema) => open.push((schema, is_reversed)),
                    (_, Keyword::List, Value::Array(schemas)) => {
                        open.extend(schemas.iter().map(|schema| (schema, is_reversed)));
                    }
                    (_, Keyword::Named, Value::Object(schemas)) => {
                        open.extend(schemas.values().map(|schema| (schema, is_reversed)));
                    }
                    _ => {}
                }
            }
        }
        found
    }
}
