//! The codes of this contract, and explanations of all codes.

use std::fmt;

use crate::model::{Code, Direction, codes, string_type};

/// The path of the reference page in the repository. The page has an anchor with the name of each code.
///
/// ```
/// assert_eq!(callagent::Code::ZERO_GAP.reference(), "schemas/reference.html#zero-gap");
/// ```
pub const REFERENCE: &str = "schemas/reference.html";

codes! {
    /// A name is blank.
    BLANK_NAME = "blank-name", Advisory, "is blank";
    /// An update configures smart callback but disables it.
    CALLBACK_OFF = "callback-off", Advisory, "is false, so the given attempts and gaps have no effect";
    /// The number of gaps differs from the number of attempts.
    GAP_COUNT = "gap-count", Advisory, "does not have exactly one gap per attempt";
    /// A response discloses a key that the provider does not use.
    KEY_DISCLOSED = "key-disclosed", Advisory, "is disclosed although the provider does not use it";
    /// An update sets a key that the provider does not use.
    KEY_UNUSED = "key-unused", Advisory, "is set although the provider does not use it";
    /// A language is not a well-formed BCP 47 tag.
    LANGUAGE_TAG = "language-tag", Advisory, "is not a well-formed BCP 47 language tag, such as `en` or `fr-CA`";
    /// A list has the same phone number id twice.
    REPEATED_PHONE_NUMBER = "repeated-phone-number", Advisory, "repeats an earlier item";
    /// A timestamp is not an RFC 3339 date-time.
    TIMESTAMP = "timestamp", Advisory, "is not an RFC 3339 date-time, such as `2025-01-31T09:30:00Z`";
    /// A gap has zero length.
    ZERO_GAP = "zero-gap", Advisory, "has zero length";
}

/// The explanation of a [`Code`]: its meaning, the reason for the rule, and a fix.
#[derive(Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// The meaning of the code.
    pub meaning: &'static str,
    /// The reason for the rule.
    pub reason: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// The direction of the example.
    pub direction: Direction,
    /// A document with the code. Responses omit unrelated fields.
    pub example: &'static str,
    /// The fixed example.
    pub fixed: &'static str,
}

/// An error returned when a string is not a code of this version of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCode(());

impl fmt::Display for UnknownCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("unknown code")
    }
}

impl std::error::Error for UnknownCode {}

string_type!(Code, UnknownCode, |name| {
    Code::ALL.iter().copied().find(|code| code.as_str() == name).ok_or(UnknownCode(()))
});

impl Explanation {
    /// The explanations of all codes, sorted by name.
    pub const ALL: &'static [Explanation] = EXPLANATIONS;
}

impl Code {
    /// All codes, sorted by name.
    pub const ALL: &'static [Code] = &{
        let mut codes = [Code::MALFORMED; EXPLANATIONS.len()];
        let mut index = 0;
        while index < codes.len() {
            codes[index] = EXPLANATIONS[index].code;
            index += 1;
        }
        codes
    };

    /// Returns the explanation of the code.
    ///
    /// ```
    /// let explanation = callagent::Code::ZERO_GAP.explanation().expect("every code of the contract has one");
    /// assert_eq!(explanation.meaning, "The gap has no days and no hours, so the agent calls again immediately.");
    /// ```
    #[must_use]
    pub fn explanation(self) -> Option<&'static Explanation> {
        EXPLANATIONS.iter().find(|explanation| explanation.code == self)
    }

    /// Returns the path of the explanation of the code in the repository.
    #[must_use]
    pub fn reference(self) -> String {
        format!("{REFERENCE}#{self}")
    }
}

const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        code: Code::ABSENT_FIELD,
        direction: Direction::Response,
        meaning: "The service documents this field for its responses, but this response lacks it. Null is read as \
            absent.",
        reason: "Clients accept responses without the field (principle P3 of the contract), so this is not a \
            violation. But a client that relies on the documented fields finds one missing.",
        fix: "In a server, send the field. In a client, expect that it can be absent.",
        example: r#"{
  "_id": "a1", "workspaceId": "w1", "name": "Support", "llmModel": "gpt-5", "smartCallback": false,
  "ttsModel": {"provider": "openai", "voiceId": "alloy", "name": "Alloy", "language": "en"},
  "phoneNumberIds": [], "activeSessions": [], "settings": {}, "variables": {}, "currentNode": "start",
  "createdAt": "2025-01-31T09:30:00Z", "updatedAt": "2025-01-31T09:30:00Z"
}"#,
        fixed: r#"{
  "_id": "a1", "workspaceId": "w1", "name": "Support", "llmModel": "gpt-5", "smartCallback": false,
  "ttsModel": {"provider": "openai", "voiceId": "alloy", "name": "Alloy", "language": "en"},
  "phoneNumberIds": [], "activeSessions": [], "settings": {}, "variables": {}, "currentNode": "start",
  "createdAt": "2025-01-31T09:30:00Z", "updatedAt": "2025-01-31T09:30:00Z", "status": "ready"
}"#,
    },
    Explanation {
        code: Code::BLANK_NAME,
        direction: Direction::Request,
        meaning: "The name is empty or consists of white space.",
        reason: "The service documents no rule for names, so a blank name is allowed (principle P1 of the contract). \
            But nobody can find the agent by such a name.",
        fix: "Give the agent a name, or omit the field to keep the current one.",
        example: r#"{"llmModel": "gpt-5", "name": " "}"#,
        fixed: r#"{"llmModel": "gpt-5", "name": "Support"}"#,
    },
    Explanation {
        code: Code::CALLBACK_OFF,
        direction: Direction::Request,
        meaning: "The update sets attempts or gaps, which configure smart callback, but disables smart callback.",
        reason: "They have no effect while smart callback is disabled. They may be intended for later, so this is \
            not a violation (principle P1 of the contract).",
        fix: "Enable smart callback, or omit the attempts and gaps.",
        example: r#"{"llmModel": "gpt-5", "smartCallback": false, "maxAttemptsForSmartCallback": 3}"#,
        fixed: r#"{"llmModel": "gpt-5", "smartCallback": true, "maxAttemptsForSmartCallback": 3}"#,
    },
    Explanation {
        code: Code::DUPLICATE_FIELD,
        direction: Direction::Request,
        meaning: "Two fields of an object have the same name, possibly written with different escapes. The first one \
            is read, and each later one is reported.",
        reason: "JSON does not define which of them counts (RFC 8259, section 4), and parsers differ. RFC 7493, \
            section 2.3, therefore forbids duplicate names, so that every parser reads the same document.",
        fix: "Keep the intended field and remove the others.",
        example: r#"{"llmModel": "gpt-5", "name": "Support", "name": "Sales"}"#,
        fixed: r#"{"llmModel": "gpt-5", "name": "Sales"}"#,
    },
    Explanation {
        code: Code::GAP_COUNT,
        direction: Direction::Request,
        meaning: "The update sets both attempts and gaps, but has too few or too many gaps.",
        reason: "A gap is the time before an attempt, so each attempt needs one. The service does not document what \
            happens otherwise (principle P1 of the contract).",
        fix: "Provide one gap per attempt.",
        example: r#"{"llmModel": "gpt-5", "maxAttemptsForSmartCallback": 2, "gapBetweenEachAttemptForSmartCallback":
  [{"days": 0, "hours": 4}]}"#,
        fixed: r#"{"llmModel": "gpt-5", "maxAttemptsForSmartCallback": 2, "gapBetweenEachAttemptForSmartCallback":
  [{"days": 0, "hours": 4}, {"days": 1, "hours": 0}]}"#,
    },
    Explanation {
        code: Code::KEY_DISCLOSED,
        direction: Direction::Response,
        meaning: "The response discloses a key, but the provider of the voice does not use one.",
        reason: "A key is a secret and is disclosed only while it is in use (see the contract on applying an \
            update). A key that the agent keeps from an earlier provider stays hidden.",
        fix: "In a server, remove the key from the response. `Agent::for_response` does this.",
        example: r#"{"ttsModel": {"provider": "openai", "elevenLabsApiKey": "a key"}}"#,
        fixed: r#"{"ttsModel": {"provider": "openai"}}"#,
    },
    Explanation {
        code: Code::KEY_UNUSED,
        direction: Direction::Request,
        meaning: "The update sets a key together with a provider that does not use it.",
        reason: "The service stores the key anyway, so this is allowed. But a secret should not be sent without need \
            (see the contract on `ttsModel.elevenLabsApiKey`).",
        fix: "Omit the key, set it to null to remove the stored one, or select the provider that uses it.",
        example: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "elevenLabsApiKey": "a key"}}"#,
        fixed: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai"}}"#,
    },
    Explanation {
        code: Code::LANGUAGE_TAG,
        direction: Direction::Request,
        meaning: "The language does not have the form of a language tag: a language code, followed by optional \
            subtags such as script and region, separated by hyphens.",
        reason: "The service accepts any string here, but language tags are the standard way to name a language. RFC \
            5646, section 2.2.9, defines which are well-formed (principle P1 of the contract).",
        fix: "Write the language as a tag.",
        example: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "language": "en_US"}}"#,
        fixed: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "language": "en-US"}}"#,
    },
    Explanation {
        code: Code::MALFORMED,
        direction: Direction::Request,
        meaning: "The text is not valid JSON, so nothing else is reported. The location is the first byte that \
            cannot continue a JSON text.",
        reason: "The call uses JSON (RFC 8259): UTF-8 without a byte-order mark (section 8.1), no unpaired \
            surrogates (8.2), no numbers beyond an IEEE 754 double (6), and limited nesting (9). Parsers differ in \
            how they treat any other text.",
        fix: "Write the document with a JSON library, or correct the text at that location. Common causes are a \
            trailing comma, a missing quote and a truncated text.",
        example: r#"{"llmModel": "gpt-5",}"#,
        fixed: r#"{"llmModel": "gpt-5"}"#,
    },
    Explanation {
        code: Code::MISSING_FIELD,
        direction: Direction::Request,
        meaning: "The object lacks a required field. Some fields are always required, others only when another field \
            has a certain value. A required key must not be null or empty either.",
        reason: "The service documents the field as required in every update (see the contract on `llmModel`, \
            `ttsModel.provider` and `ttsModel.elevenLabsApiKey`). A stored value does not replace it.",
        fix: "Add the field.",
        example: r#"{"name": "Support"}"#,
        fixed: r#"{"name": "Support", "llmModel": "gpt-5"}"#,
    },
    Explanation {
        code: Code::OUT_OF_RANGE,
        direction: Direction::Request,
        meaning: "The number has the right type, but is less than the minimum or greater than the maximum of the \
            field. The bounds are inclusive.",
        reason: "The service documents the bounds. They describe the value in either direction, so they apply to \
            responses too (principle P3 of the contract).",
        fix: "Use a number within the bounds.",
        example: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 45}]}"#,
        fixed: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 14}]}"#,
    },
    Explanation {
        code: Code::REPEATED_PHONE_NUMBER,
        direction: Direction::Request,
        meaning: "The list of phone numbers has the same id more than once.",
        reason: "Repeating an id has no effect, so another id may have been intended (principle P1 of the contract).",
        fix: "Remove the repeated id, or replace it with the intended one.",
        example: r#"{"llmModel": "gpt-5", "phoneNumberIds": ["p1", "p2", "p1"]}"#,
        fixed: r#"{"llmModel": "gpt-5", "phoneNumberIds": ["p1", "p2"]}"#,
    },
    Explanation {
        code: Code::TIMESTAMP,
        direction: Direction::Response,
        meaning: "The text is kept unchanged, but it is not a date and time that every program can parse.",
        reason: "The service describes its timestamps as date-times, which RFC 3339, section 5.6, defines as a date, \
            `T`, a time, and `Z` or an offset.",
        fix: "In a server, write the timestamp in this form. In a client, be prepared for other text.",
        example: r#"{"createdAt": "31.01.2025 09:30"}"#,
        fixed: r#"{"createdAt": "2025-01-31T09:30:00Z"}"#,
    },
    Explanation {
        code: Code::UNKNOWN_FIELD,
        direction: Direction::Request,
        meaning: "The object has no documented field with this name. The name may be misspelled, the field may \
            belong to another object, or only responses may have it.",
        reason: "Requests are closed (principle P2 of the contract). Otherwise a misspelled field would be ignored \
            silently, and the intended change would be lost. Only `settings` and `variables` accept custom fields.",
        fix: "Correct the name, move the field to the right object, or remove it. If clients already send more \
            fields, the tolerance for unknown fields turns this into an advisory.",
        example: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "name": "Alloy"}}"#,
        fixed: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "voiceId": "alloy"}}"#,
    },
    Explanation {
        code: Code::UNKNOWN_VALUE,
        direction: Direction::Request,
        meaning: "The field accepts a fixed set of values, and this is not one of them. Values are case-sensitive.",
        reason: "Requests use documented values only (principle P2 of the contract). Any other value is likely a \
            mistake, and the service may reject it.",
        fix: "Use one of the values in the report. If the service supports a newer value, accept that value \
            explicitly; it is then an advisory.",
        example: r#"{"llmModel": "GPT-5"}"#,
        fixed: r#"{"llmModel": "gpt-5"}"#,
    },
    Explanation {
        code: Code::WRONG_TYPE,
        direction: Direction::Request,
        meaning: "The value does not have the JSON type of the field. Examples are a number in quotes, null in a \
            request, and a fraction in place of an integer. Nothing inside the value is checked.",
        reason: "The service documents the type of every field. In a request, null is allowed only where it has a \
            meaning, which is to remove a key (principle P2 of the contract). In a response it is read as absent, \
            except as an item of an array (P3).",
        fix: "Write the value with the documented type. To keep the current value, omit the field.",
        example: r#"{"llmModel": "gpt-5", "smartCallback": "true"}"#,
        fixed: r#"{"llmModel": "gpt-5", "smartCallback": true}"#,
    },
    Explanation {
        code: Code::ZERO_GAP,
        direction: Direction::Request,
        meaning: "The gap has no days and no hours, so the agent calls again immediately.",
        reason: "The service documents that both may be zero, so this is allowed (principle P1 of the contract). But \
            the purpose of a gap is to wait.",
        fix: "Give the gap some hours or days. An empty gap has the documented default length.",
        example: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 0, "hours": 0}]}"#,
        fixed: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 0, "hours": 4}]}"#,
    },
];
