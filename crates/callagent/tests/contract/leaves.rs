//! Types that are not objects with fields: their schemas accept what they deserialize from.

use callagent::{
    AgentId, AgentStatus, Attempts, Code, Days, ETag, ElevenLabsKey, Fraction, FreeForm, Hours, KeyChange, LlmModel,
    OpenEnum, ProblemType, TtsProvider, WorkspaceId,
};
use schemars::{JsonSchema, schema_for};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The JSON values that a type is tested with.
fn values() -> Vec<Value> {
    let strings = [
        "", " ", ".", "..", "...", "a", "a/b", "é", "a\tb", "a\u{7f}", "\"5\"", "W/\"5\"", "\"é\"", "\"a b\"", "\"\"",
        "w/\"5\"", "\"5", "5",
    ];
    let known = [
        LlmModel::Gpt5.as_str(),
        TtsProvider::ElevenLabsByo.as_str(),
        AgentStatus::Ready.as_str(),
        Code::MALFORMED.as_str(),
        ProblemType::NOT_FOUND.as_str(),
    ];
    let numbers = ["-1", "-0.0", "0", "0.5", "1", "1.0", "23", "24", "30", "31", "4294967295", "4294967296", "1e300"];
    let numbers = numbers.into_iter().map(|number| serde_json::from_str(number).expect("a number"));
    let others = [json!(null), json!(true), json!([]), json!({}), json!({"a": [null], "speed": 7})];
    strings.into_iter().chain(known).map(Value::from).chain(numbers).chain(others).collect()
}

/// The schema accepts what the type deserializes from, and what it serializes to. `closed` is whether the schema lists
/// all values; otherwise it may accept more.
fn agrees<T: Serialize + DeserializeOwned + JsonSchema>(closed: bool) {
    let schema = schema_for!(T);
    let name = T::schema_name();
    let validator = jsonschema::draft202012::new(schema.as_value()).expect("a valid schema");
    assert!(schema.get("title").is_some() && schema.get("description").is_some(), "{name}");
    let mut accepted = 0;
    for value in values() {
        let read = serde_json::from_value::<T>(value.clone());
        assert!(validator.is_valid(&value) == read.is_ok() || (!closed && read.is_err()), "{name}: {value}");
        if let Ok(read) = read {
            accepted += 1;
            let written = serde_json::to_value(&read).expect("it serializes");
            assert!(validator.is_valid(&written), "{name}: {written}");
        }
    }
    assert!((1..values().len()).contains(&accepted), "{name} accepts {accepted} values");
}

#[test]
fn schemas_accept_the_same_values() {
    agrees::<AgentId>(true);
    agrees::<WorkspaceId>(true);
    agrees::<ETag>(true);
    agrees::<Days>(true);
    agrees::<Hours>(true);
    agrees::<Attempts>(true);
    agrees::<Fraction>(true);
    agrees::<LlmModel>(true);
    agrees::<TtsProvider>(true);
    agrees::<AgentStatus>(true);
    agrees::<OpenEnum<AgentStatus>>(true);
    agrees::<FreeForm>(true);
    agrees::<ElevenLabsKey>(true);
    agrees::<KeyChange>(true);
    // Newer versions may have more codes and problem types, and a request may only contain documented values.
    agrees::<Code>(false);
    agrees::<ProblemType>(false);
    agrees::<OpenEnum<LlmModel>>(false);
    agrees::<OpenEnum<TtsProvider>>(false);
}
