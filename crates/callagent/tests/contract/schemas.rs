//! The generated schemas: their keywords, and the rule of the key, which the reader, the constructors and the schema
//! share.

use std::collections::BTreeSet;

use crate::util::{SchemaEngine, committed, violations};
use callagent::{
    Agent, AgentStatus, Code, Document, ElevenLabsKey, FieldError, Gap, KeyChange, LlmModel, OpenEnum, Reader,
    TtsProvider, TtsUpdate, UpdateAgent, check,
    model::{Object, Presence, Type},
    read, schemas,
    tools::child_pointer,
};
use schemars::schema_for;
use serde_json::{Map, Value, json};

/// All schemas, as derived from the types and as published.
fn schemas() -> [(&'static str, Value); 4] {
    [
        ("schema_for!(UpdateAgent)", schema_for!(UpdateAgent).to_value()),
        ("schema_for!(Agent)", schema_for!(Agent).to_value()),
        ("schemas::update_agent()", schemas::update_agent().to_value()),
        ("schemas::agent()", schemas::agent().to_value()),
    ]
}

/// All schemas, including that of problems.
fn all_schemas() -> Vec<(&'static str, Value)> {
    schemas().into_iter().chain([("schemas::problem()", schemas::problem().to_value())]).collect()
}

/// A schema within another one.
struct Within<'s> {
    /// Its JSON Pointer in the whole.
    pointer: String,
    keywords: &'s Map<String, Value>,
    /// The role of the schema.
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Document,
    Definition,
    Property,
    Items,
    /// `if` or `then`, or a schema in it.
    Condition,
}

/// All schemas in a schema, in any order.
fn within(schema: &Value) -> Vec<Within<'_>> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), schema, Role::Document)];
    while let Some((pointer, schema, role)) = open.pop() {
        let keywords = schema.as_object().unwrap_or_else(|| panic!("{pointer} is not an object"));
        for (keyword, value) in keywords {
            let at = child_pointer(&pointer, keyword);
            let role = |usual| if role == Role::Condition { role } else { usual };
            match keyword.as_str() {
                "properties" | "$defs" => {
                    let usual = if keyword == "$defs" { Role::Definition } else { Role::Property };
                    let schemas = value.as_object().unwrap_or_else(|| panic!("{at} is not an object"));
                    open.extend(schemas.iter().map(|(name, schema)| (child_pointer(&at, name), schema, role(usual))));
                }
                "items" => open.push((at, value, role(Role::Items))),
                "if" | "then" => open.push((at, value, Role::Condition)),
                _ => {}
            }
        }
        found.push(Within { pointer, keywords, role });
    }
    found
}

#[test]
fn they_are_valid_for_draft_2020_12() {
    for (name, schema) in all_schemas() {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
            panic!("{name}: {} at {}", error, error.instance_path());
        }
    }
}

/// They do not use keywords that validators or generators treat differently: `format`, `readOnly`, `writeOnly`,
/// `oneOf`, `anyOf`, `allOf`, `const`, `dependentSchemas`, `unevaluatedProperties`, `discriminator`, and `x-…`.
#[test]
fn they_use_only_these_keywords() {
    const KEYWORDS: &[&str] = &[
        "$schema",
        "$id",
        "$defs",
        "$ref",
        "title",
        "description",
        "default",
        "examples",
        "type",
        "enum",
        "minimum",
        "maximum",
        "minLength",
        "items",
        "properties",
        "required",
        "additionalProperties",
        "if",
        "then",
    ];
    for (name, schema) in all_schemas() {
        for Within { pointer, keywords, role } in within(&schema) {
            for keyword in keywords.keys() {
                assert!(KEYWORDS.contains(&keyword.as_str()), "{name} has `{keyword}` at {pointer}");
                let is_of_root = matches!(keyword.as_str(), "$schema" | "$id" | "$defs");
                assert!(!is_of_root || role == Role::Document, "{name} has `{keyword}` at {pointer}");
            }
        }
    }
}

#[test]
fn everything_is_described_and_objects_have_titles() {
    let says = |keywords: &Map<String, Value>, keyword: &str| {
        keywords.get(keyword).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
    };
    for (name, schema) in all_schemas() {
        for Within { pointer, keywords, role } in within(&schema) {
            if matches!(role, Role::Document | Role::Definition | Role::Property) {
                assert!(says(keywords, "description"), "{name} lacks a description at {pointer}");
            }
            let is_object = keywords.contains_key("properties") && role != Role::Condition;
            if is_object || matches!(role, Role::Document | Role::Definition) {
                assert!(says(keywords, "title"), "{name} lacks a title at {pointer}");
            }
        }
    }
}

/// Generated clients would send any other default.
#[test]
fn a_default_is_how_an_absent_value_is_read() {
    for (name, schema) in schemas() {
        let defaults = within(&schema).into_iter().filter(|within| within.keywords.contains_key("default"));
        let defaults: BTreeSet<_> =
            defaults.map(|within| (within.pointer, within.keywords["default"].to_string())).collect();
        let gap = serde_json::to_value(Gap::default()).expect("a gap serializes");
        let fields = if schema["title"] == UpdateAgent::OBJECT.name { Gap::OBJECT.fields } else { &[] };
        let expected = fields.iter().map(|field| {
            assert_eq!(field.presence, Presence::Defaulted);
            (format!("/$defs/Gap/properties/{}", field.name), gap[field.name].to_string())
        });
        assert_eq!(defaults, expected.collect(), "{name}");
    }
}

#[test]
fn the_committed_schemas_are_these() {
    for (name, schema) in [
        ("update-agent.schema.json", schemas::update_agent().to_value()),
        ("agent.schema.json", schemas::agent().to_value()),
        ("problem.schema.json", schemas::problem().to_value()),
        ("openapi.json", schemas::openapi()),
        ("openapi-3.0.json", schemas::openapi_3_0()),
    ] {
        assert_eq!(committed(name), schema, "`cargo xtask generate` writes {name} anew");
    }
}

#[test]
fn documented_values_are_those_of_the_vocabulary() {
    const VOCABULARIES: [&callagent::model::Vocabulary; 3] =
        [LlmModel::VOCABULARY, TtsProvider::VOCABULARY, AgentStatus::VOCABULARY];
    for (name, schema) in schemas() {
        let mut found = BTreeSet::new();
        for Within { pointer, keywords, role } in within(&schema) {
            for keyword in ["enum", "examples"] {
                let Some(values) = keywords.get(keyword) else { continue };
                match role {
                    Role::Condition => {
                        assert_eq!(*values, json!([TtsProvider::ElevenLabsByo.as_str()]), "{name} at {pointer}");
                    }
                    // These are whole documents.
                    Role::Document => {}
                    _ => {
                        let vocabulary = VOCABULARIES.iter().find(|vocabulary| json!(vocabulary.values) == *values);
                        let vocabulary = vocabulary.unwrap_or_else(|| panic!("{name} has other values at {pointer}"));
                        found.insert((keyword, vocabulary.name));
                    }
                }
            }
        }
        let keyword = if schema["title"] == UpdateAgent::OBJECT.name { "enum" } else { "examples" };
        let object = if keyword == "enum" { UpdateAgent::OBJECT } else { Agent::OBJECT };
        let vocabularies = object.vocabularies();
        assert_eq!(found, vocabularies.iter().map(|(_, vocabulary)| (keyword, vocabulary.name)).collect(), "{name}");
    }
}

#[test]
fn their_examples_are_valid() {
    fn are_valid<T: Document>(schema: &Value) {
        let engine = SchemaEngine::compile(schema);
        let examples = schema["examples"].as_array().expect("there are examples");
        assert!(!examples.is_empty());
        for example in examples {
            let report = Reader::new().check_value::<T>(example);
            assert!(report.is_valid(), "{example}: {report}");
            assert!(engine.violations(example).is_empty(), "{example}");
        }
    }
    are_valid::<UpdateAgent>(schemas::update_agent().as_value());
    are_valid::<Agent>(schemas::agent().as_value());
}

/// The published schemas are those of the types, with `$id` and examples.
#[test]
fn the_published_schemas_are_those_of_the_types() {
    let [(_, update), (_, agent), (_, published_update), (_, published_agent)] = schemas();
    for (schema, published, id) in [
        (update, published_update, "urn:callagent:schema:update-agent"),
        (agent, published_agent, "urn:callagent:schema:agent"),
    ] {
        assert_eq!(published["$id"], id);
        let without = |schema: Value| {
            let keywords = schema.as_object().cloned().unwrap_or_default();
            keywords.into_iter().filter(|(keyword, _)| keyword != "$id" && keyword != "examples").collect::<Map<_, _>>()
        };
        assert_eq!(without(published), without(schema));
    }
}

/// A provider and a key of a request; `None` is an absent one.
#[derive(Debug)]
struct Voice {
    provider: Option<Value>,
    key: Option<Value>,
}

impl Voice {
    /// Each documented provider, an undocumented one, none, and a value of the wrong type, with every kind of key.
    fn all() -> Vec<Voice> {
        let values = TtsProvider::ALL.iter().map(|provider| Some(json!(provider.as_str())));
        let providers = values.chain([Some(json!("cartesia")), None, Some(json!(7))]);
        let keys = [None, Some(Value::Null), Some(json!("")), Some(json!("sk-1234")), Some(json!(1234))];
        let with_keys = |provider: Option<Value>| {
            keys.clone().into_iter().map(move |key| Voice { provider: provider.clone(), key })
        };
        providers.flat_map(with_keys).collect()
    }

    fn document(&self) -> Value {
        let mut tts = Map::new();
        for (name, value) in [("provider", &self.provider), ("elevenLabsApiKey", &self.key)] {
            tts.extend(value.clone().map(|value| (name.to_owned(), value)));
        }
        json!({"llmModel": LlmModel::default().as_str(), "ttsModel": tts})
    }

    fn provider(&self) -> Option<&str> {
        self.provider.as_ref().and_then(Value::as_str)
    }

    /// The expected result for the pair.
    fn violations(&self) -> BTreeSet<(String, Code)> {
        let provider = match &self.provider {
            None => Some(Code::MISSING_FIELD),
            Some(Value::String(value)) => value.parse::<TtsProvider>().is_err().then_some(Code::UNKNOWN_VALUE),
            Some(_) => Some(Code::WRONG_TYPE),
        };
        let key = match &self.key {
            Some(Value::Number(_)) => Some(Code::WRONG_TYPE),
            Some(Value::String(key)) if !key.is_empty() => None,
            _ => (self.provider() == Some("11labs_byo")).then_some(Code::MISSING_FIELD),
        };
        let codes = [("/ttsModel/provider", provider), ("/ttsModel/elevenLabsApiKey", key)];
        codes.into_iter().filter_map(|(pointer, code)| Some((pointer.to_owned(), code?))).collect()
    }

    /// The results of the constructors for the pair; empty if it cannot be written in code.
    fn constructed(&self) -> Vec<Result<TtsUpdate, FieldError>> {
        let Some(value) = self.provider() else { return Vec::new() };
        let provider = OpenEnum::<TtsProvider>::unknown(value);
        let needs_key = provider == TtsProvider::ElevenLabsByo;
        let change = match &self.key {
            None => return vec![TtsUpdate::new(provider)],
            Some(Value::Null) => KeyChange::Remove,
            Some(Value::String(key)) => KeyChange::Replace(ElevenLabsKey::new(key)),
            Some(_) => return Vec::new(),
        };
        let before =
            if needs_key { TtsUpdate::with_own_key(ElevenLabsKey::new("sk-0")) } else { TtsUpdate::new(provider) };
        let changed = before.and_then(|tts| tts.change_key(change.clone()));
        match change {
            KeyChange::Replace(key) if needs_key => vec![TtsUpdate::with_own_key(key), changed],
            _ => vec![changed],
        }
    }
}

#[test]
fn the_key_rule_is_one_rule() {
    let engine = SchemaEngine::new::<UpdateAgent>();
    for voice in Voice::all() {
        let document = voice.document();
        let expected = voice.violations();

        let text = document.to_string();
        assert_eq!(violations(&check::<UpdateAgent>(&text)), expected, "{voice:?}");
        let refusal = read::<UpdateAgent>(&text).err();
        assert_eq!(
            refusal.as_ref().map(|invalid| violations(invalid.report())).unwrap_or_default(),
            expected,
            "{voice:?}"
        );
        assert_eq!(violations(&Reader::new().check_value::<UpdateAgent>(&document)), expected, "{voice:?}");
        assert_eq!(engine.violations(&document), expected, "{voice:?}");

        // In code, an undocumented value requires an explicit constructor, as reading it requires a tolerance.
        let tolerant = Reader::new().tolerate_unknown_values().read::<UpdateAgent>(&text);
        let constructed = voice.constructed();
        let can_be_built = voice.provider().is_some() && !matches!(voice.key, Some(Value::Number(_)));
        assert_eq!(!constructed.is_empty(), can_be_built, "{voice:?}");
        for constructed in constructed {
            if let Ok(update) = &tolerant {
                assert_eq!(constructed.as_ref().ok(), update.tts.as_ref(), "{voice:?}");
            } else {
                let field = constructed.err().map(|error| error.field().to_owned());
                assert_eq!(field.as_deref(), Some("elevenLabsApiKey"), "{voice:?}");
            }
        }
    }
}

/// The rule is stated once, for the key of the provider that requires one.
#[test]
fn the_key_rule_is_in_the_model() {
    for object in [TtsUpdate::OBJECT, tts_of(Agent::OBJECT)] {
        let [rule] = object.required_if else { panic!("expected a single rule") };
        assert_eq!((rule.field.name, rule.if_field.name, rule.equals), ("elevenLabsApiKey", "provider", "11labs_byo"));
        assert!(rule.field.r#type.is_secret());
    }
}

fn tts_of(object: &'static Object) -> &'static Object {
    match object.field("ttsModel").map(|field| field.r#type) {
        Some(Type::Object(tts)) => tts,
        other => panic!("{other:?} is not an object"),
    }
}
