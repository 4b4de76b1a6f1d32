//! JSON Schemas of the model, and OpenAPI documents of an operation.
//!
//! The schemas have the shape on which validators and generators agree: flat objects; `if`/`then` for a conditionally
//! required field; null in the type; `default` only where an absent value is read as that value, since generated
//! clients send defaults; no `format`, since validators assert it.

mod implement;
mod leaves;
mod openapi;
mod problem;

use schemars::{JsonSchema, Schema, SchemaGenerator, consts::meta_schemas, generate::SchemaSettings};
use serde_json::{Map, Value, json};

pub(crate) use self::{
    implement::json_schema,
    leaves::{leaf, like, matching},
    openapi::{Example, Examples, Version, openapi},
    problem::{finding, problem, report},
};
use crate::model::{AdditionalProperties, Field, Null, Object, Presence, RequiredIf, Type, Vocabulary};

/// Returns the JSON Schema (Draft 2020-12) of a document, with its `$id` and examples.
pub(crate) fn published<T: JsonSchema>(id: &str, examples: impl IntoIterator<Item = Example>) -> Schema {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    // In maps that preserve order, the identity comes first.
    let (mut published, mut rest) = (Map::new(), reference(schema));
    published.extend(rest.remove_entry("$schema"));
    published.insert("$id".into(), id.into());
    let definitions = rest.remove_entry("$defs");
    published.extend(rest);
    published.insert("examples".into(), examples.into_iter().map(|example| example.value).collect());
    published.extend(definitions);
    published.into()
}

/// Returns the definition of the type of a field, by reference or in place.
type Definition = fn(&mut SchemaGenerator, bool) -> Option<Schema>;

/// Returns the schema of an object whose fields have these definitions.
pub(crate) fn object(object: &'static Object, definitions: &[Definition], generator: &mut SchemaGenerator) -> Schema {
    let mut properties = Map::new();
    for (field, definition) in object.fields.iter().zip(definitions) {
        properties.insert(field.name.to_owned(), property(field, *definition, generator));
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
    schema.insert("additionalProperties".into(), (object.additional_properties == AdditionalProperties::Kept).into());
    let rules: Vec<_> = object.conditions().collect();
    match rules[..] {
        [] => {}
        _ if generator.settings().meta_schema.as_deref() == Some(meta_schemas::OPENAPI3) => {
            // OpenAPI 3.0 has no `if`.
            let sentences: String = rules.iter().map(|rule| format!(" `{}` {rule}.", rule.field.name)).collect();
            schema.insert("description".into(), (object.description() + &sentences).into());
        }
        [rule] => schema.extend(condition(rule)),
        _ => {
            let conditions = rules.into_iter().map(|rule| Value::from(condition(rule)));
            schema.insert("allOf".into(), conditions.collect());
        }
    }
    schema.into()
}

/// Returns the schema of a closed vocabulary.
pub(crate) fn vocabulary(vocabulary: &'static Vocabulary) -> Schema {
    let (title, description) = (vocabulary.name, vocabulary.description());
    schemars::json_schema!({
        "title": title, "description": description, "type": "string", "enum": vocabulary.values,
    })
}

/// Returns `if` and `then` for a conditionally required field. `additionalProperties` has no effect, but linters expect
/// it next to `required`.
fn condition(rule: &RequiredIf) -> Map<String, Value> {
    let RequiredIf { field, if_field, equals, .. } = rule;
    let present = match field.r#type.json_type() {
        "string" => json!({"type": "string", "minLength": 1}),
        _ => json!({}),
    };
    Map::from_iter([
        ("if".into(), json!({"properties": {if_field.name: {"enum": [equals]}}, "required": [if_field.name]})),
        (
            "then".into(),
            json!({"required": [field.name], "properties": {field.name: present}, "additionalProperties": true}),
        ),
    ])
}

/// Returns the schema of a field: its type, including null where null has a meaning, and its description.
fn property(field: &'static Field, definition: Definition, generator: &mut SchemaGenerator) -> Value {
    let nullable = field.null != Null::Refused;
    let mut schema = value(&field.r#type, field, nullable, definition, generator);
    if let (Presence::Defaulted, Some(default)) = (field.presence, field.default) {
        schema.insert("default".into(), default.into());
    }
    schema.insert("description".into(), field.description().into());
    schema.into()
}

/// Returns the schema of the value of a field, or of its items.
fn value(
    r#type: &'static Type,
    field: &Field,
    nullable: bool,
    definition: Definition,
    generator: &mut SchemaGenerator,
) -> Map<String, Value> {
    let defined = |generator: &mut _, in_place| {
        definition(generator, in_place).map(reference).expect("an object or a vocabulary has a definition")
    };
    let mut schema = Map::new();
    let name = r#type.json_type();
    let typed = if nullable { json!([name, "null"]) } else { name.into() };
    match r#type {
        Type::Enum(_) if !field.open => return defined(generator, false),
        Type::Object(_) if !nullable => return defined(generator, false),
        // In place: generators create wrapper types for an `anyOf` around a reference, and infinitely nested ones for a
        // definition that allows null.
        Type::Object(_) => schema = defined(generator, true),
        _ => {}
    }
    schema.insert("type".into(), typed);
    match r#type {
        Type::Enum(vocabulary) => drop(schema.insert("examples".into(), vocabulary.values.into())),
        Type::List(item) => {
            schema.insert("items".into(), value(item, field, false, definition, generator).into());
        }
        // Redundant, but without it generators create an empty type.
        Type::FreeForm => drop(schema.insert("additionalProperties".into(), true.into())),
        _ => {}
    }
    leaves::bounds(r#type, &mut schema);
    schema
}

fn reference(schema: Schema) -> Map<String, Value> {
    match schema.to_value() {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}
