//! Sample strings of common formats, so that witnesses are valid where formats are asserted.

use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::Value;

/// The maximum number of rounds of replacement. A validator reports only one item of an array at a time.
const MAX_ROUNDS: usize = 100;

/// Replaces strings that violate their formats.
pub(super) fn with_formats(mut document: Value, validator: &Validator) -> Option<Value> {
    for _ in 0..MAX_ROUNDS {
        let replaced: Vec<_> = validator
            .iter_errors(&document)
            .filter_map(|error| match error.kind() {
                ValidationErrorKind::Format { format } => Some((error.instance_path().to_string(), format.clone())),
                _ => None,
            })
            .collect();
        if replaced.is_empty() {
            return Some(document);
        }
        for (pointer, format) in replaced {
            let text = document.pointer_mut(&pointer)?;
            *text = sample(&format, text.as_str()?.chars().count())?.into();
        }
    }
    None
}

/// A sample of a format, of the given length if possible.
fn sample(format: &str, length: usize) -> Option<String> {
    let filled = |before: &str, filler: &str, after: &str| {
        let rest = length.saturating_sub(before.len() + after.len()).max(1);
        format!("{before}{}{after}", filler.repeat(rest.div_ceil(filler.len())))
    };
    Some(match format {
        "date" => "2020-01-01".to_owned(),
        "date-time" => filled("2020-01-01T00:00:00.", "0", "Z"),
        "time" => filled("00:00:00.", "0", "Z"),
        "duration" => filled("P", "1", "D"),
        "email" | "idn-email" => filled("", "x", "@example.org"),
        "hostname" | "idn-hostname" => filled("x", ".x", ""),
        "ipv4" => "127.0.0.1".to_owned(),
        "ipv6" => "::1".to_owned(),
        "uuid" => "00000000-0000-4000-8000-000000000000".to_owned(),
        "uri" | "iri" => filled("https://example.org/", "x", ""),
        "uri-reference" | "iri-reference" | "uri-template" | "json-pointer" => filled("/", "x", ""),
        "regex" => filled("", "x", ""),
        "relative-json-pointer" => filled("0/", "x", ""),
        _ => return None,
    })
}
