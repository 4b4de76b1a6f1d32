//! Keeping secrets out of errors, also where a server repeats them.

use std::ops::Range;

use callagent::{
    Agent, Document as _, FindingDetails, Problem, Reader, UpdateAgent,
    tools::{EscapeControl, child_pointer, secret_ranges},
};
use http::{
    HeaderMap, HeaderValue,
    header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE},
};

/// What is shown in place of a secret.
pub(crate) const MASK: &str = "…";

/// What is shown in place of the value of a header. Headers are ASCII.
const MASKED_HEADER: HeaderValue = HeaderValue::from_static("***");

/// The longest part of a body that an error keeps, in bytes.
const MAX_BODY: usize = 64 << 10;

/// The longest text of a problem document that an error keeps, in bytes.
const MAX_PROBLEM_TEXT: usize = 4 << 10;

/// The longest part of a text of the server in a sentence, in characters.
const MAX_TEXT: usize = 300;

/// The longest escape of a character, two surrogates that are escaped twice, in characters.
const MAX_ESCAPE: usize = r"\\ud83d\\ude00".len();

/// The most findings that an error keeps.
pub(crate) const MAX_FINDINGS: usize = 1_000;

/// The secrets of a call.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<Vec<char>>);

impl Secrets {
    /// Adds a secret.
    pub(crate) fn add(&mut self, secret: &str) {
        // A server may repeat it in JSON, where a control character is a letter after a backslash.
        let escaped = serde_json::Value::from(secret).to_string();
        let escaped = escaped.get(1..escaped.len() - 1).unwrap_or_default();
        // In a JSON Pointer, slashes and tildes are escaped.
        let pointer = |text: &str| child_pointer("", text).split_off(1);
        for form in [secret.to_owned(), escaped.to_owned(), pointer(secret), pointer(escaped)] {
            let form: Vec<char> = Plain { text: &form, position: 0 }.map(|(_, character)| character).collect();
            if !form.is_empty() && !self.0.contains(&form) {
                self.0.push(form);
            }
        }
    }

    /// Returns a text without the secrets, whether escaped as in JSON or not.
    pub(crate) fn mask(&self, text: &str) -> String {
        replace(text, self.ranges(text))
    }

    /// Returns a text of the server for a sentence: without secrets, on one line, and cut.
    pub(crate) fn sentence(&self, text: &str) -> String {
        let masked = EscapeControl(&self.mask(text)).to_string();
        match masked.char_indices().nth(MAX_TEXT) {
            Some((end, _)) => format!("{}{MASK}", masked.get(..end).unwrap_or_default()),
            None => masked,
        }
    }

    /// Returns the beginning of a body without the secrets and the values of secret fields.
    pub(crate) fn body(&self, body: &[u8]) -> String {
        // A secret that begins before the end of what is kept is seen as a whole.
        let longest = self.0.iter().map(Vec::len).max().unwrap_or_default();
        let window = body.get(..MAX_BODY + longest.saturating_mul(MAX_ESCAPE)).unwrap_or(body);
        let text = String::from_utf8_lossy(window);
        let report = Reader::new().limit(MAX_FINDINGS).suggest().check::<Agent>(text.as_bytes());
        let mut ranges = secret_ranges(text.as_bytes(), &UpdateAgent::CONTRACT.secrets, Some(&report));
        ranges.extend(self.ranges(&text));
        let mut masked = replace(&text, ranges);
        if masked.len() > MAX_BODY || window.len() < body.len() {
            masked = cut(&masked, MAX_BODY);
        }
        masked
    }

    /// Returns headers without secrets.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> HeaderMap {
        let mask = |value: &HeaderValue| {
            let text = String::from_utf8_lossy(value.as_bytes());
            if self.ranges(&text).is_empty() { value.clone() } else { MASKED_HEADER }
        };
        let mut masked: HeaderMap = headers.iter().map(|(name, value)| (name.clone(), mask(value))).collect();
        for name in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE] {
            if masked.contains_key(&name) {
                masked.insert(name, MASKED_HEADER);
            }
        }
        masked
    }

    /// Removes the secrets from a problem, and bounds it.
    pub(crate) fn problem(&self, mut problem: Problem) -> Problem {
        problem.r#type = self.text(&problem.r#type);
        problem.title = problem.title.map(|title| self.text(&title));
        problem.detail = problem.detail.map(|detail| self.text(&detail));
        if problem.violations.len() > MAX_FINDINGS {
            problem.violations.truncate(MAX_FINDINGS);
            problem.truncated = true;
        }
        problem.violations.iter_mut().for_each(|violation| self.finding(violation));
        problem
    }

    /// Removes the secrets from a violation or an advisory.
    pub(crate) fn finding(&self, finding: &mut FindingDetails) {
        let FindingDetails { code, pointer, message, expected, found, suggestion, .. } = finding;
        let is_secret = pointer.rsplit('/').next().is_some_and(|name| UpdateAgent::CONTRACT.secrets.is_name(name));
        if is_secret {
            *found = None;
        }
        for text in
            [Some(code), Some(pointer), message.as_mut(), expected.as_mut(), found.as_mut()].into_iter().flatten()
        {
            *text = self.text(text);
        }
        if let Some(suggestion) = suggestion {
            suggestion.text = self.text(&suggestion.text);
        }
    }

    /// Returns the beginning of a text of a problem document without the secrets.
    fn text(&self, text: &str) -> String {
        if text.len() > MAX_PROBLEM_TEXT { self.mask(&cut(text, MAX_PROBLEM_TEXT)) } else { self.mask(text) }
    }

    /// Returns the ranges of the secrets in a text.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        for secret in &self.0 {
            let mut plain = Plain { text, position: 0 };
            loop {
                let (start, mut rest) = (plain.position, plain.clone());
                let mut is_next = |expected: &&char| {
                    let before = rest.position;
                    let is_equal = rest.next().is_some_and(|(_, character)| character == **expected);
                    if !is_equal {
                        rest.position = before;
                    }
                    is_equal
                };
                let equal = secret.iter().take_while(|expected| is_next(expected)).count();
                if equal == secret.len() || equal > 0 && is_cut(rest.text, rest.position) {
                    ranges.push(start..rest.position);
                    plain = rest;
                } else if plain.next().is_none() {
                    break;
                }
            }
        }
        ranges
    }
}

/// Returns at most `length` bytes of a text, with a mark of the cut.
fn cut(text: &str, length: usize) -> String {
    let end = (0..=length.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    format!("{}{MASK}", text.get(..end.unwrap_or_default()).unwrap_or_default())
}

/// Returns whether a text was cut at this position, which may be within an escape.
fn is_cut(text: &str, position: usize) -> bool {
    let rest = text.get(position..).unwrap_or_default();
    let mut before = rest.chars().take(MAX_ESCAPE).take_while(|&character| character != '…');
    rest.starts_with('…') || rest.starts_with('\\') && before.by_ref().count() < MAX_ESCAPE
}

/// Replaces ranges of a text, which may overlap, by the mask.
fn replace(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_unstable_by_key(|range| range.start);
    let (mut masked, mut position) = (String::with_capacity(text.len()), 0);
    for Range { start, end } in ranges {
        if end <= position {
            continue;
        }
        if start >= position {
            masked.push_str(text.get(position..start).unwrap_or_default());
            masked.push_str(MASK);
        }
        position = end;
    }
    masked.push_str(text.get(position..).unwrap_or_default());
    masked
}

/// The characters of a text without backslashes, and with `\u` escapes decoded, with their end offsets. Text that is
/// escaped any number of times has the same characters.
#[derive(Clone)]
struct Plain<'t> {
    text: &'t str,
    position: usize,
}

impl Iterator for Plain<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        let before = self.text.get(self.position..)?;
        let rest = before.trim_start_matches('\\');
        let is_escaped = rest.len() < before.len();
        self.position += before.len() - rest.len();
        if is_escaped && let Some((character, length)) = unicode_escape(rest) {
            self.position += length;
            return Some((self.position, character));
        }
        let character = rest.chars().next()?;
        self.position += character.len_utf8();
        Some((self.position, character))
    }
}

/// Returns the character of a `\u` escape after its backslash, and the length of the escape.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
    let first = unit(text)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, 5));
    }
    let after = text.get(5..)?;
    let low = after.trim_start_matches('\\');
    let pair = char::decode_utf16([first, unit(low)?]).next()?.ok()?;
    Some((pair, 5 + (after.len() - low.len()) + 5))
}

#[cfg(test)]
mod tests {
    use callagent::ProblemType;

    use super::*;

    #[test]
    fn secrets_are_found_in_every_spelling() {
        let mut secrets = Secrets::default();
        secrets.add("k/\"é\n😀1");
        let spellings = [
            "k/\"é\n😀1",
            r#"k/\"é\n😀1"#,
            r#"k\/\"\u00e9\n\ud83d\ude001"#,
            r"\u006B\u002f\u0022\u00E9\u000a\ud83d\ude00\u0031",
            r#"k\\/\\\"\\u00e9\\n\\ud83d\\ude001"#,
        ];
        for spelling in spellings {
            assert_eq!(secrets.mask(&format!("a{spelling}b{spelling}")), "a…b…", "{spelling}");
        }
        assert_eq!(secrets.mask(r#"k/\"é"#), r#"k/\"é"#, "a part is not the secret");
        for cut in ["k…", r#"k/\"\u00…"#, r#"k/\"é\n\ud83d\ude…"#, r#"k\\/\\\"\\u00e9\\…"#] {
            assert!(!secrets.mask(&format!("a {cut} b")).contains('k'), "{cut}");
        }
    }

    #[test]
    fn overlapping_secrets_leave_nothing() {
        let mut secrets = Secrets::default();
        for secret in ["", "abc", "bcd", "b"] {
            secrets.add(secret);
        }
        assert_eq!(secrets.mask("xabcdx"), "x…x");
        assert_eq!(secrets.mask(""), "");
    }

    #[test]
    fn a_secret_at_the_cut_is_not_shown_in_part() {
        let mut secrets = Secrets::default();
        secrets.add(&"s".repeat(100));
        for before in [110, 101, 100, 99, 50, 1, 0].map(|before| MAX_BODY - before) {
            let body = format!("{}{}{}", "a".repeat(before), "s".repeat(100), "z".repeat(MAX_BODY));
            assert!(!secrets.body(body.as_bytes()).contains('s'), "{before}");
        }
    }

    #[test]
    fn long_texts_of_problems_are_cut() {
        let mut secrets = Secrets::default();
        secrets.add(&"s".repeat(100));
        let long = format!("{}{}", "a".repeat(MAX_PROBLEM_TEXT - 50), "s".repeat(100));
        let problem = secrets.problem(Problem::new(ProblemType::INTERNAL).detail(long));
        assert_eq!(problem.detail, Some(format!("{}……", "a".repeat(MAX_PROBLEM_TEXT - 50))));
    }
}
