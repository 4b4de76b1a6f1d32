//! The facts of the documented page, as recorded in `fixtures/documented/fields.json`, and those of the model.
//!
//! The README of that folder describes the format.

use std::collections::BTreeMap;

use callagent::model::{AdditionalProperties, Direction, Field, Object, Presence, Type};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::read_json;

/// The properties of a field: `type`, `bounds`, `words` and so on, if stated.
pub type Facts = BTreeMap<&'static str, Value>;

/// The fields of a document, in order. The document itself has the empty path.
pub type Fields = Vec<(String, Facts)>;

/// An entry of `fields.json`.
#[derive(Deserialize)]
pub struct Entry(
    /// The fields of the entry, which state the page.
    pub Map<String, Value>,
);

impl Entry {
    /// Reads all entries.
    ///
    /// # Errors
    /// The file cannot be read, or is not an array of objects.
    pub fn all() -> Result<Vec<Entry>, String> {
        read_json("fixtures/documented/fields.json")
    }

    /// The names from the outermost object on, joined by `.`, with `[]` for items of arrays.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.get("path").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns whether the field belongs to this part of the call.
    #[must_use]
    pub fn is_of(&self, direction: &str) -> bool {
        self.0.get("direction").is_some_and(|part| part == direction)
    }

    /// The properties in which the contract differs from the page, with the reason.
    #[must_use]
    pub fn settled(&self) -> Option<&Map<String, Value>> {
        self.0.get("settled").and_then(Value::as_object)
    }

    /// A property in the contract: as settled, or else as documented.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.settled().and_then(|settled| settled.get(name)).or_else(|| self.0.get(name))
    }

    /// Returns whether a property in the contract is true.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    /// The presence of the field in the model.
    #[must_use]
    pub fn presence(&self) -> &'static str {
        match (self.is_of("request"), self.get("default"), self.get("absent")) {
            (true, ..) if self.is("required") => "required",
            (true, Some(_), None) => "defaulted",
            (true, ..) => "optional",
            (false, ..) if self.is("optional") || self.is("beyond") || self.get("due").is_some() => "optional",
            (false, ..) => "documented",
        }
    }
}

/// The expected properties of the model of a document.
#[must_use]
pub fn documented(entries: &[Entry], direction: &str) -> Fields {
    let is_request = direction == "request";
    let additional = if is_request { "refused" } else { "kept" };
    let root = Facts::from([("type", "object".into()), ("null", false.into()), ("further", additional.into())]);
    let mut fields = vec![(String::new(), root)];
    for entry in entries.iter().filter(|entry| entry.is_of(direction)) {
        let has_below = |mark: &str| {
            let prefix = format!("{}{mark}", entry.path());
            entries.iter().any(|other| other.is_of(direction) && other.path().starts_with(&prefix))
        };
        let mut facts = Facts::from([
            ("type", entry.get("type").cloned().unwrap_or_default()),
            ("null", (!is_request || entry.is("null")).into()),
            ("presence", entry.presence().into()),
        ]);
        if is_request {
            facts.extend(entry.get("default").map(|default| ("default", default.clone())));
        }
        facts.extend(entry.get("bounds").map(|bounds| ("bounds", bounds.clone())));
        facts.extend(entry.get("due").map(|rule| ("due", rule.clone())));
        let shared = entry.get("wordsOf").and_then(|path| {
            let of = entries.iter().find(|other| other.is_of("request") && other.path() == path);
            of.and_then(|other| other.get("words"))
        });
        if let Some(values) = shared.or_else(|| entry.get("words")) {
            facts.extend([("words", values.clone()), ("open", entry.is("open").into())]);
        }
        if facts["type"] == "array" {
            let items =
                if has_below("[].") { "object".into() } else { entry.get("items").cloned().unwrap_or_default() };
            facts.insert("items", items);
        }
        if facts["type"] == "object" && !has_below(".") {
            facts.insert("free-form", true.into());
        }
        if facts["type"] == "object" || has_below("[].") {
            facts.insert("further", entry.get("further").cloned().unwrap_or_else(|| additional.into()));
        }
        if entry.is("secret") {
            facts.insert("secret", true.into());
        }
        fields.push((entry.path().to_owned(), facts));
    }
    fields
}

/// The properties in the model of a document.
#[must_use]
pub fn in_model(object: &'static Object) -> Fields {
    let root = Facts::from([("type", "object".into()), ("null", false.into()), ("further", additional(object))]);
    let mut fields = vec![(String::new(), root)];
    add_fields(object, "", &mut fields);
    fields
}

fn add_fields(object: &'static Object, prefix: &str, fields: &mut Fields) {
    for field in object.fields {
        let path = format!("{prefix}{}", field.name);
        fields.push((path.clone(), model_facts(object, field)));
        match field.r#type {
            Type::Object(below) => add_fields(below, &format!("{path}."), fields),
            Type::List(Type::Object(below)) => add_fields(below, &format!("{path}[]."), fields),
            _ => {}
        }
    }
}

fn model_facts(object: &Object, field: &Field) -> Facts {
    let is_response = object.direction == Direction::Response;
    let presence = match field.presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Defaulted => "defaulted",
        Presence::Documented => "documented",
    };
    let mut facts = Facts::from([
        ("type", field.r#type.json_type().into()),
        ("null", (is_response || matches!(field.r#type, Type::KeyOrNull)).into()),
        ("presence", presence.into()),
    ]);
    facts.extend(field.default.map(|default| ("default", default.into())));
    if let [Some(minimum), Some(maximum)] = field.r#type.bounds() {
        facts.insert("bounds", json!({"min": minimum, "max": maximum}));
    }
    match field.r#type {
        Type::Enum(vocabulary) => {
            facts.extend([("words", vocabulary.values.into()), ("open", is_response.into())]);
        }
        Type::List(item) => {
            facts.insert("items", item.json_type().into());
            if let Type::Object(below) = item {
                facts.insert("further", additional(below));
            }
        }
        Type::Object(below) => {
            facts.insert("further", additional(below));
        }
        Type::FreeForm => {
            facts.extend([("free-form", true.into()), ("further", "kept".into())]);
        }
        _ => {}
    }
    if let Some(rule) = object.required_if.iter().find(|rule| rule.field.name == field.name) {
        facts.insert("due", json!({rule.if_field.name: rule.equals}));
    }
    if field.r#type.is_secret() {
        facts.insert("secret", true.into());
    }
    facts
}

fn additional(object: &Object) -> Value {
    match object.additional_properties {
        AdditionalProperties::Refused => "refused".into(),
        AdditionalProperties::Kept => "kept".into(),
    }
}
