//! Schemas of problems, findings and reports.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::implement::json_schema as implement;
use crate::{
    json::Span,
    model::{Code, ProblemType},
    report::{FindingDetails, Location, Suggestion},
};

/// The name of the problem schema.
pub(super) const PROBLEM: &str = "Problem";

/// Returns the schema of problems with violations of type `V`, and with these types as examples.
pub(crate) fn problem<V: JsonSchema>(types: &[ProblemType], generator: &mut SchemaGenerator) -> Schema {
    let urns: Vec<_> = types.iter().map(|known| known.as_str()).collect();
    let titles: Vec<_> = types.iter().map(|known| known.title()).collect();
    let mut statuses: Vec<_> = types.iter().map(|known| known.status()).collect();
    statuses.dedup();
    let violations = generator.subschema_for::<V>();
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

/// Returns the schema of findings in a text, which is called `text`, with these codes as examples.
pub(crate) fn finding(
    [title, description, text]: [&str; 3],
    codes: impl IntoIterator<Item = &'static Code>,
    generator: &mut SchemaGenerator,
) -> Schema {
    let codes: Vec<_> = codes.into_iter().map(|code| code.as_str()).collect();
    let noun = title.to_lowercase();
    let mut suggestion = generator.subschema_for::<Suggestion>();
    suggestion.insert("description".into(), "A suggested fix, if there is an obvious one.".into());
    let found =
        format!("What was found, as written in the {text}. Long values are truncated; secrets are never shown.");
    json_schema!({
        "title": title,
        "description": description,
        "type": "object",
        "properties": {
            "code": {"type": "string", "examples": codes, "description": format!("The kind of {noun}.")},
            "pointer": {
                "type": "string",
                "description": format!("The JSON Pointer (RFC 6901) of the value or field; empty for the whole {text}."),
            },
            "offset": number(0, "The offset of the first byte, from 0."),
            "length": number(0, &format!("The number of bytes; 0 at the end of the {text}.")),
            "line": number(1, "The line number, from 1. Lines end at LF."),
            "column": number(1, "The column number, from 1, in Unicode code points."),
            "message": {"type": "string", "description": format!("A description of the {noun}.")},
            "expected": {"type": "string", "description": "What was expected, as a noun phrase."},
            "found": {"type": "string", "description": found},
            "suggestion": suggestion,
        },
        "required": ["code", "pointer"],
        "additionalProperties": true,
    })
}

/// Returns the schema of reports.
pub(crate) fn report(generator: &mut SchemaGenerator) -> Schema {
    let findings = generator.subschema_for::<FindingDetails>();
    let list = |description: &str| json_schema!({"type": "array", "items": findings, "description": description});
    json_schema!({
        "title": "Report",
        "description": "The violations and advisories of a document.",
        "type": "object",
        "properties": {
            "valid": {"type": "boolean", "description": "Whether there are no violations."},
            "violationCount": number(0, "The total number of violations, if the report is cut."),
            "advisoryCount": number(0, "The total number of advisories, if the report is cut."),
            "violations": list("The violations, sorted by location."),
            "advisories": list("The advisories, sorted by location. They never make a document invalid."),
        },
        "required": ["valid", "violations", "advisories"],
        "additionalProperties": true,
    })
}

implement!(Span, |_| json_schema!({
    "title": "Span",
    "description": "A range of bytes in a text.",
    "type": "object",
    "properties": {
        "offset": number(0, "The offset of the first byte, from 0."),
        "length": number(0, "The number of bytes; 0 at the end of the text."),
    },
    "required": ["offset", "length"],
    "additionalProperties": true,
}));

implement!(Location, |_| json_schema!({
    "title": "Location",
    "description": "The location of a finding in a text.",
    "type": "object",
    "properties": {
        "offset": number(0, "The offset of the first byte, from 0."),
        "length": number(0, "The number of bytes; 0 at the end of the text."),
        "line": number(1, "The line number, from 1. Lines end at LF."),
        "column": number(1, "The column number, from 1, in Unicode code points."),
    },
    "required": ["offset", "length", "line", "column"],
    "additionalProperties": true,
}));

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
