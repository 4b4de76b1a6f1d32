//! Valid texts are refused.

use callagent::ProblemType;

use super::super::{body::Body, text};
use super::{Fault, Kind, MALFORMED, Refuse, fault, refuse_with};

const fn malformed(name: &'static str, about: &'static str, when: fn(&Body<'_>) -> Option<String>) -> Fault {
    fault((name, about), Kind::Refuse(Refuse { problem: ProblemType::MALFORMED, code: MALFORMED, when }))
}

fn whole(is_refused: bool) -> Option<String> {
    is_refused.then(String::new)
}

pub(super) const FAULTS: &[Fault] = &[
    malformed("refuses-depth-127", "Refuses objects and arrays nested more than 100 deep.", |body| {
        whole(text::depth(body.text) > 100)
    }),
    malformed("refuses-leading-space", "Refuses white space before the document.", |body| {
        whole(body.text.starts_with(|first: char| first.is_ascii_whitespace()))
    }),
    malformed("refuses-trailing-space", "Refuses white space after the document.", |body| {
        whole(body.text.ends_with(|last: char| last.is_ascii_whitespace()))
    }),
    malformed("refuses-tabs", "Refuses tabs between tokens.", |body| whole(body.text.contains('\t'))),
    malformed("refuses-long-numbers", "Refuses numbers of more than 40 characters.", |body| {
        whole(text::numbers(body.text).any(|number| number.len() > 40))
    }),
    malformed("refuses-tiny-numbers", "Refuses a number that rounds to zero, such as 1e-400.", |body| {
        let is_tiny = |number: &str| {
            let is_zero = number.parse::<f64>().is_ok_and(|number| number.abs() < f64::MIN_POSITIVE);
            is_zero
                && number
                    .split(['e', 'E'])
                    .next()
                    .is_some_and(|digits| digits.contains(|digit| matches!(digit, '1'..='9')))
        };
        whole(text::numbers(body.text).any(is_tiny))
    }),
    malformed("refuses-escaped-names", "Does not unescape the names of fields.", |body| {
        let is_escaped = |name: &str| body.text.contains(name);
        whole(
            body.value.as_object().is_some_and(|fields| fields.keys().any(|name| !is_escaped(&format!("\"{name}\"")))),
        )
    }),
    malformed("refuses-escaped-slashes", "Refuses the escape `\\/`.", |body| whole(body.text.contains("\\/"))),
    malformed("refuses-surrogate-pairs", "Refuses characters that are escaped as two surrogates.", |body| {
        whole(body.text.to_ascii_lowercase().contains("\\ud8"))
    }),
    malformed("refuses-upper-case-escapes", "Refuses upper-case digits in `\\u00E9`.", |body| {
        let is_upper = |escape: &str| escape.chars().take(4).any(|digit| digit.is_ascii_uppercase());
        whole(body.text.split("\\u").skip(1).any(is_upper))
    }),
    refuse_with(
        ("refuses-large-body", "Refuses a body of more than 512 KiB."),
        ProblemType::CONTENT_TOO_LARGE,
        |body| whole(body.text.len() > 512 << 10),
    ),
    refuse_with(
        ("refuses-body-of-1-mib", "Refuses a body of exactly 1 MiB."),
        ProblemType::CONTENT_TOO_LARGE,
        |body| whole(body.text.len() >= 1 << 20),
    ),
];
