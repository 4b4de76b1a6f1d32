//! The contract as facts, from the model, and the record of settled differences with their reasons.

use std::{collections::BTreeMap, fs};

use callagent::{
    Agent, AgentId, UpdateAgent, WorkspaceId,
    model::{Direction, Field, Object, Presence, Type},
};
use serde_json::{Map, Value, json};

use super::page::{Facts, Part};

/// The method and the path.
pub(super) fn call() -> String {
    format!("PUT {}", AgentId::path_template())
}

/// The fields of the contract, by part and path.
pub(super) fn fields() -> BTreeMap<(Part, String), Facts> {
    let parameter = || Facts::from([("type", "string".into()), ("required", true.into())]);
    let mut fields = BTreeMap::from([
        ((Part::Header, WorkspaceId::HEADER.to_owned()), parameter()),
        ((Part::Path, AgentId::PARAMETER.to_owned()), parameter()),
    ]);
    add_fields(UpdateAgent::OBJECT, Part::Request, "", &mut fields);
    add_fields(Agent::OBJECT, Part::Response, "", &mut fields);
    fields
}

fn add_fields(object: &'static Object, part: Part, prefix: &str, fields: &mut BTreeMap<(Part, String), Facts>) {
    for field in object.fields {
        let path = format!("{prefix}{}", field.name);
        match field.r#type {
            Type::Object(below) => add_fields(below, part, &format!("{path}."), fields),
            Type::List(Type::Object(below)) => add_fields(below, part, &format!("{path}[]."), fields),
            _ => {}
        }
        fields.insert((part, path), facts(object, field));
    }
}

fn facts(object: &Object, field: &Field) -> Facts {
    let is_request = object.direction == Direction::Request;
    let mut facts = Facts::from([("type", field.r#type.json_type().into())]);
    if is_request {
        facts.insert("required", field.is_required().into());
        facts.insert("null", matches!(field.r#type, Type::KeyOrNull).into());
    } else {
        facts.insert("optional", (field.presence != Presence::Documented).into());
    }
    if let Some(default) = field.default.filter(|_| is_request) {
        facts.insert("default", default.into());
        let absent = match field.presence {
            Presence::Required => "refused",
            Presence::Defaulted => "its default",
            Presence::Optional | Presence::Documented => "unchanged",
        };
        facts.insert("absent", absent.into());
    }
    if let [Some(minimum), Some(maximum)] = field.r#type.bounds() {
        facts.insert("bounds", json!({"min": minimum, "max": maximum}));
    }
    if let Type::Enum(vocabulary) = field.r#type {
        facts.insert("words", vocabulary.values.into());
    }
    if let Some(rule) = object.required_if.iter().find(|rule| rule.field.name == field.name) {
        facts.insert("due", json!({rule.if_field.name: rule.equals}));
    }
    facts
}

/// Collects the pointers of fields that the contract does not know.
pub(super) fn undocumented(value: &Value, object: &'static Object, at: &str, found: &mut Vec<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        match object.field(name).map(|field| field.r#type) {
            None => found.push(at),
            Some(Type::Object(below)) => undocumented(value, below, &at, found),
            Some(Type::List(Type::Object(below))) => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.for_each(|(index, item)| undocumented(item, below, &format!("{at}/{index}"), found));
            }
            Some(_) => {}
        }
    }
}

/// The record of the page and of settled differences, in `fixtures/documented/`.
pub(super) struct Record {
    entries: Vec<Map<String, Value>>,
    pub(super) example: Value,
}

/// A settled difference, where the page is silent or contradicts itself.
pub(super) struct Settled<'r> {
    pub(super) facts: Vec<(&'r str, &'r Value)>,
    pub(super) reason: &'r str,
}

impl Record {
    pub(super) fn read() -> Result<Self, String> {
        let read = |name: &str| {
            let path = crate::root().join("fixtures/documented").join(name);
            fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))
        };
        let parsed = |name: &str, error: serde_json::Error| format!("fixtures/documented/{name}: {error}");
        let entries = serde_json::from_str(&read("fields.json")?).map_err(|error| parsed("fields.json", error))?;
        let example = serde_json::from_str(&read("example.json")?).map_err(|error| parsed("example.json", error))?;
        Ok(Record { entries, example })
    }

    fn entry(&self, part: Part, path: &str) -> Option<&Map<String, Value>> {
        self.entries.iter().find(|entry| {
            entry.get("path").is_some_and(|other| other == path)
                && entry.get("direction").is_some_and(|direction| direction == part.name())
        })
    }

    /// The reason for a field that the page lacks.
    pub(super) fn reason_for_extra(&self, part: Part, path: &str) -> Option<&str> {
        let entry = self.entry(part, path)?;
        entry.get("beyond")?;
        entry.get("reason")?.as_str()
    }

    pub(super) fn settled(&self, part: Part, path: &str) -> Option<Settled<'_>> {
        let settled = self.entry(part, path)?.get("settled")?.as_object()?;
        Some(Settled {
            facts: settled.iter().filter(|(name, _)| *name != "reason").map(|(name, value)| (&**name, value)).collect(),
            reason: settled.get("reason").and_then(Value::as_str).unwrap_or_default(),
        })
    }

    /// The reason for a different fact, if it is settled for the current statement of the page.
    pub(super) fn reason(&self, part: Part, path: &str, fact: &str, page: Option<&Value>) -> Option<&str> {
        let name_in_record = if fact == "words" { "wordsOf" } else { fact };
        let settled = self.settled(part, path)?;
        settled.facts.iter().find(|(name, _)| *name == name_in_record)?;
        let entry = self.entry(part, path)?;
        // The effect of a default on an absent value is not recorded separately.
        let is_as_recorded = if fact == "absent" { page.is_some() } else { entry.get(fact) == page };
        is_as_recorded.then_some(settled.reason)
    }
}
