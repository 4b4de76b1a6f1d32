//! The contract as facts, from the model, and the record of settled differences with their reasons.

use std::collections::BTreeMap;

use callagent::{
    Agent, AgentId, UpdateAgent, WorkspaceId,
    model::{Object, Type},
};
use callagent_testkit::{
    documented::{Entry, Facts, in_model},
    read_json,
};
use serde_json::Value;

use super::page::Part;

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
    for (part, object) in [(Part::Request, UpdateAgent::OBJECT), (Part::Response, Agent::OBJECT)] {
        let documented = in_model(object).into_iter().filter(|(path, _)| !path.is_empty());
        fields.extend(documented.map(|(path, facts)| ((part, path), stated(part, facts))));
    }
    fields
}

/// The facts of a field as far as a page can state them.
fn stated(part: Part, mut facts: Facts) -> Facts {
    let presence = facts.remove("presence").unwrap_or_default();
    facts.retain(|name, _| ["type", "null", "default", "bounds", "words", "due"].contains(name));
    if part == Part::Response {
        facts.remove("null");
        facts.remove("default");
        facts.insert("optional", (presence != "documented").into());
        return facts;
    }
    facts.insert("required", (presence == "required").into());
    if facts.contains_key("default") {
        let absent = match presence.as_str() {
            Some("required") => "refused",
            Some("defaulted") => "its default",
            _ => "unchanged",
        };
        facts.insert("absent", absent.into());
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
    entries: Vec<Entry>,
    pub(super) example: Value,
}

/// A settled difference, where the page is silent or contradicts itself.
pub(super) struct Settled<'r> {
    pub(super) facts: Vec<(&'r str, &'r Value)>,
    pub(super) reason: &'r str,
}

impl Record {
    pub(super) fn read() -> Result<Self, String> {
        let (entries, example) = (Entry::all()?, read_json("fixtures/documented/example.json")?);
        Ok(Record { entries, example })
    }

    fn entry(&self, part: Part, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path() == path && entry.is_of(part.name()))
    }

    /// The reason for a field that the page lacks.
    pub(super) fn reason_for_extra(&self, part: Part, path: &str) -> Option<&str> {
        let entry = self.entry(part, path)?;
        entry.0.get("beyond")?;
        entry.0.get("reason")?.as_str()
    }

    pub(super) fn settled(&self, part: Part, path: &str) -> Option<Settled<'_>> {
        let settled = self.entry(part, path)?.settled()?;
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
        let is_as_recorded = if fact == "absent" { page.is_some() } else { entry.0.get(fact) == page };
        is_as_recorded.then_some(settled.reason)
    }
}
