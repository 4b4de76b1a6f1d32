//! Values built in code.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

use callagent::{
    Agent, Attempts, Days, ETag, ElevenLabsKey, Fraction, FreeForm, Hours, IfMatch, KeyChange, LlmModel, OpenEnum,
    SettingsUpdate, TtsUpdate, UpdateAgent,
};
use serde_json::{Map, json};

#[test]
fn numbers_keep_their_value() {
    for number in 0..=u8::MAX {
        assert_eq!(Days::new(number).map(Days::get).ok(), (number <= Days::MAX.get()).then_some(number));
        assert_eq!(Hours::new(number).map(Hours::get).ok(), (number <= Hours::MAX.get()).then_some(number));
        assert_eq!(Attempts::from(u32::from(number)).get(), u32::from(number));
    }
    for number in [0.0, f64::MIN_POSITIVE, 0.25, 1.0] {
        let fraction = Fraction::new(number).expect("a fraction");
        assert_eq!((fraction.get(), fraction.to_string()), (number, number.to_string()));
    }
    for number in [-f64::MIN_POSITIVE, 1.0 + f64::EPSILON, f64::NAN, f64::INFINITY] {
        let message = Fraction::new(number).expect_err("no fraction").to_string();
        assert_eq!(message, format!("expected a number from 0 to 1, found {number}"));
    }
}

#[test]
fn fractions_are_ordered_and_hashed_as_numbers() {
    let fractions = [-0.0, 0.0, 0.25, 0.5, 1.0].map(|number| Fraction::new(number).expect("a fraction"));
    let hasher = RandomState::new();
    for one in fractions {
        for other in fractions {
            assert_eq!(one.cmp(&other), one.get().total_cmp(&other.get()));
            assert_eq!(one.partial_cmp(&other), Some(one.cmp(&other)));
            assert_eq!(one == other, one.cmp(&other).is_eq());
            assert!(one != other || hasher.hash_one(one) == hasher.hash_one(other));
        }
    }
    assert_eq!(fractions.map(|fraction| hasher.hash_one(fraction)).into_iter().collect::<HashSet<_>>().len(), 4);
}

#[test]
fn only_expose_shows_a_key() {
    let key = ElevenLabsKey::new("sk-1234");
    assert_eq!((key.expose(), key.is_empty(), ElevenLabsKey::new("").is_empty()), ("sk-1234", false, true));
    assert_eq!(format!("{key:?}"), "Secret(…)");
}

#[test]
fn free_form_debug_output_has_only_names() {
    let mut fields = FreeForm::new();
    for name in ["plan", "elevenLabsApiKey"] {
        fields.insert(name, "sk-1234").expect("any value");
    }
    assert_eq!(format!("{fields:?}"), r#"{"plan", "elevenLabsApiKey"}"#);
}

#[test]
fn free_form_fields_are_inserted_and_removed() {
    let mut fields = FreeForm::new();
    for (name, value) in [("a", json!(1)), ("\"", json!([])), ("c", json!({"d": null}))] {
        fields.insert(name, value).expect("any value");
    }
    assert_eq!(fields.insert("a", 2), Ok(()));
    assert_eq!((fields.remove("\""), fields.remove("\""), fields.get("\"")), (Some(json!([])), None, None));
    assert_eq!(serde_json::to_string(&fields).expect("it is written"), r#"{"a":2,"c":{"d":null}}"#);
    assert_eq!(Map::from(fields.clone()), *json!({"a": 2, "c": {"d": null}}).as_object().expect("an object"));
    assert_ne!(fields, FreeForm::new());
    assert_eq!(FreeForm::try_from(Map::from(fields.clone())).as_ref(), Ok(&fields));
    assert_eq!(
        (fields.remove("c"), fields.remove("a"), fields.is_empty()),
        (Some(json!({"d": null})), Some(json!(2)), true)
    );
    assert_eq!((&fields, fields.as_map().len()), (&FreeForm::new(), 0));
}

#[test]
fn changing_the_key_keeps_the_rest_of_the_voice() {
    let voice = TtsUpdate::with_own_key(ElevenLabsKey::new("one")).expect("a key").voice_id("v").language("en");
    let changed = voice.clone().change_key(KeyChange::Replace(ElevenLabsKey::new("two"))).expect("a key");
    assert_eq!((&changed.voice_id, &changed.language), (&voice.voice_id, &voice.language));
    assert!(voice.change_key(KeyChange::Remove).is_err());
}

#[test]
fn settings_and_values_are_kept() {
    let settings = SettingsUpdate::default().setting("pitch", 2).expect("a setting of one's own");
    assert_eq!(settings.additional_properties().get("pitch"), Some(&json!(2)));
    assert!(settings.setting("speed", 1).is_err());
    assert_eq!(OpenEnum::from(LlmModel::Gpt5).to_string(), LlmModel::Gpt5.as_str());
}

#[test]
fn debug_output_of_the_model_has_names() {
    let directions = [UpdateAgent::OBJECT, Agent::OBJECT].map(|object| object.direction.to_string());
    assert_eq!(directions, ["a request", "a response"]);
    let shown = format!("{:?} {:?}", UpdateAgent::OBJECT, LlmModel::VOCABULARY);
    for (begins, names) in [
        (r#"Object { name: ""#, UpdateAgent::OBJECT.fields.iter().map(|field| field.name).collect()),
        (r#"Field { name: ""#, vec![UpdateAgent::OBJECT.name, LlmModel::VOCABULARY.name]),
        (r#"Vocabulary { name: ""#, LlmModel::VOCABULARY.values.to_vec()),
    ] {
        assert!(shown.contains(begins) && names.iter().all(|name| shown.contains(name)), "{shown}");
    }
}

/// RFC 9110: a strong comparison, lists with empty elements, and invalid tags.
#[test]
fn preconditions() {
    let current = ETag::strong("5").expect("a tag");
    for (header, permits) in [
        ("*", true),
        (" * ", true),
        (r#""5""#, true),
        (r#""4",,"5""#, true),
        (", \"4\" ,\t\"5\" ,", true),
        (r#"W/"5""#, false),
        (r#""4", W/"5""#, false),
        (r#""""#, false),
        (r#""a,b", "5""#, true),
    ] {
        let condition: IfMatch = header.parse().unwrap_or_else(|error| panic!("{header}: {error}"));
        assert_eq!(condition.permits(&current), permits, "{header}");
        assert_eq!(condition.to_string().parse::<IfMatch>().as_ref(), Ok(&condition), "{header}");
    }
    for header in
        ["", " ", ",", "5", r#""5"#, r#""5" "6""#, r#""5"*"#, r#"*, "5""#, r#""a b""#, "\"\u{7f}\"", r#"w/"5""#]
    {
        assert!(header.parse::<IfMatch>().is_err(), "{header}");
    }
    for tag in ["a\"b", "a b", "\n"] {
        assert!(ETag::strong(tag).is_err(), "{tag:?}");
    }
    let weak: ETag = r#"W/"5""#.parse().expect("a tag");
    assert!(weak.is_weak() && !weak.strongly_equals(&weak) && current.strongly_equals(&current.clone()));
}
