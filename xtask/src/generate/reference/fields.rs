//! The documents and their fields, from the model, the examples, the vectors, and the settled ambiguities.

use std::collections::{BTreeMap, BTreeSet};

use callagent::{
    Agent, AgentId, Code, UpdateAgent,
    model::{Direction, Field, Object, Presence, Type},
    schemas,
};
use callagent_testkit::{
    documented::Entry,
    vectors::{self, Case},
};
use serde_json::Value;

use super::text::{markdown, markdown_inline, parts};
use crate::world;

pub(super) struct Document {
    pub(super) anchor: &'static str,
    pub(super) title: String,
    pub(super) direction: Direction,
    pub(super) description: String,
    pub(super) fields: Vec<FieldEntry>,
    pub(super) examples: Vec<Example>,
}

pub(super) struct FieldEntry {
    pub(super) anchor: String,
    pub(super) depth: usize,
    /// The path, split where a line may break.
    pub(super) parts: Vec<String>,
    /// The last name of the path, split in the same way.
    pub(super) own_parts: Vec<String>,
    pub(super) description: String,
    /// The type in short.
    pub(super) kind: &'static str,
    pub(super) value: String,
    pub(super) values: &'static [&'static str],
    /// Whether the field is required, in short.
    pub(super) brief: &'static str,
    pub(super) presence: String,
    pub(super) null: &'static str,
    pub(super) example: Option<String>,
    /// The reason for the rule, if the page of the service is ambiguous.
    pub(super) settled: Option<String>,
    /// The codes that the vectors have for the field.
    pub(super) codes: BTreeSet<Code>,
}

pub(super) const UPDATE: &str = "update-agent";
pub(super) const AGENT: &str = "agent";

/// Returns the anchor of a field, such as `update-agent.ttsModel.provider`.
pub(super) fn anchor(document: &str, path: &[&str]) -> String {
    [&[document], path].concat().join(".")
}

pub(super) fn documents() -> Result<[Document; 2], String> {
    let settled = settled()?;
    let found = found(&vectors::read()?);
    let document = |object: &'static Object, anchor, kind, examples: Vec<Example>| {
        let mut fields = Vec::new();
        Source { anchor, examples: &examples, settled: &settled, found: &found }.fields(object, &[], &mut fields);
        Document {
            anchor,
            title: format!("{kind}: {}", object.name),
            direction: object.direction,
            description: markdown(&object.description()),
            fields,
            examples,
        }
    };
    Ok([
        document(UpdateAgent::OBJECT, UPDATE, "Request", examples("requestBody/content/application~1json")?),
        document(Agent::OBJECT, AGENT, "Response", examples("responses/200/content/application~1json")?),
    ])
}

/// An example and its summary.
pub(super) struct Example {
    pub(super) summary: String,
    value: Value,
}

impl Example {
    /// The pretty-printed text.
    pub(super) fn text(&self) -> String {
        format!("{:#}", self.value)
    }
}

/// Returns the examples at this path of the OpenAPI operation.
pub(super) fn examples(place: &str) -> Result<Vec<Example>, String> {
    let path = AgentId::path_template().replace('/', "~1");
    let openapi = schemas::openapi();
    let examples = openapi.pointer(&format!("/paths/{path}/put/{place}/examples")).and_then(Value::as_object);
    let examples = examples.filter(|examples| !examples.is_empty());
    let examples = examples.ok_or_else(|| format!("the OpenAPI document has no examples at {place}"))?;
    let example = |example: &Value| Example {
        summary: example.get("summary").and_then(Value::as_str).unwrap_or_default().to_owned(),
        value: example.get("value").cloned().unwrap_or_default(),
    };
    Ok(examples.values().map(example).collect())
}

/// The data for describing fields, in addition to the model.
struct Source<'s> {
    anchor: &'static str,
    examples: &'s [Example],
    settled: &'s BTreeMap<String, String>,
    found: &'s BTreeMap<String, BTreeSet<Code>>,
}

impl Source<'_> {
    fn fields(&self, object: &'static Object, path: &[&'static str], entries: &mut Vec<FieldEntry>) {
        for field in object.fields {
            let path = [path, &[field.name]].concat();
            entries.push(self.field(object, field, &path));
            if let Some(object) = field.r#type.object() {
                self.fields(object, &path, entries);
            }
        }
    }

    fn field(&self, object: &'static Object, field: &'static Field, path: &[&'static str]) -> FieldEntry {
        let anchor = anchor(self.anchor, path);
        let condition = object.conditions().find(|rule| rule.field.name == field.name);
        let presence = match condition {
            Some(rule) => format!("The field {rule}. Otherwise, the stored value stays unchanged."),
            None => presence(object.direction, field),
        };
        let (value, values) = match field.r#type {
            Type::Enum(vocabulary) if object.direction == Direction::Request => {
                ("one of these values:", vocabulary.values)
            }
            Type::Enum(vocabulary) => ("a string; the documented values are:", vocabulary.values),
            _ => ("", [].as_slice()),
        };
        let value = if value.is_empty() { field.r#type.to_string() } else { value.to_owned() };
        FieldEntry {
            depth: path.len() - 1,
            parts: parts(&path.join(".")),
            own_parts: parts(field.name),
            description: markdown(&field.description()),
            kind: kind(&field.r#type),
            value: markdown_inline(&value),
            values,
            brief: if condition.is_some() { "conditionally" } else { brief(field.presence) },
            presence: markdown_inline(&presence),
            null: null(object.direction, &field.r#type),
            example: self.examples.iter().rev().find_map(|example| look_up(&example.value, path)).map(Value::to_string),
            settled: self.settled.get(&anchor).map(|reason| markdown_inline(reason)),
            codes: self.found.get(&anchor).cloned().unwrap_or_default(),
            anchor,
        }
    }
}

fn kind(r#type: &Type) -> &'static str {
    match r#type {
        Type::KeyOrNull => "string or null",
        Type::Enum(_) => "string",
        other => other.json_type(),
    }
}

fn brief(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "yes",
        Presence::Optional | Presence::Defaulted => "no",
        Presence::Documented => "expected",
    }
}

fn presence(direction: Direction, field: &Field) -> String {
    match (field.presence, field.default, direction) {
        (Presence::Required, ..) => "Not allowed.".to_owned(),
        (Presence::Defaulted, Some(default), _) => format!("Read as `{default}`."),
        (Presence::Documented, ..) => {
            "An advisory, since the service documents the field for its responses.".to_owned()
        }
        (_, _, Direction::Request) => "The stored value stays unchanged.".to_owned(),
        (_, _, Direction::Response) => "No finding.".to_owned(),
    }
}

fn null(direction: Direction, r#type: &Type) -> &'static str {
    match (direction, r#type) {
        (_, Type::KeyOrNull) => "Removes the stored key.",
        (Direction::Request, _) => "Not allowed.",
        (Direction::Response, _) => "Read as absent.",
    }
}

/// Returns the codes that the vectors have for each field, by anchor.
fn found(suites: &[vectors::Suite]) -> BTreeMap<String, BTreeSet<Code>> {
    let mut found: BTreeMap<String, BTreeSet<Code>> = BTreeMap::new();
    for vector in suites.iter().flat_map(|suite| &suite.vectors) {
        let Case::Check(check) = &vector.case else { continue };
        let (document, object) = match check.direction {
            Direction::Request => (UPDATE, UpdateAgent::OBJECT),
            Direction::Response => (AGENT, Agent::OBJECT),
        };
        for (pointer, code) in check.violations.iter().chain(&check.advisories) {
            if let Some((path, _)) = world::declared(object, pointer) {
                found.entry(anchor(document, &path)).or_default().insert(*code);
            }
        }
    }
    found
}

/// Returns the reasons for rules where the page of the service is ambiguous, by anchor.
fn settled() -> Result<BTreeMap<String, String>, String> {
    let entries = Entry::all()?;
    let settled = entries.iter().filter_map(|entry| {
        let document = if entry.is_of("request") { UPDATE } else { AGENT };
        let reason = entry.settled()?.get("reason")?.as_str()?;
        Some((anchor(document, &[&entry.path().replace("[]", "")]), reason.to_owned()))
    });
    Ok(settled.collect())
}

/// Returns the value at a path, using the last item of each array.
fn look_up<'v>(document: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(document, |value, name| {
        let object = value.as_array().map_or(Some(value), |items| items.last());
        object.and_then(|object| object.get(name))
    })
}
