//! Parts of documents, read by `serde` alone or in other types, follow the same rules.

use callagent::{
    Agent, AgentSession, AgentStatus, Days, Document, ElevenLabsKey, FreeForm, KeyChange, LlmModel, OpenEnum,
    UpdateAgent, check, model::Type,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Number, json};

use crate::util::read_fixture;

fn message<T: DeserializeOwned>(text: &str) -> String {
    serde_json::from_str::<T>(text).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn parts_have_messages_too() {
    for (found, expected) in [
        (message::<FreeForm>(r#"{"a":1,"a":2}"#), "duplicate field `a`"),
        (message::<FreeForm>(r#"{"in":[{"a":1,"a":2}]}"#), "duplicate field `a` in item 0"),
        (message::<AgentSession>(r#"{"more":{"a":1,"a":2}}"#), "duplicate field `a` in `more`"),
        (message::<Days>("31"), "the document is out of range: expected an integer from 0 to 30, found 31"),
        (message::<OpenEnum<LlmModel>>("\"gpt-6\""), "unknown value \"gpt-6\" for the document"),
        (message::<ElevenLabsKey>("12345"), "invalid type for the document: expected a string"),
        (message::<KeyChange>("true"), "invalid type for the document: expected a string or null"),
    ] {
        assert!(found.contains(expected), "{found}");
        assert!(!found.contains("12345"), "{found}");
    }
}

#[test]
fn values_of_vocabularies_survive_the_round_trip() {
    for value in [OpenEnum::from(AgentStatus::Ready), OpenEnum::unknown("paused")] {
        let text = serde_json::to_string(&value).expect("it is written");
        assert_eq!(serde_json::from_str::<OpenEnum<AgentStatus>>(&text).expect("a response may have any value"), value);
    }
}

/// A part that is read on its own can be used anywhere in a document.
#[test]
fn the_depth_of_a_part_is_limited_by_its_document() {
    let nested = |depth: usize| format!(r#"{{"deep":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let deepest = nested(124);
    let variables: FreeForm = serde_json::from_str(&deepest).expect("it fits");
    let session: AgentSession = serde_json::from_str(&deepest).expect("it fits");
    let update = UpdateAgent::new(LlmModel::Gpt5).variables(variables.clone());
    let mut agent = Agent::default();
    (agent.variables, agent.active_sessions) = (Some(variables), Some(vec![session]));
    fits(&update);
    fits(&agent);
    let deeper = nested(125);
    assert!(message::<FreeForm>(&deeper).contains("nested"));
    assert!(message::<AgentSession>(&deeper).contains("nested"));
}

fn fits<T: Document>(document: &T) {
    let text = serde_json::to_string(document).expect("it is written");
    assert!(check::<T>(&text).is_valid(), "{}", check::<T>(&text));
}

#[derive(Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Update(Box<UpdateAgent>),
}

#[derive(Deserialize)]
struct Flattened {
    #[serde(flatten)]
    agent: Agent,
}

#[derive(Deserialize, Serialize)]
struct Field {
    update: UpdateAgent,
    status: Option<OpenEnum<AgentStatus>>,
}

/// Whether `serde_json` has its feature `arbitrary_precision`. With it, `flatten` does not pass numbers as numbers.
fn numbers_are_objects() -> bool {
    serde_json::from_str::<Number>("1e400").is_ok()
}

/// `serde` buffers the input of such types.
#[test]
fn documents_are_fields_of_other_types() {
    let text = r#"{"kind":"Update","llmModel":"gpt-5","settings":{"speed":0.5},"variables":{"n":[1,-2,3.5]}}"#;
    let without = text.replace(r#""kind":"Update","#, "");
    let update: UpdateAgent = serde_json::from_str(&without).expect("it is valid");
    let Tagged::Update(tagged) = serde_json::from_str(text).expect("it is valid");
    assert_eq!(*tagged, update);
    let value = json!({"update": update, "status": "ready"});
    let field: Field = serde_json::from_value(value.clone()).expect("it is valid");
    assert_eq!((&field.update, field.status.is_some()), (&update, true));
    assert_eq!(serde_json::to_value(&field).expect("it is written"), value);

    let text = read_fixture("documented/example.json");
    let agent: Agent = serde_json::from_str(&text).expect("it is valid");
    let flattened = serde_json::from_str::<Flattened>(&text).map(|flattened| flattened.agent);
    if numbers_are_objects() {
        assert!(flattened.is_err_and(|error| {
            error.to_string().contains("invalid type for `speed`: expected a number from 0 to 1, found {…}")
        }));
    } else {
        assert_eq!(flattened.expect("it is valid"), agent);
    }
}

#[test]
fn key_names_are_recognized_in_any_notation() {
    fn names(r#type: &Type) -> Vec<(&'static str, bool)> {
        let fields = r#type.object().map(|object| object.fields).unwrap_or_default();
        fields
            .iter()
            .flat_map(|field| [vec![(field.name, field.r#type.is_secret())], names(&field.r#type)].concat())
            .collect()
    }
    let all = [UpdateAgent::OBJECT, Agent::OBJECT].map(|object| names(&Type::Object(object))).concat();
    assert!(all.iter().any(|(_, is_secret)| *is_secret));
    for (name, is_secret) in all {
        for name_variant in [name.to_owned(), name.to_uppercase(), name.replace("Api", "_api-")] {
            assert_eq!(UpdateAgent::CONTRACT.secrets.is_name(&name_variant), is_secret, "{name_variant}");
        }
    }
}
