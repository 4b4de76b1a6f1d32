//! JSON Schemas of the declarations, in the shape that validators and generators agree on, and OpenAPI documents of an
//! operation around them.
//!
//! Flat objects; the field that is due by `if`/`then`; null in the type; `default` only where an absent value is read as
//! that value, since generated clients put a `default` into what they send; no `format`, which validators assert.

mod openapi;
mod problem;

use schemars::{JsonSchema, Schema, SchemaGenerator, consts::meta_schemas, generate::SchemaSettings};
use serde_json::{Map, Value, json};

pub(crate) use self::{
    openapi::{Example, Examples, Version, openapi},
    problem::problem,
};
use crate::declaration::{Direction, Due, Field, Further, Object, Presence, Type, Vocabulary};

/// The JSON Schema (Draft 2020-12) of a document, with its identity and examples.
pub(crate) fn published<T: JsonSchema>(name: &str, examples: impl IntoIterator<Item = Example>) -> Schema {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    let id = format!("urn:callagent:schema:{name}");
    // The identity goes first, where readers look for it, in maps that keep an order.
    let (mut published, mut rest) = (Map::new(), reference(schema));
    published.extend(rest.remove_entry("$schema"));
    published.insert("$id".into(), id.into());
    let definitions = rest.remove_entry("$defs");
    published.extend(rest);
    published.insert("examples".into(), examples.into_iter().map(|example| example.value).collect());
    published.extend(definitions);
    published.into()
}

/// `JsonSchema` for a declared type.
macro_rules! json_schema {
    ($name:ident, $schema:expr) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema = $schema;
                schema(generator)
            }
        }
    };
}
pub(crate) use json_schema;

/// The schema of an object.
pub(crate) fn object(object: &'static Object, generator: &mut SchemaGenerator) -> Schema {
    let mut properties = Map::new();
    for field in object.fields {
        properties.insert(field.name.to_owned(), property(object, field, generator));
    }
    let mut schema = Map::new();
    schema.insert("title".into(), object.name.into());
    schema.insert("description".into(), object.description().into());
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties.into());
    let required: Vec<_> = object.fields.iter().filter(|field| field.is_required()).map(|field| field.name).collect();
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    schema.insert("additionalProperties".into(), (object.further == Further::Kept).into());
    if let (Some(due), Direction::Request) = (object.due, object.direction) {
        if generator.settings().meta_schema.as_deref() == Some(meta_schemas::OPENAPI3) {
            // It has no `if`.
            let description = format!("{} `{}` {due}.", object.description(), due.field);
            schema.insert("description".into(), description.into());
        } else {
            condition(due, &mut schema);
        }
    }
    schema.into()
}

/// The schema of a vocabulary, as a request has it: closed.
pub(crate) fn vocabulary(vocabulary: &'static Vocabulary) -> Schema {
    let (title, description) = (vocabulary.name, vocabulary.description());
    schemars::json_schema!({
        "title": title, "description": description, "type": "string", "enum": vocabulary.words,
    })
}

/// `if` the deciding field has its word, `then` the other one is due. `additionalProperties` changes no verdict; linters
/// want it beside `required`.
fn condition(due: Due, schema: &mut Map<String, Value>) {
    let Due { field, when, is } = due;
    schema.insert("if".into(), json!({"properties": {when: {"enum": [is]}}, "required": [when]}));
    schema.insert(
        "then".into(),
        json!({
            "required": [field],
            "properties": {field: {"type": "string", "minLength": 1}},
            "additionalProperties": true,
        }),
    );
}

/// The schema of a field: its type, in a response with null, and its description.
fn property(object: &Object, field: &'static Field, generator: &mut SchemaGenerator) -> Value {
    let nullable = object.direction == Direction::Response;
    let mut schema = value(&field.r#type, object.direction, nullable, generator);
    if let (Presence::Defaulted, Some(default)) = (field.presence, field.default) {
        schema.insert("default".into(), default.into());
    }
    schema.insert("description".into(), field.description().into());
    schema.into()
}

/// The schema of a value.
fn value(
    r#type: &'static Type,
    direction: Direction,
    nullable: bool,
    generator: &mut SchemaGenerator,
) -> Map<String, Value> {
    let mut schema = Map::new();
    let name = r#type.json_type();
    let mut typed = |null: bool| {
        schema.insert("type".into(), if null { json!([name, "null"]) } else { name.into() });
    };
    match r#type {
        Type::Text | Type::Key | Type::Boolean => typed(nullable),
        Type::KeyOrNull => typed(true),
        Type::FreeForm => {
            typed(nullable);
            // Said, though it holds anyway: generators make an empty type of an object that says nothing.
            schema.insert("additionalProperties".into(), true.into());
        }
        Type::Integer(bounds) | Type::Number(bounds) => {
            typed(nullable);
            schema.insert("minimum".into(), bounds.minimum.into());
            schema.insert("maximum".into(), bounds.maximum.into());
        }
        Type::Word(vocabulary) if direction == Direction::Response => {
            typed(nullable);
            schema.insert("examples".into(), vocabulary.words.into());
        }
        Type::List(item) => {
            typed(nullable);
            schema.insert("items".into(), value(item, direction, false, generator).into());
        }
        Type::Word(vocabulary) => schema = reference((vocabulary.subschema)(generator)),
        Type::Object(declared) if nullable => {
            // In place: generators make wrapper types of an `anyOf` around a reference, and endless ones of a definition
            // that admits null.
            schema = reference(object(declared, generator));
            schema.insert("type".into(), json!([name, "null"]));
        }
        Type::Object(object) => schema = reference((object.subschema)(generator)),
    }
    schema
}

fn reference(schema: Schema) -> Map<String, Value> {
    match schema.to_value() {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}
