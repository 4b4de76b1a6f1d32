//! Mending: what a machine may put in the place of a violation, and whether it is safe to.

mod fold;
mod nearest;
mod survey;

use std::hash::RandomState;

use crate::{
    json::{Kind, Source as _, Text},
    model::{Code, Contract, Object, Type},
    read::{Options, Walk, read_text},
    report::{Expected, Report, Suggestion},
};
pub use fold::fold;
use nearest::{Near, nearest};
use survey::{Member, Pending, Span};

/// The codes of violations for which there can be a suggestion.
const FIXABLE: &[Code] = &[Code::DUPLICATE_FIELD, Code::UNKNOWN_FIELD, Code::UNKNOWN_VALUE, Code::WRONG_TYPE];

/// A change to a part with more violations than this is not known to be safe.
const PART_LIMIT: usize = 1000;

/// Adds suggestions to the report on a document in JSON text. No other text may be given, since they name places in it.
pub(crate) fn suggest<T: Walk>(
    options: &Options,
    contract: &'static Contract,
    root: &'static Object,
    text: &[u8],
    report: Report,
) -> Report {
    // What is not UTF-8 is not JSON, and has no suggestion.
    let Ok(text) = std::str::from_utf8(text) else { return report };
    if !report.violations().any(|violation| FIXABLE.contains(&violation.code())) {
        return report;
    }
    let has_repeats = report.violations().any(|violation| violation.code() == Code::DUPLICATE_FIELD);
    let options = Options { limit: Some(PART_LIMIT), ..options.clone() };
    let check = |object, text: &[u8]| T::check_part(object, text, &options, contract);
    let mut fixer = Fixer { check: &check, text, report: &report, root, has_repeats, suggestions: Vec::new() };
    if fixer.survey(&mut Text::new(text.as_bytes())).is_err() {
        return report;
    }
    let mut suggestions = fixer.suggestions;
    suggestions.sort_unstable_by_key(|(index, _)| *index);
    report.with_suggestions(suggestions)
}

/// Applies the safe suggestions to a document in JSON text, then those that are safe after them, and so on. A text that is not
/// JSON stays whole.
pub(crate) fn fix<T: Walk>(
    options: &Options,
    contract: &'static Contract,
    root: &'static Object,
    mut text: Vec<u8>,
) -> Vec<u8> {
    let options = &Options { limit: None, ..options.clone() };
    let check = |text: &[u8]| read_text::<T, false>(text, options, contract, &mut None);
    let mut report = check(&text);
    loop {
        report = suggest::<T>(options, contract, root, &text, report);
        let suggestions = report.violations().filter_map(|violation| violation.suggestion());
        let safe: Vec<_> = suggestions.filter(|suggestion| suggestion.safe).collect();
        // What goes goes first: a changed value would be no exact duplicate any more.
        let removals: Vec<_> = safe.iter().copied().filter(|suggestion| suggestion.text.is_empty()).collect();
        let round = if removals.is_empty() { &safe } else { &removals };
        let attempts = [round.as_slice(), round.get(..1).unwrap_or_default()];
        let better = attempts.into_iter().find_map(|suggestions| {
            let fixed = apply(&text, suggestions);
            let after = check(&fixed);
            is_better(&report, &after).then_some((fixed, after))
        });
        match better {
            Some((fixed, after)) => (text, report) = (fixed, after),
            None => return text,
        }
    }
}

/// Whether there is less wrong than before, and nothing new.
fn is_better(before: &Report, after: &Report) -> bool {
    let hasher = RandomState::new();
    after.violation_count() < before.violation_count()
        && !before.is_cut()
        && after.fingerprints(&hasher).is_subset(&before.fingerprints(&hasher))
}

/// Applies suggestions in the order of their offsets; one that overlaps an earlier one is left out.
fn apply(text: &[u8], suggestions: &[&Suggestion]) -> Vec<u8> {
    let mut sorted = suggestions.to_vec();
    sorted.sort_by_key(|suggestion| suggestion.offset);
    let mut fixed = Vec::with_capacity(text.len());
    let mut position = 0;
    for Suggestion { offset, length, text: replacement, .. } in sorted {
        if *offset >= position {
            fixed.extend_from_slice(text.get(position..*offset).unwrap_or_default());
            fixed.extend_from_slice(replacement.as_bytes());
            position = offset + length;
        }
    }
    fixed.extend_from_slice(text.get(position..).unwrap_or_default());
    fixed
}

struct Fixer<'m> {
    /// Reports on a part of the document, in JSON text, that is this object.
    check: &'m dyn Fn(&'static Object, &[u8]) -> Option<Report>,
    text: &'m str,
    report: &'m Report,
    root: &'static Object,
    /// Whether the report says that a name is repeated.
    has_repeats: bool,
    /// By the violations' numbers in the report.
    suggestions: Vec<(usize, Suggestion)>,
}

impl Fixer<'_> {
    /// Looks for a suggestion for the violation at `offset`, which is a member's name or value. It is kept at once, unless
    /// it depends on the object around it.
    fn member(&mut self, offset: usize, member: &Member) -> Option<Pending> {
        let (index, violation) = self.report.violation_at(offset, FIXABLE)?;
        let length = violation.place()?.length;
        let token = self.text.get(offset..offset + length)?;
        let pending = |object, text, plain, adds| {
            let suggestion = Suggestion { offset, length, text, safe: false };
            Some(Pending { index, code: violation.code(), suggestion, plain, object, adds })
        };
        match (violation.code(), violation.right()) {
            (Code::DUPLICATE_FIELD, _) => {
                let value = |(start, end)| self.text.get(start..end);
                if member.first.and_then(value)? == value(member.value)? {
                    self.suggestions.push((index, self.removal(member)));
                }
                None
            }
            (Code::UNKNOWN_FIELD, Expected::FieldOf(object)) => {
                let name: String = serde_json::from_str(token).ok()?;
                if object.answer.is_some_and(|answer| answer.field(&name).is_some()) {
                    self.suggestions.push((index, self.removal(member)));
                    return None;
                }
                let Near { word, plain } = nearest(&name, object.fields.iter().map(|field| field.name))?;
                pending(object, quoted(word), plain, Some(word))
            }
            (Code::UNKNOWN_VALUE, Expected::Type(Type::Word(vocabulary))) => {
                let found: String = serde_json::from_str(token).ok()?;
                let Near { word, plain } = nearest(&found, vocabulary.words.iter().copied())?;
                pending(violation.holder(self.root)?, quoted(word), plain, None)
            }
            (Code::WRONG_TYPE, Expected::Type(Type::Integer(_) | Type::Number(_) | Type::Boolean)) => {
                pending(violation.holder(self.root)?, unquoted(token)?, true, None)
            }
            _ => None,
        }
    }

    /// Judges the object around a suggestion, before and after it: its own rules are all that the change can break.
    fn judge(&mut self, pending: Pending, (start, end): Span) {
        let Pending { index, code, mut suggestion, plain, object, .. } = pending;
        let Some(before) = self.text.get(start..end) else { return };
        let within = Suggestion { offset: suggestion.offset - start, ..suggestion.clone() };
        let check = |text: &[u8]| (self.check)(object, text);
        let (Some(before), Some(after)) = (check(before.as_bytes()), check(&apply(before.as_bytes(), &[&within])))
        else {
            return;
        };
        let is_better = is_better(&before, &after);
        suggestion.safe = plain && is_better;
        let repeats = |report: &Report| report.violations().filter(|v| v.code() == Code::DUPLICATE_FIELD).count();
        let helps = match code {
            // Not where the field is there already.
            Code::UNKNOWN_FIELD => repeats(&after) <= repeats(&before),
            // In a string may stand anything; it helps where it is right without its quotes.
            Code::WRONG_TYPE => is_better,
            _ => true,
        };
        if helps {
            self.suggestions.push((index, suggestion));
        }
    }

    /// Takes a member out of its object, with one of the commas beside it. It takes part in no rule.
    fn removal(&self, member: &Member) -> Suggestion {
        let (mut start, mut end) = (member.name.0, member.value.1);
        let after = self.text.get(end..).unwrap_or_default();
        let before = self.text.get(..start).unwrap_or_default();
        if let Some(rest) = after.trim_ascii_start().strip_prefix(',') {
            end = self.text.len() - rest.trim_ascii_start().len();
        } else if let Some(rest) = before.trim_ascii_end().strip_suffix(',') {
            start = rest.trim_ascii_end().len();
        }
        Suggestion { offset: start, length: end - start, text: String::new(), safe: true }
    }
}

/// A longer text in a string is not taken for a number.
const LONGEST_VALUE: usize = 64;

/// The one number or boolean that stands in a string.
fn unquoted(token: &str) -> Option<String> {
    let inside: String = serde_json::from_str(token).ok().filter(|inside: &String| inside.len() <= LONGEST_VALUE)?;
    let mut text = Text::new(inside.as_bytes());
    let kind = text.peek().ok().filter(|kind| matches!(kind, Kind::Number | Kind::Boolean))?;
    text.skip_scalar(kind).and_then(|()| text.finish()).ok()?;
    Some(inside.trim_ascii().to_owned())
}

fn quoted(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}
