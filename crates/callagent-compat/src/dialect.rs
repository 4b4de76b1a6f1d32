//! Dialects of schemas: the kind of each keyword, and the translation of OpenAPI 3.0.

use serde_json::{Map, Value, json};

/// The supported dialect.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The dialect of a document's schemas.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// JSON Schema 2020-12, also in OpenAPI 3.1.
    Draft202012,
    /// The Schema Object of OpenAPI 3.0, which is a separate dialect.
    OpenApi30,
}

/// The kind of a keyword.
pub(super) enum Keyword {
    Schema,
    List,
    Named,
    Assertion,
    Annotation,
    /// An unknown keyword, or one that is left to the implementation.
    Unknown,
}

impl Dialect {
    pub(super) fn keyword(self, name: &str) -> Keyword {
        let is_of_30 = self == Dialect::OpenApi30;
        match name {
            "items" | "additionalProperties" | "not" => Keyword::Schema,
            "allOf" | "anyOf" | "oneOf" => Keyword::List,
            "properties" => Keyword::Named,
            "type" | "enum" | "multipleOf" | "maximum" | "exclusiveMaximum" | "minimum" | "exclusiveMinimum"
            | "maxLength" | "minLength" | "pattern" | "maxItems" | "minItems" | "uniqueItems" | "maxProperties"
            | "minProperties" | "required" | "format" => Keyword::Assertion,
            "title" | "description" | "default" | "deprecated" | "example" | "externalDocs" => Keyword::Annotation,
            name if name.starts_with("x-") => Keyword::Annotation,
            "nullable" if is_of_30 => Keyword::Annotation,
            _ if is_of_30 => Keyword::Unknown,
            "propertyNames" | "contains" | "if" | "then" | "else" | "unevaluatedItems" | "unevaluatedProperties" => {
                Keyword::Schema
            }
            "prefixItems" => Keyword::List,
            "patternProperties" | "dependentSchemas" => Keyword::Named,
            "const" | "maxContains" | "minContains" | "dependentRequired" => Keyword::Assertion,
            "examples" | "$comment" | "$schema" | "$id" | "$anchor" | "$dynamicAnchor" | "$defs" | "definitions" => {
                Keyword::Annotation
            }
            _ => Keyword::Unknown,
        }
    }
}

/// Translates the keywords that differ in OpenAPI 3.0: `nullable`, and boolean exclusive bounds. Returns the keywords
/// that have no effect where they are, so that changes of them are still reported.
pub(super) fn translate(
    keywords: &Map<String, Value>,
    normal: &mut Map<String, Value>,
) -> Result<Vec<&'static str>, String> {
    let mut undecided = Vec::new();
    match keywords.get("nullable") {
        None | Some(Value::Bool(false)) => {}
        Some(Value::Bool(true)) => match normal.get_mut("type") {
            Some(Value::Array(types)) => types.extend((!types.contains(&json!("null"))).then(|| json!("null"))),
            Some(name) => *name = json!([name, "null"]),
            None => undecided.push("nullable"),
        },
        Some(other) => return Err(format!("expected `nullable` to be `true` or `false`, found {other}")),
    }
    for (bound, excluded) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        // A number is the bound itself, as in later versions.
        let Some(Value::Bool(is_excluded)) = normal.get(excluded) else { continue };
        let is_excluded = *is_excluded;
        normal.remove(excluded);
        match normal.get(bound).cloned() {
            Some(value) if is_excluded => {
                normal.remove(bound);
                normal.insert(excluded.to_owned(), value);
            }
            None if is_excluded => undecided.push(excluded),
            _ => {}
        }
    }
    Ok(undecided)
}

/// The direct subschemas.
pub(super) fn below(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        match (Dialect::Draft202012.keyword(keyword), value) {
            (Keyword::Schema, schema) => found.push(schema),
            (Keyword::List, Value::Array(schemas)) => found.extend(schemas),
            (Keyword::Named, Value::Object(schemas)) => found.extend(schemas.values()),
            _ => {}
        }
    }
    found
}
