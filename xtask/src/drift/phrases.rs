//! Tables of the phrases for bounds, numbers and vocabularies.

use markdown::{ParseOptions, to_mdast};

use super::{
    bounds::{self, Numbers, number},
    prose::blocks,
    vocabulary::vocabulary,
};

/// Descriptions of a number and their expected bounds: `min..max`, or `?` if unclear.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn phrases_of_bounds() {
    let mut wrong = Vec::new();
    for (expected, descriptions) in [
        (
            "0..1",
            &[
                "Value between 0 and 1 that says how fast.",
                "Between 0.0 and 1.0.",
                "Between `0` and `1`, inclusive.",
                "between zero and one",
                "Between 0 to 1.",
                "Value from 0 to 1.",
                "from 0 up to 1",
                "from 0 up to and including 1",
                "A number in the range of 0 to 1 inclusive.",
                "Ranges from 0 to 1.",
                "Range: 0 to 1",
                "Range: 0-1.",
                "Ranging between 0 and 1",
                "Within 0 and 1.",
                "How fast (0-1).",
                "How fast (0 - 1)",
                "How fast (0–1).",
                "How fast (0 – 1).",
                "How fast, 0—1.",
                "How fast (`0`–`1`).",
                "How fast, 0..1.",
                "How fast, 0...1",
                "How fast, 0…1",
                "How fast: `0..=1`",
                "How fast, 0 ~ 1.",
                "0 through 1",
                "In the interval [0, 1].",
                "[0.0, 1.0]",
                "0 <= speed <= 1",
                "0 ≤ x ≤ 1",
                "1 >= speed >= 0",
                "≥ 0 and ≤ 1",
                ">= 0, <= 1",
                "At least 0 and at most 1.",
                "Minimum 0, maximum 1.",
                "Minimum: 0. Maximum: 1.",
                "min 0, max 1",
                "(min: 0, max: 1)",
                "min=0 max=1",
                "A minimum of 0 and a maximum of 1.",
                "The minimum value is 0, the maximum value is 1.",
                "0 or more, 1 or less.",
                "0 minimum, 1 maximum.",
                "No less than 0, no more than 1.",
                "Must not be less than 0 or greater than or equal to 0; cannot exceed 1.",
                "It must not be below 0 and never above 1.",
                "Greater than or equal to 0, less than or equal to 1.",
                "Between 0x and 1x.",
                "Between 0 and 1, where 0 is slow and 1 is fast.",
                "Between 0 and 1 (e.g. 0.5).",
                "Between 0 and 1. Defaults to 0.5.",
                "Between 0 and 1, for eleven_v3 and gpt-4.1.",
                "From 0 (slow) to 1 (fast).",
                "From 0 (minimum) to 1 (maximum)",
                "Between 0\nand 1.",
                "Between 0\u{a0}and\u{a0}1.",
                "Between 0e0 and 10e-1",
            ][..],
        ),
        ("0..2", &["from 0 to 2", "(0-2)", "Value between 0 and 2.", "0 to 2", "0 – 2", "at least 0, up to 2"]),
        ("0.25..4", &["between 0.25 and 4.0", ".25 to 4", "0.25x–4x", "0.25-4.00"]),
        ("-1..1", &["between -1 and 1", "-1 to 1", "−1–1", "[-1, 1]", "from -1.0 to +1"]),
        ("1..", &["at least 1", "minimum 1", "min. 1", "≥ 1", ">=1", "1 or more", "starting at 1", "Not less than 1."]),
        (
            "..5",
            &[
                "at most 5",
                "At most five.",
                "up to 5",
                "Up to and including 5.",
                "no more than 5",
                "not more than 5",
                "max 5",
                "Maximum: 5",
                "Limited to 5.",
                "capped at 5",
                "Must not exceed 5.",
                "Cannot be greater than 5.",
                "<= 5",
                "≤ 5",
                "5 or fewer",
                "5 at most",
                "a limit of 5",
                "a maximum value of 5",
                "The upper limit is 5.",
            ],
        ),
        ("..1000", &["at most 1,000", "up to 1000.0", "≤ 1e3"]),
        ("0..1 million", &["between 0 and 1 million"]),
        (
            "0..1 ?",
            &["Between 0 and 1 or more.", "between 0 and 1,5", "between 0 and 1/2", "between 0 and 1½", "0 to 1, or 2"],
        ),
        ("0..100 %", &["0% to 100%", "between 0 and 100 %"]),
        ("0..100 percent", &["from 0 to 100 percent"]),
        ("0..1 seconds", &["between 0 and 1 seconds"]),
        ("none", &["How fast.", "How fast the TTS narrates text.", "One of the settings.", "Typically for gpt-4.1."]),
        (
            "0..1 ?",
            &["Between 0 and 1 for openai, between 0 and 2 for rime.", "Between 0 and 1; at most 0.5 with rime."],
        ),
        (
            "0..1 ?",
            &["Between 0 and 1 (exclusive).", "Strictly between 0 and 1.", "Between 0 and 1, excluding the ends."],
        ),
        ("0..1 ?", &["Between 0 and 1. Above 0.5 it is hard to follow.", "Between 0 and 1, in steps of 0.1."]),
        (
            "none ?",
            &["Less than 2.", "(0, 2)", "[0, 2)", "greater than 0", "below 2", "0 < speed < 1", "0..<2", "twice as 2x"],
        ),
        (
            "none ?",
            &[
                "Typically 0.7.",
                "not between 0 and 1",
                "A multiplier: 1.5",
                "At most as much as before.",
                "A positive number.",
            ],
        ),
        ("none ?", &["1.2.3", "one of 0, 0.5, 1", "0 and 1", "0/1", "1e999 or 5k"]),
        ("2024..1 ?", &["2024-01-02"]),
    ] {
        for description in descriptions {
            let numbers = Numbers::new(description, "speed", bounds::Kind::Number);
            let mut found = numbers.bounds().map_or("none".to_owned(), |bounds| {
                let end = |name: &str| bounds.get(name).map_or(String::new(), ToString::to_string);
                let unit = bounds["unit"].as_str().map_or(String::new(), |unit| format!(" {unit}"));
                format!("{}..{}{unit}", end("min"), end("max"))
            });
            if !numbers.unclear.is_empty() {
                found.push_str(" ?");
            }
            if found != expected {
                wrong.push(format!("{description}: expected {expected}, found {found} {:?}", numbers.unclear));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A field has its own units. If it is not a number, only limits of its length count.
#[test]
fn bounds_of_lengths_and_units() {
    for (name, kind, description, expected) in [
        ("days", bounds::Kind::Number, "Between 0 and 30 days.", r#"{"min":0,"max":30}"#),
        ("days", bounds::Kind::Number, "Between 0 and 30 hours.", r#"{"min":0,"max":30,"unit":"hours"}"#),
        ("maxAttemptsForSmartCallback", bounds::Kind::Number, "Up to 10 attempts.", r#"{"max":10}"#),
        ("name", bounds::Kind::Other, "At most 80 characters.", r#"{"max":80,"unit":"characters"}"#),
        ("name", bounds::Kind::Other, "1-80 characters.", r#"{"min":1,"max":80,"unit":"characters"}"#),
        ("name", bounds::Kind::Other, "Maximum length: 80.", r#"{"max":80}"#),
        ("name", bounds::Kind::Other, "An 80-character limit.", "? [\"\\\"0-character\\\"\"]"),
        ("name", bounds::Kind::Other, "Fewer than 80 characters.", "?"),
        ("phoneNumberIds", bounds::Kind::Other, "Up to 5 ids.", r#"{"max":5}"#),
        ("language", bounds::Kind::Other, "By ISO 639-1, BCP 47 or RFC 5646.", "none"),
        ("startTime", bounds::Kind::Other, "Since 2024-01-02, as RFC 3339.", "none"),
    ] {
        let numbers = Numbers::new(description, name, kind);
        let found = numbers.bounds().map_or("none".to_owned(), |bounds| bounds.to_string());
        let found = if numbers.unclear.is_empty() { found } else { "?".to_owned() };
        assert_eq!(found, expected.split(' ').next().unwrap_or_default(), "{description}: {:?}", numbers.unclear);
    }
}

#[test]
fn numbers_in_all_notations() {
    for (text, expected) in [
        ("0", "0"),
        ("0.0", "0"),
        ("-0.0", "0"),
        ("1.0", "1"),
        ("1.00", "1"),
        ("10e-1", "1"),
        (".5", "0.5"),
        ("0.50", "0.5"),
        ("+5", "5"),
        ("1,000", "1000"),
        ("4294967295", "4294967295"),
        ("4294967295.0", "4294967295"),
        ("-1", "-1"),
    ] {
        assert_eq!(number(text).map(|value| value.to_string()).as_deref(), Some(expected), "{text}");
    }
    for text in ["", "many", "1e999", "NaN", "inf", "1.2.3", "0x1"] {
        assert_eq!(number(text), None, "{text}");
    }
}

/// Descriptions of a string in Markdown and the values that they list. Examples end with `…`.
#[test]
fn vocabularies() {
    let bullets = |mark: &str| format!("The provider. Must be one of:\n{mark} openai\n{mark} rime\n{mark} google");
    let mut wrong = Vec::new();
    let (dashes, stars, numbered) = (bullets("-"), bullets("*"), bullets("1."));
    for (expected, descriptions) in [
        (
            "openai rime google",
            &[
                &*dashes,
                &*stars,
                &*numbered,
                "The provider. Must be one of: openai, rime, google.",
                "Must be one of: openai, rime, or google",
                "Must be one of: `openai`, `rime`, `google`.",
                "Must be one of \"openai\", 'rime' or `google`.",
                "Must be one of openai, rime and google.",
                "One of the following: openai, rime, google. Case matters.",
                "One of:\n`openai`,\n`rime`,\n`google`",
                "Allowed values: openai, rime, google",
                "Possible values are: openai | rime | google",
                "Supported providers are openai, rime and google.",
                "Valid options: openai; rime; google.",
                "Values: openai, rime, google.",
                "Either openai, rime or google.",
                "Can be `openai`, `rime`, or `google`.",
                "`openai` | `rime` | `google`",
                "openai | rime | google",
                "The provider (one of: openai, rime, google).",
                "Must be one of: openai (default), rime, google.",
                "`openai` (default), `rime` or `google`",
                "The provider:\n\n- `openai` - of OpenAI\n- `rime`: of Rime\n- \"google\" (of Google)",
                "The provider\n- openai\n- rime\n- google",
                "- openai\n- rime\n- google",
                "Must be one of the following:\n\n* **openai**\n* **rime**\n* **google**",
                "Must be one of: openai, rime, google, or null.",
                "One of: openai, rime. On larger plans also one of: google.",
            ][..],
        ),
        (
            "gpt-4.1 a:b-2.5 gpt-5",
            &[
                "Must be one of: gpt-4.1, a:b-2.5, gpt-5.",
                "One of:\n- gpt-4.1\n- a:b-2.5\n- gpt-5",
                "one of gpt-4.1, a:b-2.5, gpt-5.",
            ],
        ),
        (
            "en fr…",
            &[
                "The language (e.g., en, fr).",
                "The language, such as \"en\" or \"fr\".",
                "For example:\n- en\n- fr",
                "Languages like en or fr.",
            ],
        ),
        (
            "",
            &[
                "One of its voices.",
                "Which of the voices, e.g. for English.",
                "One of the available providers, or none.",
                "Either way, it speaks.",
                "The key (required only when provider is \"11labs_byo\").",
                "The name.\n- It is shown to people.\n- It may change at any time.",
                "e.g for some,\n\"a_B\" - Alt Female, Smart\n\"c_D\" - Male, Friendly",
            ],
        ),
    ] {
        for description in descriptions {
            let tree = to_mdast(description, &ParseOptions::mdx()).expect("Markdown");
            let found = vocabulary(&blocks(&[tree]), true);
            let found =
                found.map_or(String::new(), |found| found.values.join(" ") + if found.is_open { "…" } else { "" });
            if found != expected {
                wrong.push(format!("{description}: expected {expected}, found {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
