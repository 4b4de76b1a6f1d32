//! The rules hold by every way through `serde`, whichever features of `serde_json` another crate of a build turns on.

use callagent::{Agent, AgentTts, ApiKey, Code, FreeForm, LlmModel, Reader, UpdateAgent, Word, check, read};
use serde_json::{Value, json};

/// An array in an array, so many times.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |value, _| json!([value]))
}

fn codes(value: &Value) -> Vec<Code> {
    Reader::new().check_value::<UpdateAgent>(value).violations().map(|violation| violation.code()).collect()
}

/// A number may arrive as an object of this name; an object of this name that is none stays what it is.
#[test]
fn the_name_of_numbers_is_a_name_like_any_other() {
    for value in [r#""5""#, r#""\u0035""#, "5", "{}", "[]"] {
        let text = format!(r#"{{"llmModel":"gpt-5","variables":{{"$serde_json::private::Number":{value}}}}}"#);
        let update = read::<UpdateAgent>(&text).expect("it is valid");
        assert!(
            update.variables.as_ref().is_some_and(|variables| variables.get("$serde_json::private::Number").is_some())
        );
        assert_eq!(serde_json::from_str::<UpdateAgent>(&text).expect("it is valid"), update, "{text}");
    }
}

#[test]
fn depth_is_bounded_in_values_too() {
    for (depth, fits) in [(125, true), (126, false), (1000, false)] {
        let value = json!({"llmModel": "gpt-5", "variables": {"deep": nested(depth)}});
        assert_eq!(codes(&value), if fits { vec![] } else { vec![Code::Malformed] }, "{depth}");
        assert_eq!(serde_json::from_value::<UpdateAgent>(value).is_ok(), fits, "{depth}");
        let text =
            format!(r#"{{"llmModel":"gpt-5","variables":{{"deep":{}1{}}}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check::<UpdateAgent>(&text).is_valid(), fits, "{depth}");
        assert_eq!(serde_json::from_str::<UpdateAgent>(&text).is_ok(), fits, "{depth}");
    }
}

#[test]
fn a_value_built_by_hand_fits_into_a_text() {
    let mut variables = FreeForm::new();
    assert!(variables.insert("deep", nested(124)).is_ok());
    let error = variables.insert("deep", nested(125)).expect_err("it is too deep");
    assert_eq!(error.field(), "deep");
    let text = serde_json::to_string(&UpdateAgent::new(LlmModel::Gpt5).variables(variables)).expect("it is written");
    assert!(check::<UpdateAgent>(text).is_valid());
}

#[test]
fn numbers_are_the_nearest_doubles() {
    for (number, valid) in
        [("1.00000000000000000001", true), ("1.0000000000000003", false), ("-1e-400", true), ("1e400", false)]
    {
        let text = format!(r#"{{"llmModel":"gpt-5","settings":{{"speed":{number}}}}}"#);
        assert_eq!(check::<UpdateAgent>(&text).is_valid(), valid, "{number}");
        assert_eq!(serde_json::from_str::<UpdateAgent>(&text).is_ok(), valid, "{number}");
    }
}

#[test]
fn an_error_says_all_violations_and_no_key() {
    let text = r#"{"name":1,"ttsModel":{"provider":"acme","elevenLabsApiKey":["SECRET"]},"name":2}"#;
    let error = serde_json::from_str::<UpdateAgent>(text).expect_err("it is invalid").to_string();
    for expected in
        ["/name: ", "/llmModel: ", "/ttsModel/provider: ", "/ttsModel/elevenLabsApiKey: ", "stands here again"]
    {
        assert!(error.contains(expected), "{expected} in {error}");
    }
    assert!(!error.contains("SECRET"), "{error}");
}

#[test]
fn debug_output_shows_no_key() {
    let mut agent = Agent::default();
    let mut tts = AgentTts::default();
    tts.api_key = Some(ApiKey::new("SECRET"));
    tts.insert_further("more", json!([{"elevenLabsApiKey": "SECRET"}])).expect("any value");
    agent.insert_further("elevenLabsApiKey", "SECRET").expect("any value");
    agent.tts = Some(tts);
    let shown = format!("{agent:?} {agent:#?}");
    assert!(!shown.contains("SECRET") && shown.contains("elevenLabsApiKey"), "{shown}");
}

#[test]
fn a_documented_name_is_no_further_field() {
    assert!(Agent::default().insert_further("name", "x").is_err());
    assert!(Agent::default().insert_further("team", "x").is_ok());
}

#[test]
fn a_word_is_listed_or_said_to_be_unlisted() {
    assert_eq!(Word::<LlmModel>::unlisted("gpt-5"), Word::from(LlmModel::Gpt5));
    assert!(serde_json::from_str::<Word<LlmModel>>(r#""gpt-6""#).is_err());
    assert_eq!(Word::<LlmModel>::default(), LlmModel::default());
}
