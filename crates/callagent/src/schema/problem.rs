//! The schema of a problem and of the violations in it.

use schemars::{Schema, SchemaGenerator, json_schema};

use super::implement::json_schema as implement;
use crate::{
    model::{Code, ProblemType, Severity},
    problem::FindingDetails,
    report::Suggestion,
};

/// The name of the schema of a problem.
pub(super) const PROBLEM: &str = "Problem";

/// The schema of problems of these types and of any others.
pub(crate) fn problem(types: &[ProblemType], generator: &mut SchemaGenerator) -> Schema {
    let urns: Vec<_> = types.iter().map(|known| known.urn()).collect();
    let titles: Vec<_> = types.iter().map(|known| known.title()).collect();
    let mut statuses: Vec<_> = types.iter().map(|known| known.status()).collect();
    statuses.dedup();
    let violations = generator.subschema_for::<FindingDetails>();
    json_schema!({
        "title": PROBLEM,
        "description": "Why a call was not answered with 200 (RFC 9457).",
        "type": "object",
        "properties": {
            "type": {"type": "string", "examples": urns, "description": "The type of the problem: a URN."},
            "title": {
                "type": "string",
                "examples": titles,
                "description": "What is the matter, in a sentence that is the same for all problems of the type.",
            },
            "status": {
                "type": "integer",
                "minimum": 400,
                "maximum": 599,
                "examples": statuses,
                "description": "The HTTP status of the answer.",
            },
            "detail": {"type": "string", "description": "What is the matter this time."},
            "violations": {
                "type": "array",
                "items": violations,
                "description": "All that breaks the contract, where that is the matter, in the order of its place.",
            },
            "truncated": {"type": "boolean", "description": "Whether there are more violations than these."},
        },
        "required": ["type", "title", "status"],
        "additionalProperties": true,
    })
}

/// The schema of a violation with one of these codes or any other.
pub(crate) fn violation(codes: &[Code], generator: &mut SchemaGenerator) -> Schema {
    let is_violation = |code: &&Code| code.severity() != Severity::Advisory;
    let codes: Vec<_> = codes.iter().filter(is_violation).map(|code| code.as_str()).collect();
    let mut suggestion = generator.subschema_for::<Suggestion>();
    suggestion.insert("description".into(), "What would mend it, where that is plain.".into());
    json_schema!({
        "title": "Violation",
        "description": "What breaks the contract in one place. The place is a range of the body's bytes.",
        "type": "object",
        "properties": {
            "code": {"type": "string", "examples": codes, "description": "What kind of violation it is."},
            "pointer": {
                "type": "string",
                "description": "The JSON Pointer (RFC 6901) of the value or field; empty for the whole body.",
            },
            "offset": number(0, "The first byte of the place, from 0."),
            "length": number(0, "How many bytes the place has; 0 at the end of the body."),
            "line": number(1, "The line of the place, from 1; a line ends at LF."),
            "column": number(1, "The column of the place, from 1, in Unicode code points."),
            "message": {"type": "string", "description": "What is wrong, as a sentence."},
            "expected": {"type": "string", "description": "What would be right, as a noun."},
            "found": {
                "type": "string",
                "description": "What was found, as the body has it, cut where it is long. A secret is never shown.",
            },
            "suggestion": suggestion,
        },
        "required": ["code", "pointer"],
        "additionalProperties": true,
    })
}

implement!(Suggestion, |_| json_schema!({
    "title": "Suggestion",
    "description": "What to put in the place of a part of the body, to mend a violation.",
    "type": "object",
    "properties": {
        "offset": number(0, "The first byte to replace, from 0."),
        "length": number(0, "How many bytes to replace."),
        "text": {"type": "string", "description": "What to put there."},
        "safe": {
            "type": "boolean",
            "description": "Whether nothing else can have been meant, and the body then has fewer violations and no new one.",
        },
    },
    "required": ["offset", "length", "text", "safe"],
    "additionalProperties": true,
}));

fn number(minimum: u8, description: &str) -> Schema {
    json_schema!({"type": "integer", "minimum": minimum, "description": description})
}
