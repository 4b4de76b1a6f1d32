//! Schemas of problems and their violations.

use schemars::{Schema, SchemaGenerator, json_schema};

use super::implement::json_schema as implement;
use crate::{
    model::{Code, ProblemType, Severity},
    problem::FindingDetails,
    report::Suggestion,
};

/// The name of the problem schema.
pub(super) const PROBLEM: &str = "Problem";

/// The schema of problems, with these types as examples.
pub(crate) fn problem(types: &[ProblemType], generator: &mut SchemaGenerator) -> Schema {
    let urns: Vec<_> = types.iter().map(|known| known.urn()).collect();
    let titles: Vec<_> = types.iter().map(|known| known.title()).collect();
    let mut statuses: Vec<_> = types.iter().map(|known| known.status()).collect();
    statuses.dedup();
    let violations = generator.subschema_for::<FindingDetails>();
    json_schema!({
        "title": PROBLEM,
        "description": "Problem details (RFC 9457): the reason why a call failed.",
        "type": "object",
        "properties": {
            "type": {"type": "string", "examples": urns, "description": "The problem type, a URN."},
            "title": {
                "type": "string",
                "examples": titles,
                "description": "A one-sentence summary of the problem type.",
            },
            "status": {
                "type": "integer",
                "minimum": 400,
                "maximum": 599,
                "examples": statuses,
                "description": "The HTTP status of the response.",
            },
            "detail": {"type": "string", "description": "An explanation of this occurrence of the problem."},
            "violations": {
                "type": "array",
                "items": violations,
                "description": "The violations of the contract, if any, sorted by location.",
            },
            "truncated": {"type": "boolean", "description": "Whether there are more violations than these."},
        },
        "required": ["type", "title", "status"],
        "additionalProperties": true,
    })
}

/// The schema of violations, with these codes as examples.
pub(crate) fn violation(codes: &[Code], generator: &mut SchemaGenerator) -> Schema {
    let is_violation = |code: &&Code| code.severity() != Severity::Advisory;
    let codes: Vec<_> = codes.iter().filter(is_violation).map(|code| code.as_str()).collect();
    let mut suggestion = generator.subschema_for::<Suggestion>();
    suggestion.insert("description".into(), "A suggested fix, if there is an obvious one.".into());
    json_schema!({
        "title": "Violation",
        "description": "A violation of the contract, with its location in the body.",
        "type": "object",
        "properties": {
            "code": {"type": "string", "examples": codes, "description": "The kind of violation."},
            "pointer": {
                "type": "string",
                "description": "The JSON Pointer (RFC 6901) of the value or field; empty for the whole body.",
            },
            "offset": number(0, "The offset of the first byte, from 0."),
            "length": number(0, "The number of bytes; 0 at the end of the body."),
            "line": number(1, "The line number, from 1. Lines end at LF."),
            "column": number(1, "The column number, from 1, in Unicode code points."),
            "message": {"type": "string", "description": "A description of the violation."},
            "expected": {"type": "string", "description": "What was expected, as a noun phrase."},
            "found": {
                "type": "string",
                "description": "What was found, as written in the body. Long values are truncated; secrets are never shown.",
            },
            "suggestion": suggestion,
        },
        "required": ["code", "pointer"],
        "additionalProperties": true,
    })
}

implement!(Suggestion, |_| json_schema!({
    "title": "Suggestion",
    "description": "A replacement for a part of the body that fixes a violation.",
    "type": "object",
    "properties": {
        "offset": number(0, "The offset of the first byte to replace, from 0."),
        "length": number(0, "The number of bytes to replace."),
        "text": {"type": "string", "description": "The replacement text."},
        "safe": {
            "type": "boolean",
            "description": "Whether the fix is unambiguous, removes violations and introduces none.",
        },
    },
    "required": ["offset", "length", "text", "safe"],
    "additionalProperties": true,
}));

fn number(minimum: u8, description: &str) -> Schema {
    json_schema!({"type": "integer", "minimum": minimum, "description": description})
}
