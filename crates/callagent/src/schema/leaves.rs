//! Schemas of strings, numbers and free-form objects on their own. Objects describe their fields in place.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use super::implement::json_schema as implement;
use crate::{
    model::{Type, summary},
    values::{ClosedEnum, ETag, FreeForm, OpenEnum, Secret, SecretChange},
};

/// Returns the schema of a type with its documentation.
pub(crate) fn leaf(title: &str, doc: &str, r#type: &Type) -> Schema {
    let mut schema = text(title, doc);
    schema.insert("type".into(), r#type.json_type().into());
    bounds(r#type, schema.ensure_object());
    schema
}

/// Returns the schema of a string with its documentation.
pub(crate) fn text(title: &str, doc: &str) -> Schema {
    json_schema!({"title": title, "description": summary(doc), "type": "string"})
}

/// Returns the schema of a string that matches a pattern.
pub(crate) fn matching(title: &str, doc: &str, pattern: &str) -> Schema {
    let mut schema = text(title, doc);
    schema.insert("pattern".into(), pattern.into());
    schema
}

/// Returns the schema of a string with these examples.
pub(crate) fn like(title: &str, doc: &str, examples: impl IntoIterator<Item = &'static str>) -> Schema {
    let mut schema = text(title, doc);
    schema.insert("examples".into(), examples.into_iter().map(Value::from).collect());
    schema
}

/// Inserts the bounds of a type.
pub(super) fn bounds(r#type: &Type, schema: &mut Map<String, Value>) {
    for (keyword, bound) in ["minimum", "maximum"].into_iter().zip(r#type.bounds()) {
        schema.extend(bound.map(|bound| (keyword.to_owned(), bound)));
    }
}

implement!(FreeForm, |_| {
    let mut schema = leaf("FreeForm", "An object with arbitrary names and values.", &Type::FreeForm);
    schema.insert("additionalProperties".into(), true.into());
    schema
});
implement!(Secret, |_| text("Secret", "An API key."));
implement!(SecretChange, |_| {
    let mut schema = text("SecretChange", "An API key to store, or null to remove the stored one.");
    schema.insert("type".into(), ["string", "null"].as_slice().into());
    schema
});
implement!(ETag, |_| matching("ETag", "An entity tag (RFC 9110, section 8.8.3).", ETag::PATTERN));

impl<V: ClosedEnum> JsonSchema for OpenEnum<V> {
    fn schema_name() -> Cow<'static, str> {
        format!("Open{}", V::VOCABULARY.name).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        like(&Self::schema_name(), V::VOCABULARY.doc, V::VOCABULARY.values.iter().copied())
    }
}
