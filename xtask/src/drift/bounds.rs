//! Inclusive bounds that a description states, from a table of phrases.
//!
//! Other numbers are reported as unclear: exclusive bounds, conditional bounds, numbers that are not bounds.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Map, Number, Value};

/// The numbers in the description of a field.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    minimum: Option<Value>,
    maximum: Option<Value>,
    unit: Option<String>,
    /// The phrases that must be compared by hand.
    pub(super) unclear: Vec<String>,
}

/// The numbers of a description that must be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The field is a number: all numbers.
    Number,
    /// The field is something else: numbers that limit its length.
    Other,
}

/// A number as people and JSON write it, in canonical form.
pub(super) fn number(text: &str) -> Option<Value> {
    let text = text.replace(',', "");
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    // Rust formats an integral double as an integer.
    let integer = value.to_string().parse::<i64>().ok().map(Value::from);
    integer.or_else(|| Number::from_f64(value).map(Value::Number))
}

/// The meaning of a phrase.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    /// Bounds: `a` is the lower one, `b` the upper one.
    Bounds,
    /// The same, but only of a number: `0-1` is a range there and an identifier elsewhere.
    Range,
    /// Bounds that do not hold: `not between 0 and 1`.
    Denied,
    /// Numbers that are understood and are not bounds.
    Mention,
}

const NUMBER_WORDS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const NUMBER: &str = r"(?:[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?|[-+]?\.\d+)";
const UNIT: &str = "percent|percentage|times|x|ms|milliseconds?|s|secs?|seconds?|minutes?|h|hours?|days?|weeks?|months?|years?\
    |characters?|chars?|letters?|bytes?|kb|mb|items?|entries|entry|elements?|words?|tokens?|digits?|attempts?|retries|calls?\
    |numbers?|ids?|db|hz|degrees?|k|hundred|thousand|million|billion";
const NOT: &str = r"(?:not|never|no|cannot|can't|mustn't|shouldn't|isn't|n't)(?:\s+(?:be|go|get|is|have|to))*\s+";
const OF: &str =
    r"(?:\s+(?:value|number|length|count|size|limit|of|is|are|be|to|allowed|permitted|supported))*\s*[:=]?\s*";
const TO: &str = r"\s*(?:-|~|\.\.\.?=?|\b(?:to|through|thru|until)\b)\s*";
const AND: &str = r"(?:,?{to}|,?\s+(?:and|(?:up\s+)?to\s+and\s+including|up\s+to)\s+)";

/// The phrases, tried in this order. `{a}`, `{b}` and `{n}` are numbers; `{A}` and `{B}` may also be number words.
const SPELLINGS: &[(Means, &str)] = &[
    (Means::Mention, r"\bdefault(?:s|ed)?(?:\s+value)?(?:\s+(?:is|to|of))?\s*[:=]?\s*{n}"),
    (Means::Denied, r"\b{not}(?:between|from|within|in)\s+(?:the\s+range\s+(?:of\s+)?)?{A}{and}{B}"),
    (Means::Denied, r"\b{not}(?:at\s+most|at\s+least|up\s+to|limited\s+to|capped\s+at){of}{B}"),
    // Both bounds.
    (Means::Bounds, r"\bbetween\s+{A}{and}{B}"),
    (Means::Bounds, r"\b(?:from|within|rang(?:e|es|ed|ing)){of}(?:from\s+|between\s+)?{A}{and}{B}"),
    (Means::Range, r"\[\s*{a}\s*[,;]\s*{b}\s*\]"),
    (Means::Range, r"{a}\s*<=\s*[a-z_]+\s*<=\s*{b}"),
    (Means::Range, r"{b}\s*>=\s*[a-z_]+\s*>=\s*{a}"),
    (Means::Range, r"{a}{to}{b}"),
    // The upper bound.
    (Means::Bounds, r"\b{not}(?:more|greater|larger|higher|bigger|longer|later)\s+than\s+{B}"),
    (Means::Bounds, r"\b{not}(?:above|over|beyond|exceed(?:ing|s)?)(?:\s+the\s+value\s+of)?\s+{B}"),
    (Means::Bounds, r"\b(?:less|smaller|lower|fewer)\s+than\s+or\s+equal(?:\s+to)?\s+{B}"),
    (Means::Bounds, r"\bat\s+(?:the\s+)?most{of}{B}"),
    (Means::Bounds, r"\bup\s+to(?:\s+and\s+including|\s+a\s+maximum\s+of)?\s+{B}"),
    (Means::Bounds, r"\b(?:maximum|max\.?|capped\s+at|limited\s+to|limit|upper\s+(?:limit|bound|end)){of}{B}"),
    (Means::Bounds, r"<=\s*{b}"),
    // The lower bound.
    (Means::Bounds, r"\b{not}(?:less|smaller|lower|fewer|shorter)\s+than\s+{A}"),
    (Means::Bounds, r"\b{not}(?:below|under)\s+{A}"),
    (Means::Bounds, r"\b(?:greater|more|larger|higher)\s+than\s+or\s+equal(?:\s+to)?\s+{A}"),
    (Means::Bounds, r"\bat\s+(?:the\s+)?least{of}{A}"),
    (Means::Bounds, r"\b(?:minimum|min\.?|starting\s+(?:at|from|with)|lower\s+(?:limit|bound|end)){of}{A}"),
    (Means::Bounds, r">=\s*{a}"),
    // A bound followed by its phrase.
    (
        Means::Bounds,
        r"{b}\s*\(?(?:(?:or|and)\s+(?:less|fewer|lower|below|under|smaller|shorter)|at\s+most|maximum|max)\b",
    ),
    (
        Means::Bounds,
        r"{a}\s*\(?(?:(?:or|and)\s+(?:more|greater|higher|above|over|up|larger|longer)|at\s+least|minimum|min)\b",
    ),
    (
        Means::Mention,
        r"\b(?:e\.\s?g\.?|for\s+(?:example|instance)|such\s+as|example)[,:]?\s*{n}(?:\s*(?:,|or|and|,\s*or)\s*{m})*",
    ),
];

static TABLE: LazyLock<Vec<(Means, Regex)>> = LazyLock::new(|| {
    let compile = |(means, phrase): &(Means, &str)| (*means, pattern(phrase));
    SPELLINGS.iter().map(compile).collect()
});

fn pattern(phrase: &str) -> Regex {
    Regex::new(&expanded(phrase)).expect("a pattern of the table")
}

fn expanded(phrase: &str) -> String {
    let words = NUMBER_WORDS.join("|");
    let end =
        |name: &str, number: &str| format!(r"(?P<{name}>{number})(?:(?P<{name}_unit>\s?[%×]|[\s-]?(?:{UNIT})\b)|\b)");
    let bare = |name: &str| end(name, NUMBER);
    let any = |name: &str| end(name, &format!("{NUMBER}|(?:{words})"));
    // A pattern that begins with a number must not match within a word or another number.
    let text = if phrase.starts_with('{') { format!(r"(?:^|[^\w.,-]){phrase}") } else { phrase.to_owned() };
    let text = text.replace("{not}", NOT).replace("{of}", OF).replace("{and}", AND).replace("{to}", TO);
    let text = text.replace("{a}", &bare("a")).replace("{b}", &bare("b")).replace("{n}", &bare("n"));
    text.replace("{A}", &any("a")).replace("{B}", &any("b")).replace("{m}", NUMBER)
}

regex! {
    // An identifier with digits is not a number: `gpt-4.1`, `11labs_byo`, `v2`.
    IDENTIFIER = r"\b(?:[a-z_]+\d\w*(?:[-.:/]\w+)*|\d+[a-z]+_\w+|(?:[a-z]\w*)-\d[\w.]*(?:-[\w.]+)*)";
    KEYWORD = r"^(?:max|min|maximum|minimum|to|from|most|least|than|between|range)-";
    QUOTED = "[\"`']([^\"`'\n]*)[\"`']";
    NAME = r"^(?:[a-z_][\w.:/-]*|\d+[a-z_]\w*)$";
    LEFT = r"\S*[\d¼½¾]\S*";
    // A remark without numbers: `0 (slow) to 1 (fast)`.
    REMARK = r"\s*\([a-z\s]+\)";
    // A number that limits a length in an unknown phrase.
    LIMIT = &format!(
        r"\d[\s-]?(?:{UNIT})\b|\b(?:less|fewer|more|greater|longer|shorter|under|over|exactly|max\w*|min\w*|limit\w*|length|exceed\w*)\W+(?:[a-z]+\W+){{0,2}}\d\S*"
    );
    // A phrase of a bound without a number, or an incomplete range.
    DANGLING = r"\b(?:at\s+(?:the\s+)?(?:most|least)|(?:more|less|greater|fewer|lower|higher)\s+than|exceed\w*)\b|\x1f\s*(?:or|and)\s+(?:more|greater|higher|above|over|less|lower|below|under)\b";
    // Phrases that exclude the bounds or state the sign.
    OPEN = r"\b(?:exclusive(?:ly)?|exclud\w+|strictly|(?:non-|not\s+)inclusive|except|other\s+than|positive|negative|non-?negative)\b";
    AT_AN_END = &expanded(r"{n}\s*(?:is|are|=|means|being|:|for)\s*[a-z]");
}

/// The replacement of text that has been read. No phrase matches across it.
const READ: &str = " \u{1f} ";

impl Numbers {
    /// Reads the description of a field. The name determines its own units.
    pub(super) fn new(description: &str, name: &str, kind: Kind) -> Self {
        let mut numbers = Numbers::default();
        let mut text = normalized(description);
        for (means, phrase) in &*TABLE {
            let replace = |found: &Captures| numbers.take(*means, found, kind, name);
            text = phrase.replace_all(&text, replace).into_owned();
        }
        if kind == Kind::Number {
            text = AT_AN_END.replace_all(&text, |found: &Captures| numbers.without_ends(found)).into_owned();
            let phrases = DANGLING.find_iter(&text).chain(OPEN.find_iter(&text)).chain(LEFT.find_iter(&text));
            numbers.unclear.extend(phrases.map(|found| quoted(found.as_str())));
        } else {
            numbers.unclear.extend(LIMIT.find_iter(&text).map(|found| quoted(found.as_str())));
            let open = OPEN.find_iter(&text).filter(|_| numbers.maximum.is_some() || numbers.minimum.is_some());
            numbers.unclear.extend(open.map(|found| quoted(found.as_str())).collect::<Vec<_>>());
        }
        numbers
    }

    /// Adds a bound that an attribute states.
    pub(super) fn add(&mut self, end: &'static str, value: Value) {
        let bound = if end == "min" { &mut self.minimum } else { &mut self.maximum };
        match bound {
            Some(other) if *other != value => self.unclear.push(format!("{end} is {other} and {value}")),
            _ => *bound = Some(value),
        }
    }

    /// The bounds as a fact.
    pub(super) fn bounds(&self) -> Option<Value> {
        let ends = [("min", &self.minimum), ("max", &self.maximum)];
        let mut bounds: Map<_, _> =
            ends.into_iter().filter_map(|(name, end)| Some((name.to_owned(), end.clone()?))).collect();
        if bounds.is_empty() {
            return None;
        }
        bounds.extend(self.unit.as_ref().map(|unit| ("unit".to_owned(), Value::from(&**unit))));
        Some(bounds.into())
    }

    /// Processes a match of a phrase and returns its replacement.
    fn take(&mut self, means: Means, found: &Captures, kind: Kind, name: &str) -> String {
        let whole = &found[0];
        let has_unit = ["a_unit", "b_unit"].iter().any(|unit| found.name(unit).is_some());
        match means {
            Means::Denied => self.unclear.push(quoted(whole)),
            Means::Range if kind == Kind::Other && !has_unit => return whole.to_owned(),
            Means::Bounds | Means::Range => {
                for (end, group, unit) in [("min", "a", "a_unit"), ("max", "b", "b_unit")] {
                    let Some(text) = found.name(group).map(|text| text.as_str()) else { continue };
                    let word = NUMBER_WORDS.iter().position(|word| *word == text);
                    match word.map(Value::from).or_else(|| number(text)) {
                        Some(value) => self.add(end, value),
                        None => self.unclear.push(quoted(whole)),
                    }
                    self.unit = found.name(unit).and_then(|unit| foreign(unit.as_str(), name)).or(self.unit.take());
                }
            }
            Means::Mention => {}
        }
        READ.to_owned()
    }

    /// The meaning of a bound (`0 is silent`) is not another bound.
    fn without_ends(&self, found: &Captures) -> String {
        let value = number(&found["n"]);
        let is_end = value.is_some() && (value == self.minimum || value == self.maximum);
        if is_end && found.name("n_unit").is_none() { READ.to_owned() } else { found[0].to_owned() }
    }
}

/// Normalizes dashes and signs of the description, and removes quotation marks around numbers.
fn normalized(description: &str) -> String {
    let dashes = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}'];
    let text = description.to_lowercase().replace(dashes, "-").replace(['\u{a0}', '\u{202f}'], " ");
    let text = text.replace('…', "..").replace('≤', "<=").replace('≥', ">=");
    let text = text.replace(['“', '”'], "\"").replace(['‘', '’'], "'");
    let unquote =
        |found: &Captures| if NAME.is_match(&found[1]) { READ.to_owned() } else { format!(" {} ", &found[1]) };
    let text = QUOTED.replace_all(&text, unquote);
    let keep = |found: &Captures, is_kept: bool, other: &str| (if is_kept { &found[0] } else { other }).to_owned();
    let text = REMARK.replace_all(&text, |found: &Captures| keep(found, OPEN.is_match(&found[0]), ""));
    IDENTIFIER.replace_all(&text, |found: &Captures| keep(found, KEYWORD.is_match(&found[0]), READ)).into_owned()
}

/// A unit other than the field's own, such as `30 days` for the field `days`. A factor is a plain number.
fn foreign(unit: &str, name: &str) -> Option<String> {
    let unit = unit.trim_matches(|character: char| character.is_whitespace() || character == '-');
    let stem = unit.trim_end_matches('s');
    let is_own = ["x", "×"].contains(&unit) || stem.len() > 1 && name.to_lowercase().contains(stem);
    (!is_own).then(|| unit.to_owned())
}

fn quoted(text: &str) -> String {
    format!("{:?}", text.trim_matches(|character: char| character.is_whitespace() || ".,;:()".contains(character)))
}
