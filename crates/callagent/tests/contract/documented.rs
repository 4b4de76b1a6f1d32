//! The model and the schemas agree exactly with the documented field tables.
//!
//! The tables are in `fixtures/documented/fields.json`. Its README describes the format.

use std::collections::{BTreeMap, BTreeSet};

use crate::util::{SchemaEngine, read_fixture, violations};
use callagent::{Agent, AgentId, Code, Reader, UpdateAgent, WorkspaceId, check, read};
use callagent_testkit::{
    documented::{Entry, Facts, Fields, documented, in_model},
    is_same, preserves_order,
};
use serde_json::{Map, Value, json};

/// The fields of an entry.
const FIELDS: &[&str] = &[
    "path",
    "direction",
    "type",
    "required",
    "optional",
    "default",
    "bounds",
    "words",
    "due",
    "of",
    "settled",
    "beyond",
    "reason",
];
/// The properties that an entry settles.
const SETTLED: &[&str] =
    &["type", "bounds", "absent", "null", "items", "further", "wordsOf", "open", "secret", "refused", "reason"];

#[track_caller]
fn entries() -> Vec<Entry> {
    Entry::all().unwrap_or_else(|error| panic!("{error}"))
}

/// The expected properties of a schema: it has required fields, and a default if an absent value is read as the
/// default. The schema of a response omits fields that are only expected.
fn documented_in_schema(entries: &[Entry], direction: &str) -> Fields {
    let mut fields = documented(entries, direction);
    for (path, facts) in &mut fields {
        let presence = facts.remove("presence").unwrap_or_default();
        if !path.is_empty() {
            facts.insert("required", (presence == "required").into());
        }
        if presence != "defaulted" {
            facts.remove("default");
        }
        if direction == "response" {
            facts.remove("due");
        }
        facts.remove("secret");
    }
    fields
}

/// The properties in a schema.
fn in_schema(root: &Value) -> Fields {
    let mut schema = resolved(root, root);
    for keyword in ["$schema", "$defs"] {
        schema.remove(keyword);
    }
    let mut fields = Vec::new();
    collect_schema(root, "", schema, None, &mut fields);
    fields
}

/// A schema merged with its references; its own keywords take precedence.
fn resolved(root: &Value, schema: &Value) -> Map<String, Value> {
    let mut schema = schema.as_object().cloned().unwrap_or_default();
    if let Some(Value::String(reference)) = schema.remove("$ref") {
        let definition = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        let definition = definition.unwrap_or_else(|| panic!("{reference} does not exist"));
        for (keyword, value) in resolved(root, definition) {
            schema.entry(keyword).or_insert(value);
        }
    }
    schema
}

/// Collects the properties of a schema. `required` is the list of the surrounding object, or `None` for the root.
fn collect_schema(
    root: &Value,
    path: &str,
    mut schema: Map<String, Value>,
    required: Option<bool>,
    fields: &mut Fields,
) {
    let mut facts = Facts::new();
    let (types, null) = types(&mut schema);
    facts.extend([("type", types), ("null", null.into())]);
    facts.extend(required.map(|required| ("required", required.into())));
    facts.extend(schema.remove("default").map(|default| ("default", default)));
    match (schema.remove("minimum"), schema.remove("maximum")) {
        (None, None) => {}
        (minimum, maximum) => drop(facts.insert("bounds", json!({"min": minimum, "max": maximum}))),
    }
    for (keyword, open) in [("enum", false), ("examples", true)] {
        if let Some(values) = schema.remove(keyword) {
            facts.extend([("words", values), ("open", open.into())]);
        }
    }
    let mut parent = None;
    if let Some(items) = schema.remove("items") {
        let mut items = resolved(root, &items);
        let (types, null) = types_of_items(&mut items);
        facts.insert("items", types);
        if null {
            facts.insert("null items", true.into());
        }
        if items.contains_key("properties") {
            parent = Some((format!("{path}[]."), items));
        } else {
            remain(items, &mut facts);
        }
    } else if facts["type"] == "object" && !schema.contains_key("properties") {
        facts.extend([("free-form", true.into()), ("further", additional_in_schema(&mut schema))]);
    } else if schema.contains_key("properties") {
        let keywords = ["properties", "required", "additionalProperties", "if", "then"];
        let object = keywords.into_iter().filter_map(|keyword| schema.remove_entry(keyword)).collect();
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        parent = Some((prefix, object));
    }
    remain(schema, &mut facts);

    let Some((prefix, mut object)) = parent else { return fields.push((path.to_owned(), facts)) };
    facts.insert("further", additional_in_schema(&mut object));
    let properties = object.remove("properties").and_then(|properties| properties.as_object().cloned());
    let required = object.remove("required").unwrap_or_default();
    let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|other| other == name));
    let condition = (object.remove("if").unwrap_or_default(), object.remove("then").unwrap_or_default());
    remain(object, &mut facts);
    fields.push((path.to_owned(), facts));
    for (name, schema) in properties.unwrap_or_default() {
        let first = fields.len();
        collect_schema(root, &format!("{prefix}{name}"), resolved(root, &schema), Some(is_required(&name)), fields);
        if let Some(rule) = required_if(&condition, &name) {
            fields[first].1.insert("due", rule);
        }
    }
}

/// The treatment of undocumented fields.
fn additional_in_schema(schema: &mut Map<String, Value>) -> Value {
    match schema.remove("additionalProperties") {
        Some(Value::Bool(false)) => "refused".into(),
        Some(Value::Bool(true)) | None => "kept".into(),
        Some(_) => "restricted".into(),
    }
}

/// The type, and whether null is allowed.
fn types(schema: &mut Map<String, Value>) -> (Value, bool) {
    match schema.remove("type").unwrap_or_default() {
        Value::Array(types) if types.len() == 2 && types[1] == "null" => (types[0].clone(), true),
        types => (types, false),
    }
}

/// The type of items. The definition of an object keeps its other properties.
fn types_of_items(items: &mut Map<String, Value>) -> (Value, bool) {
    let found = types(items);
    items.remove("title");
    items.remove("description");
    found
}

/// Remaining keywords restrict or allow something that no table states.
fn remain(mut schema: Map<String, Value>, facts: &mut Facts) {
    schema.remove("title");
    schema.remove("description");
    if !schema.is_empty() {
        facts.insert("other keywords", schema.into());
    }
}

/// The value that makes a field required, by the field that has it.
fn required_if((condition, consequence): &(Value, Value), name: &str) -> Option<Value> {
    let is_required = consequence["required"].as_array()?.iter().any(|required| required == name);
    let values = condition["properties"].as_object()?.iter();
    is_required.then(|| values.map(|(when, values)| (when.clone(), values["enum"][0].clone())).collect())
}

/// Reports every difference, and what to do about it.
#[track_caller]
fn assert_agree(expected: Fields, actual: Fields, source: &str, is_ordered: bool, place: &str) {
    let order = |fields: &Fields| fields.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    let (expected_order, actual_order) = (order(&expected), order(&actual));
    let expected: BTreeMap<_, _> = expected.into_iter().collect();
    let actual: BTreeMap<_, _> = actual.into_iter().collect();
    assert_eq!(expected.len(), expected_order.len(), "fields.json has a duplicate field: {expected_order:?}");
    let mut differences = Vec::new();
    for path in expected.keys().chain(actual.keys()).collect::<BTreeSet<_>>() {
        match (expected.get(path), actual.get(path)) {
            (Some(_), None) => differences.push(format!("`{path}` is in fields.json, but not in {source}")),
            (None, Some(_)) => differences.push(format!("`{path}` is in {source}, but not in fields.json")),
            (expected, actual) => {
                let (expected, actual) = (expected.into_iter().flatten(), actual.into_iter().flatten());
                let (expected, actual): (BTreeMap<_, _>, BTreeMap<_, _>) = (expected.collect(), actual.collect());
                for fact in expected.keys().chain(actual.keys()).collect::<BTreeSet<_>>() {
                    let display = |value: Option<&&Value>| value.map_or("none".to_owned(), ToString::to_string);
                    let (expected, actual) = (display(expected.get(*fact)), display(actual.get(*fact)));
                    if expected != actual {
                        differences
                            .push(format!("`{path}`: {fact} is {expected} by fields.json, {actual} by {source}"));
                    }
                }
            }
        }
    }
    if is_ordered && differences.is_empty() {
        let mut pairs = expected_order.iter().zip(&actual_order);
        if let Some((expected, actual)) = pairs.find(|(expected, actual)| expected != actual) {
            differences.push(format!("`{expected}` comes first by fields.json, `{actual}` by {source}"));
        }
    }
    assert!(
        differences.is_empty(),
        "\n{}\nFix {place} or, if the contract has changed, the entry in fixtures/documented/fields.json.\n",
        differences.join("\n"),
    );
}

#[test]
fn the_model_agrees_with_the_documentation() {
    let entries = entries();
    for (direction, object, file) in
        [("request", UpdateAgent::OBJECT, "update.rs"), ("response", Agent::OBJECT, "agent.rs")]
    {
        let source = format!("{}::OBJECT", object.name);
        let place = format!("the model in crates/callagent/src/contract/{file}, or the type that it names");
        assert_agree(documented(&entries, direction), in_model(object), &source, true, &place);
    }
}

#[test]
fn the_schemas_agree_with_the_documentation() {
    let entries = entries();
    for (direction, schema, name) in [
        ("request", schemars::schema_for!(UpdateAgent), "UpdateAgent"),
        ("response", schemars::schema_for!(Agent), "Agent"),
    ] {
        let source = format!("the schema of {name}");
        let place = "crates/callagent/src/schema/, if the model agrees";
        let expected = documented_in_schema(&entries, direction);
        assert_agree(expected, in_schema(schema.as_value()), &source, preserves_order(), place);
    }
}

/// A default that is not used for absent values is only in the description.
#[test]
fn other_defaults_are_in_descriptions() {
    let schema = schemars::schema_for!(UpdateAgent).to_value();
    let entries = entries();
    let settled = entries.iter().filter(|entry| entry.get("default").is_some() && entry.get("absent").is_some());
    let defaults: Vec<_> = settled.map(|entry| (entry.path(), &entry.0["default"])).collect();
    assert!(!defaults.is_empty());
    for (path, default) in defaults {
        let description = schema["properties"][path]["description"].as_str().unwrap_or_default();
        let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
        assert!(
            description.contains(&format!("`{default}`")),
            "the description of `{path}` lacks `{default}`: {description}"
        );
    }
}

#[test]
fn the_parameters_are_as_documented() {
    let entries = entries();
    let parameter = |direction: &str| {
        let mut found = entries.iter().filter(|entry| entry.is_of(direction));
        let (Some(entry), None) = (found.next(), found.next()) else { panic!("one `{direction}` is documented") };
        assert_eq!((entry.get("type"), entry.is("required")), (Some(&"string".into()), true), "{}", entry.path());
        entry
    };
    let refused = |entry: &Entry| {
        let texts = entry.get("refused").and_then(Value::as_array).cloned().unwrap_or_default();
        texts.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };

    let header = parameter("header");
    assert_eq!(header.path(), WorkspaceId::HEADER);
    for text in refused(header) {
        let error = WorkspaceId::new(text.as_str()).expect_err(&text);
        assert_eq!(error.field(), header.path());
    }
    assert!(WorkspaceId::new("w").is_ok());

    let path = parameter("path");
    assert_eq!(path.path(), AgentId::PARAMETER);
    assert_eq!(path.0["of"], AgentId::path_template());
    for text in refused(path) {
        let error = AgentId::new(text.as_str()).expect_err(&text);
        assert_eq!(error.field(), path.path());
    }
    assert!(AgentId::new("a").is_ok());
}

/// Every deviation from the page has a reason, and is a deviation.
#[test]
fn settled_differences_have_reasons() {
    for entry in entries() {
        let path = entry.path();
        let has_reason = |object: &Map<String, Value>| {
            object.get("reason").and_then(Value::as_str).is_some_and(|reason| reason.ends_with('.'))
        };
        for name in entry.0.keys() {
            assert!(FIELDS.contains(&name.as_str()), "`{path}` has the unknown field `{name}`");
        }
        assert_eq!(entry.0.contains_key("reason"), entry.is("beyond"), "`{path}`: `beyond` requires a reason");
        assert!(!entry.is("beyond") || has_reason(&entry.0), "`{path}` lacks a reason");
        let Some(settled) = entry.settled() else { continue };
        assert!(has_reason(settled) && settled.len() > 1, "`{path}` settles something with a reason");
        for (name, value) in settled {
            assert!(SETTLED.contains(&name.as_str()), "`{path}` settles the unknown field `{name}`");
            assert!(entry.0.get(name) != Some(value), "`{path}`: `{name}` does not differ from the page");
        }
    }
}

#[test]
fn the_example_is_a_response() {
    let example = read_fixture("documented/example.json");
    let value: Value = serde_json::from_str(&example).expect("JSON");
    let (agent, report) = Reader::new().read_and_report::<Agent>(&example);
    assert!(report.is_valid(), "{report}");
    assert_eq!(SchemaEngine::new::<Agent>().violations(&value), BTreeSet::new());
    let back = serde_json::to_value(agent).expect("an agent serializes");
    assert!(is_same(&back, &value), "{back}");

    let entries = entries();
    let documented = entries.iter().filter(|entry| entry.is_of("response") && entry.presence() == "documented");
    let pointers = documented.map(|entry| format!("/{}", entry.path().replace('.', "/")));
    let absent = pointers.filter(|pointer| !pointer.contains("[]") && value.pointer(pointer).is_none());
    let advisories = report.advisories().map(|advisory| (advisory.pointer(), advisory.code()));
    assert_eq!(
        advisories.collect::<BTreeSet<_>>(),
        absent.map(|pointer| (pointer, Code::ABSENT_FIELD)).collect::<BTreeSet<_>>(),
    );
}

#[test]
fn the_example_is_not_a_request() {
    let example = read_fixture("documented/example.json");
    let report = check::<UpdateAgent>(&example);
    let found: Vec<_> = report.violations().map(|violation| (violation.code(), violation.pointer())).collect();
    let expected = [(Code::UNKNOWN_VALUE, "/llmModel"), (Code::UNKNOWN_FIELD, "/ttsModel/name")];
    assert_eq!(found, expected.map(|(code, pointer)| (code, pointer.to_owned())));
    let message = report.violations().nth(1).map(|violation| violation.message()).unwrap_or_default();
    assert!(message.contains("response"), "{message}");

    let value: Value = serde_json::from_str(&example).expect("JSON");
    let report = read::<UpdateAgent>(&example).expect_err("an invalid request");
    assert_eq!(SchemaEngine::new::<UpdateAgent>().violations(&value), violations(report.report()));
}
