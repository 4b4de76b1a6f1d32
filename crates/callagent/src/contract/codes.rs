//! The codes of this contract, and the explanations of all codes.

use std::fmt;

use crate::model::{Code, Direction, codes, string_type};

/// The reference page for people, by its path in the project's repository. Each code's name is an anchor of it.
///
/// ```
/// assert_eq!(callagent::Code::ZERO_GAP.reference(), "schemas/reference.html#zero-gap");
/// ```
pub const REFERENCE: &str = "schemas/reference.html";

codes! {
    /// A name is empty or white space alone.
    BLANK_NAME = "blank-name", Advisory, "is blank";
    /// Smart callback is switched off in the update that says how to call back.
    CALLBACK_OFF = "callback-off", Advisory, "is switched off, so the attempts and gaps given have no effect";
    /// There are not as many gaps as attempts.
    GAP_COUNT = "gap-count", Advisory, "does not hold as many gaps as there are attempts";
    /// A response shows a key beside a provider that has no use for it.
    KEY_DISCLOSED = "key-disclosed", Advisory, "is shown beside a provider that has no use for it";
    /// A key is set beside a provider that has no use for it.
    KEY_UNUSED = "key-unused", Advisory, "is given beside a provider that has no use for it";
    /// A language is not a well-formed tag of BCP 47.
    LANGUAGE_TAG = "language-tag", Advisory, "is not a well-formed language tag (BCP 47), such as `en` or `fr-CA`";
    /// A phone number's id stands in the list already.
    REPEATED_PHONE_NUMBER = "repeated-phone-number", Advisory, "stands in the list already";
    /// A time of the response is not a date-time of RFC 3339.
    TIMESTAMP = "timestamp", Advisory, "is not a date-time of RFC 3339, such as `2025-01-31T09:30:00Z`";
    /// A gap waits no time at all.
    ZERO_GAP = "zero-gap", Advisory, "waits no time at all";
}

/// What a [`Code`] means, why it is a rule, and how to mend it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// What it means.
    pub meaning: &'static str,
    /// Why it is a rule.
    pub reason: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Which way the example goes.
    pub direction: Direction,
    /// A document that shows it. A response leaves out what has no part in it.
    pub example: &'static str,
    /// The example, mended.
    pub fixed: &'static str,
}

/// A text is no code of this version of the contract.
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
    /// The explanations of all codes, in the order of their names.
    pub const ALL: &'static [Explanation] = EXPLANATIONS;
}

impl Code {
    /// All codes, in the order of their names.
    pub const ALL: &'static [Code] = &{
        let mut codes = [Code::MALFORMED; EXPLANATIONS.len()];
        let mut index = 0;
        while index < codes.len() {
            codes[index] = EXPLANATIONS[index].code;
            index += 1;
        }
        codes
    };

    /// What it means, why it is a rule, and how to mend it.
    ///
    /// ```
    /// let explanation = callagent::Code::ZERO_GAP.explanation().expect("each code of the contract has one");
    /// assert_eq!(explanation.meaning, "The gap has no days and no hours, so the agent calls again at once.");
    /// ```
    #[must_use]
    pub fn explanation(self) -> Option<&'static Explanation> {
        EXPLANATIONS.iter().find(|explanation| explanation.code == self)
    }

    /// Where the page of [`REFERENCE`] explains it.
    #[must_use]
    pub fn reference(self) -> String {
        format!("{REFERENCE}#{self}")
    }
}

const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        code: Code::ABSENT_FIELD,
        direction: Direction::Response,
        meaning: "The service documents this field for its answers, and this answer does not give it. Null reads as \
            absent.",
        reason: "Who reads a response takes what comes (principle P3 of the contract), so this breaks nothing by \
            itself. But a client that counts on the documented fields finds one missing.",
        fix: "In a server, send the field. In a client, expect that it may not be there.",
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
        meaning: "The name holds nothing that can be seen.",
        reason: "The service documents no rule for names, so none is broken (principle P1 of the contract). But nobody \
            finds the agent by such a name.",
        fix: "Give the agent a name, or leave the field out: then the name stays as it is.",
        example: r#"{"llmModel": "gpt-5", "name": " "}"#,
        fixed: r#"{"llmModel": "gpt-5", "name": "Support"}"#,
    },
    Explanation {
        code: Code::CALLBACK_OFF,
        direction: Direction::Request,
        meaning: "The update gives attempts or gaps, which say how smart callback works, and switches it off.",
        reason: "They have no effect while it is off. They may be meant for later, so it is no violation (principle P1 \
            of the contract).",
        fix: "Switch smart callback on, or leave the attempts and gaps out.",
        example: r#"{"llmModel": "gpt-5", "smartCallback": false, "maxAttemptsForSmartCallback": 3}"#,
        fixed: r#"{"llmModel": "gpt-5", "smartCallback": true, "maxAttemptsForSmartCallback": 3}"#,
    },
    Explanation {
        code: Code::DUPLICATE_FIELD,
        direction: Direction::Request,
        meaning: "Two fields of one object have the same name, also where one of them is spelled with escapes. The \
            first is read; each further one is reported.",
        reason: "JSON does not say which of the two counts (RFC 8259, section 4), and programs differ. RFC 7493, \
            section 2.3, therefore rules it out, so that a document means the same to all who read it.",
        fix: "Keep the field that is meant, and take the others out.",
        example: r#"{"llmModel": "gpt-5", "name": "Support", "name": "Sales"}"#,
        fixed: r#"{"llmModel": "gpt-5", "name": "Sales"}"#,
    },
    Explanation {
        code: Code::GAP_COUNT,
        direction: Direction::Request,
        meaning: "The update gives both the attempts and the gaps, and a gap too few or too many.",
        reason: "A gap is the time before an attempt, so each attempt has one. The service does not say what it does \
            with other numbers (principle P1 of the contract).",
        fix: "Give one gap for each attempt.",
        example: r#"{"llmModel": "gpt-5", "maxAttemptsForSmartCallback": 2, "gapBetweenEachAttemptForSmartCallback":
  [{"days": 0, "hours": 4}]}"#,
        fixed: r#"{"llmModel": "gpt-5", "maxAttemptsForSmartCallback": 2, "gapBetweenEachAttemptForSmartCallback":
  [{"days": 0, "hours": 4}, {"days": 1, "hours": 0}]}"#,
    },
    Explanation {
        code: Code::KEY_DISCLOSED,
        direction: Direction::Response,
        meaning: "The voice's provider does not use a key of your own, and yet the answer shows one.",
        reason: "A key is a secret, shown only where it is in use (the contract, on applying an update). A key that an \
            agent keeps from an earlier provider stays unseen.",
        fix: "In a server, leave the key out of the answer; `Agent::for_response` does so.",
        example: r#"{"ttsModel": {"provider": "openai", "elevenLabsApiKey": "a key"}}"#,
        fixed: r#"{"ttsModel": {"provider": "openai"}}"#,
    },
    Explanation {
        code: Code::KEY_UNUSED,
        direction: Direction::Request,
        meaning: "The update gives a key, and a provider that does not use it.",
        reason: "The key is stored all the same, so this is allowed. But a secret is better not sent where nothing \
            needs it (the contract, on `ttsModel.elevenLabsApiKey`).",
        fix: "Leave the key out, give null to remove the one that is stored, or name the provider that uses it.",
        example: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "elevenLabsApiKey": "a key"}}"#,
        fixed: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai"}}"#,
    },
    Explanation {
        code: Code::LANGUAGE_TAG,
        direction: Direction::Request,
        meaning: "The language is not built as a language tag is: a code of the language, and where needed others for \
            the script, the region and the like, with hyphens between them.",
        reason: "The service takes any string here, but languages are named by such tags; RFC 5646, section 2.2.9, \
            says which are well-formed (principle P1 of the contract).",
        fix: "Write the language as a tag.",
        example: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "language": "en_US"}}"#,
        fixed: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "language": "en-US"}}"#,
    },
    Explanation {
        code: Code::MALFORMED,
        direction: Direction::Request,
        meaning: "The text cannot be read, so nothing else is said of it. The place is the first byte at which no JSON \
            text goes on.",
        reason: "The call carries JSON (RFC 8259): UTF-8 without a byte-order mark (section 8.1), no half of a \
            surrogate pair (8.2), no number beyond an IEEE double (6), no nesting without end (9). Programs differ in \
            what they make of other texts.",
        fix: "Write the document with a JSON library, or correct the text at that place: often a comma too many, a \
            quote that lacks, or an end that was cut off.",
        example: r#"{"llmModel": "gpt-5",}"#,
        fixed: r#"{"llmModel": "gpt-5"}"#,
    },
    Explanation {
        code: Code::MISSING_FIELD,
        direction: Direction::Request,
        meaning: "The object lacks a field that must be there: always, or beside a certain value of another field. A \
            key that must be there may not be null or empty either.",
        reason: "The service documents the field as required (the contract, on `llmModel`, `ttsModel.provider` and \
            `ttsModel.elevenLabsApiKey`), in every update: what stood before does not replace it.",
        fix: "Add the field.",
        example: r#"{"name": "Support"}"#,
        fixed: r#"{"name": "Support", "llmModel": "gpt-5"}"#,
    },
    Explanation {
        code: Code::OUT_OF_RANGE,
        direction: Direction::Request,
        meaning: "The number is of the right type, but smaller or larger than the field admits. The bounds, which the \
            report gives, are themselves allowed.",
        reason: "The service documents the bounds. They hold for the value, whoever sends it, so a response keeps to \
            them too (principle P3 of the contract).",
        fix: "Take a number within the bounds.",
        example: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 45}]}"#,
        fixed: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 14}]}"#,
    },
    Explanation {
        code: Code::REPEATED_PHONE_NUMBER,
        direction: Direction::Request,
        meaning: "The list of phone numbers holds the same id more than once.",
        reason: "The list says which numbers reach the agent, and says it no better the second time; another id may \
            have been meant (principle P1 of the contract).",
        fix: "Take the repetition out, or put the id there that was meant.",
        example: r#"{"llmModel": "gpt-5", "phoneNumberIds": ["p1", "p2", "p1"]}"#,
        fixed: r#"{"llmModel": "gpt-5", "phoneNumberIds": ["p1", "p2"]}"#,
    },
    Explanation {
        code: Code::TIMESTAMP,
        direction: Direction::Response,
        meaning: "The text is kept as it came, but it is no date and time that every program can read.",
        reason: "The service describes its times as date-times, which RFC 3339, section 5.6, defines: a date, `T`, a \
            time, and `Z` or an offset.",
        fix: "In a server, write the time so. In a client, read the text with care.",
        example: r#"{"createdAt": "31.01.2025 09:30"}"#,
        fixed: r#"{"createdAt": "2025-01-31T09:30:00Z"}"#,
    },
    Explanation {
        code: Code::UNKNOWN_FIELD,
        direction: Direction::Request,
        meaning: "The object does not document a field of that name: it may be misspelled, stand in the wrong object, \
            or be a field of the response alone.",
        reason: "A request is closed (principle P2 of the contract): otherwise a misspelled field would be dropped \
            without a word, and what it should change would stay as it was. `settings` and `variables` alone take \
            fields of your own.",
        fix: "Correct the name, move the field to its object, or take it out. Where clients already send more, the \
            tolerance for unknown fields makes it an advisory.",
        example: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "name": "Alloy"}}"#,
        fixed: r#"{"llmModel": "gpt-5", "ttsModel": {"provider": "openai", "voiceId": "alloy"}}"#,
    },
    Explanation {
        code: Code::UNKNOWN_VALUE,
        direction: Direction::Request,
        meaning: "The field takes one of certain words, and this is none of them. Capitals count.",
        reason: "A request sends documented words only (principle P2 of the contract): another one is likely a slip, \
            and the service may refuse it.",
        fix: "Take one of the words that the report gives. Where the service knows a newer one, accept that word by \
            its name; it is an advisory then.",
        example: r#"{"llmModel": "GPT-5"}"#,
        fixed: r#"{"llmModel": "gpt-5"}"#,
    },
    Explanation {
        code: Code::WRONG_TYPE,
        direction: Direction::Request,
        meaning: "The value is of another JSON type than the field takes, such as a number in quotes, null in a \
            request, or a fraction where a whole number is due. Nothing below it is looked at.",
        reason: "The service documents the type of every field. Null stands in a request only where it has a meaning, \
            which is to remove a key (principle P2 of the contract); in a response it reads as absent, but not as an \
            item of an array (P3).",
        fix: "Write the value in the documented type. To leave something as it is, leave the field out.",
        example: r#"{"llmModel": "gpt-5", "smartCallback": "true"}"#,
        fixed: r#"{"llmModel": "gpt-5", "smartCallback": true}"#,
    },
    Explanation {
        code: Code::ZERO_GAP,
        direction: Direction::Request,
        meaning: "The gap has no days and no hours, so the agent calls again at once.",
        reason: "The service documents that both may be zero, so it is allowed (principle P1 of the contract). But a \
            gap is there to wait.",
        fix: "Give the gap some hours or days. An empty gap waits as long as the documented defaults say.",
        example: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 0, "hours": 0}]}"#,
        fixed: r#"{"llmModel": "gpt-5", "gapBetweenEachAttemptForSmartCallback": [{"days": 0, "hours": 4}]}"#,
    },
];
