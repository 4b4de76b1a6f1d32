//! The rules hold for every use of `serde`, regardless of the features of `serde_json` that other crates of a build
//! enable.

use callagent::{
    Agent, AgentTts, Code, Days, ElevenLabsKey, FreeForm, LlmModel, OpenEnum, Reader, UpdateAgent, check, read,
};
use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, IntoDeserializer, SeqAccess, Visitor,
        value::{BorrowedStrDeserializer, BytesDeserializer, Error, MapDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Value, json};

/// The name of the object that represents a number.
const TOKEN: &str = "$serde_json::private::Number";

/// Arrays nested `depth` levels deep.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |value, _| json!([value]))
}

/// Objects nested `depth` levels deep.
fn nested_objects(depth: usize) -> Value {
    (0..depth).fold(json!(1), |value, _| json!({"in": value}))
}

fn codes(value: &Value) -> Vec<Code> {
    Reader::new().check_value::<UpdateAgent>(value).violations().map(|violation| violation.code()).collect()
}

/// A number may be represented as an object with this name. Any other object with this name stays unchanged.
#[test]
fn the_name_of_numbers_is_a_name_like_any_other() {
    for value in [r#""5""#, r#""\u0035""#, "5", "{}", "[]"] {
        let text = format!(r#"{{"llmModel":"gpt-5","variables":{{"{TOKEN}":{value}}}}}"#);
        let update = read::<UpdateAgent>(&text).expect("it is valid");
        assert!(update.variables.as_ref().is_some_and(|variables| variables.get(TOKEN).is_some()));
        assert_eq!(serde_json::from_str::<UpdateAgent>(&text).expect("it is valid"), update, "{text}");
    }
}

/// `serde_json` lends that name for the lifetime of the input, and passes the text of the number as an owned string.
#[test]
fn a_number_passed_as_an_object_is_a_number() {
    let cases: [(&[_], _); 4] = [
        (&[(TOKEN, "1.50")], json!(1.5)),
        (&[("a", "1.50")], json!({"a": "1.50"})),
        (&[("a", "1.50"), (TOKEN, "1.50")], json!({"a": "1.50", TOKEN: "1.50"})),
        (&[], json!({})),
    ];
    for (lent, expected) in cases {
        let lent = lent.iter().map(|(name, text)| (BorrowedStrDeserializer::<Error>::new(name), (*text).to_owned()));
        let number = MapDeserializer::new(lent);
        let variables = MapDeserializer::new([("one", number.clone()), ("other", number)].into_iter());
        let variables = FreeForm::deserialize(variables).expect("it is valid");
        assert_eq!((variables.get("one"), variables.get("other")), (Some(&expected), Some(&expected)));
    }
}

/// A value as some formats pass it: in an option and in a newtype.
struct Wrapped<D>(D, bool);

impl<'de, D: Deserializer<'de, Error = Error>> Deserializer<'de> for Wrapped<D> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.1 { visitor.visit_some(self.0) } else { visitor.visit_newtype_struct(self.0) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[test]
fn options_newtypes_and_long_integers_are_read_as_their_values() {
    for is_option in [true, false] {
        let days: Result<Days, Error> = Days::deserialize(Wrapped(7u128.into_deserializer(), is_option));
        assert_eq!(days.map(Days::get), Ok(7));
        let days: Result<Days, Error> = Days::deserialize(Wrapped((-7i128).into_deserializer(), is_option));
        let error = days.expect_err("the days are out of range").to_string();
        assert_eq!(error, "the document is out of range: expected an integer from 0 to 30, found -7");
    }
}

/// An array in itself, or an object with the name that announces a number.
#[derive(Clone, Copy)]
enum Endless {
    Array,
    Number,
}

impl<'de> Deserializer<'de> for Endless {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Endless::Array => visitor.visit_seq(self),
            Endless::Number => visitor.visit_map(MapDeserializer::new(std::iter::repeat((Lent, self)))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The borrowed name that announces a number.
#[derive(Clone)]
struct Lent;

impl<'de> IntoDeserializer<'de> for Lent {
    type Deserializer = BorrowedStrDeserializer<'de, Error>;

    fn into_deserializer(self) -> Self::Deserializer {
        BorrowedStrDeserializer::new(TOKEN)
    }
}

impl IntoDeserializer<'_> for Endless {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> SeqAccess<'de> for Endless {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        seed.deserialize(*self).map(Some)
    }
}

/// A format may pass a string as borrowed from the input, as transient, or as owned.
#[test]
fn strings_are_equal_however_they_are_passed() {
    let many: String = (0..2000).map(|index| format!(r#""\u0076{index}":"line\n{index}","#)).collect();
    let cases = [
        r#"{"llmModel":"gpt-5","name":"plain"}"#.to_owned(),
        r#"{"llmModel":"gpt-\u0035","\u006eame":"\"\\\u0000\u001f\u007fé\u2028😀"}"#.to_owned(),
        r#"{"llmModel":"gpt-5","ttsModel":{"provider":"elevenlabs","elevenLabsApiKey":"SEC\u0052ET"}}"#.to_owned(),
        r#"{"llmModel":"gpt-5","settings":{"\u0061":["\t",{"":""}],"b\"":{"c":[[],{}]}}}"#.to_owned(),
        format!(r#"{{"llmModel":"gpt-5","variables":{{{many}"last":""}}}}"#),
        r#"{"llmModel":"gpt-\u0036","\u006eame":"a","name":"b\n","\t":0}"#.to_owned(),
    ];
    for text in cases {
        let expected = serde_json::from_str::<UpdateAgent>(&text).map_err(|error| error.to_string());
        if let Ok(expected) = &expected {
            assert_eq!(&read::<UpdateAgent>(&text).expect("it is valid"), expected, "{text}");
        }
        let message = |error: serde_json::Error| error.to_string();
        assert_eq!(serde_json::from_reader(text.as_bytes()).map_err(message), expected, "{text}");
        if let (Ok(value), Ok(expected)) = (serde_json::from_str::<Value>(&text), expected) {
            let mut bytes = Vec::new();
            ciborium::into_writer(&value, &mut bytes).expect("it is written");
            assert_eq!(ciborium::from_reader::<UpdateAgent, _>(&*bytes).expect("it is valid"), expected, "{text}");
            assert_eq!(serde_json::from_value::<UpdateAgent>(value).expect("it is valid"), expected, "{text}");
        }
    }
}

/// A value built in code may have numbers in several notations; they are stored in only one.
#[test]
fn a_value_is_stored_in_one_notation() {
    let text =
        r#"{"llmModel":"gpt-5","variables":{"a\"":["\n",-0.0,1.50,18446744073709551615,-9223372036854775808],"b":{}}}"#;
    let value = serde_json::from_str::<Value>(text).expect("it is JSON");
    let update = Reader::new().read_value::<UpdateAgent>(&value).expect("it is valid");
    let written = serde_json::to_string(&update).expect("it is written");
    let expected = text.replace("-0.0", "0").replace("1.50", "1.5");
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_str::<UpdateAgent>(text).expect("it is valid"), update);
}

#[test]
fn values_that_are_not_json_are_errors() {
    let message = |error: Error| error.to_string();
    for endless in [Endless::Array, Endless::Number] {
        let endless = UpdateAgent::deserialize(endless).map_err(message);
        assert_eq!(endless, Err("objects and arrays are nested more than 127 levels deep".to_owned()));
    }
    let bytes = UpdateAgent::deserialize(BytesDeserializer::new(b"{}")).map_err(message);
    assert_eq!(bytes, Err("invalid type: byte array, expected a JSON value".to_owned()));
    let numbered = UpdateAgent::deserialize(MapDeserializer::new([(1, "gpt-5")].into_iter())).map_err(message);
    assert_eq!(numbered, Err("invalid type: integer `1`, expected a field name".to_owned()));
}

#[test]
fn depth_is_bounded_in_values_too() {
    for (depth, fits) in [(125, true), (126, false), (1000, false)] {
        let value = json!({"llmModel": "gpt-5", "variables": {"deep": nested_objects(depth)}});
        assert_eq!(codes(&value), if fits { vec![] } else { vec![Code::MALFORMED] }, "{depth}");
        let value = json!({"llmModel": "gpt-5", "variables": {"deep": nested(depth)}});
        assert_eq!(codes(&value), if fits { vec![] } else { vec![Code::MALFORMED] }, "{depth}");
        assert_eq!(serde_json::from_value::<UpdateAgent>(value).is_ok(), fits, "{depth}");
        let text =
            format!(r#"{{"llmModel":"gpt-5","variables":{{"deep":{}1{}}}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check::<UpdateAgent>(&text).is_valid(), fits, "{depth}");
        assert_eq!(serde_json::from_str::<UpdateAgent>(&text).is_ok(), fits, "{depth}");
    }
}

/// A value has no locations, but it has an order.
#[test]
fn violations_of_a_value_are_in_its_order() {
    let gaps = json!([{"hour": 1}, 1, {"days": 99}]);
    let value = json!({"gapBetweenEachAttemptForSmartCallback": gaps, "llmModel": "gpt-5", "zzz": 1});
    let report = Reader::new().check_value::<UpdateAgent>(&value);
    let found: Vec<_> = report.violations().map(|violation| (violation.code().as_str(), violation.pointer())).collect();
    let expected = [
        ("unknown-field", "/gapBetweenEachAttemptForSmartCallback/0/hour"),
        ("wrong-type", "/gapBetweenEachAttemptForSmartCallback/1"),
        ("out-of-range", "/gapBetweenEachAttemptForSmartCallback/2/days"),
        ("unknown-field", "/zzz"),
    ];
    assert_eq!(found, expected.map(|(code, pointer)| (code, pointer.to_owned())));
    assert!(report.violations().all(|violation| violation.location().is_none()));
}

#[test]
fn a_value_built_by_hand_fits_into_a_text() {
    let mut variables = FreeForm::new();
    assert!(variables.insert("deep", nested(124)).is_ok());
    assert!(variables.insert("deep", nested_objects(124)).is_ok());
    assert!(variables.insert("deep", nested_objects(125)).is_err());
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

/// With its feature `arbitrary_precision`, `serde_json` reads numbers that are out of range for a double into a value.
#[test]
fn numbers_of_a_value_are_doubles() {
    for field in ["settings", "variables"] {
        let text = format!(r#"{{"llmModel":"gpt-5","{field}":{{"speed":1e400}}}}"#);
        let message = check::<UpdateAgent>(&text).to_string();
        assert_eq!(message, "the number is out of range for an IEEE 754 double");
        if let Ok(value) = serde_json::from_str(&text) {
            assert_eq!(Reader::new().check_value::<UpdateAgent>(&value).to_string(), message);
        }
    }
}

#[test]
fn an_error_has_all_violations_and_no_key() {
    let text = r#"{"name":1,"ttsModel":{"provider":"acme","elevenLabsApiKey":["SECRET"]},"name":2}"#;
    let error = serde_json::from_str::<UpdateAgent>(text).expect_err("it is invalid").to_string();
    for expected in
        ["/name: ", "/llmModel: ", "/ttsModel/provider: ", "/ttsModel/elevenLabsApiKey: ", "duplicate field"]
    {
        assert!(error.contains(expected), "{expected} in {error}");
    }
    assert!(!error.contains("SECRET"), "{error}");
}

#[test]
fn debug_output_shows_no_key() {
    let mut agent = Agent::default();
    let mut tts = AgentTts::default();
    tts.api_key = Some(ElevenLabsKey::new("SECRET"));
    tts.insert_additional_property("more", json!([{"elevenLabsApiKey": "SECRET", "plan": "gold"}])).expect("any value");
    agent.insert_additional_property("elevenLabsApiKey", "SECRET").expect("any value");
    agent.tts = Some(tts);
    let shown = format!("{agent:?} {agent:#?}");
    assert!(!shown.contains("SECRET") && !shown.contains("gold"), "{shown}");
    for name in [r#""more""#, r#""elevenLabsApiKey""#, "Secret(…)"] {
        assert_eq!(shown.matches(name).count(), 2, "{shown}");
    }
}

#[test]
fn a_documented_name_is_not_an_additional_property() {
    assert!(Agent::default().insert_additional_property("name", "x").is_err());
    assert!(Agent::default().insert_additional_property("team", "x").is_ok());
}

#[test]
fn a_value_is_known_or_explicitly_unknown() {
    assert_eq!(OpenEnum::<LlmModel>::unknown("gpt-5"), OpenEnum::from(LlmModel::Gpt5));
    assert!(serde_json::from_str::<OpenEnum<LlmModel>>(r#""gpt-6""#).is_err());
    assert_eq!(OpenEnum::<LlmModel>::default(), LlmModel::default());
}
