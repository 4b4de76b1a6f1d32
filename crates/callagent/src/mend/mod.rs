//! Mending: what a machine may put in the place of a violation, and whether it is safe to.

mod nearest;
mod survey;

use std::hash::RandomState;

use crate::{
    Code, Document, Reader, Report,
    declaration::{Object, Type},
    read::{Kind, Source as _, Text},
    report::Expected,
};
use nearest::{Near, nearest};
use survey::{Member, Pending, Span};

/// What to put in the place of a violation, where that is plain: the field or word that is nearly spelled, nothing for a
/// field of the response or an exact duplicate, the number that stands in a string.
///
/// Offsets are those of the text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The first byte to replace, from 0.
    pub offset: usize,
    /// How many bytes to replace.
    pub length: usize,
    /// What to put there.
    pub text: String,
    /// Whether nothing else can have been meant, and the document then has fewer violations and no new one.
    pub safe: bool,
}

/// Adds suggestions to the report on a document in JSON text. No other text may be given, since they name places in it.
pub(crate) fn suggest(reader: &Reader, root: &'static Object, text: &[u8], report: Report) -> Report {
    // What is not UTF-8 is not JSON, and has no suggestion.
    let Ok(text) = std::str::from_utf8(text) else { return report };
    if !report.violations().any(|violation| violation.code().is_mendable()) {
        return report;
    }
    let has_repeats = report.violations().any(|violation| violation.code() == Code::DuplicateField);
    let (reader, suggestions) = (&reader.judging_parts(), Vec::new());
    let mut mender = Mender { reader, text, report: &report, root, has_repeats, suggestions };
    if mender.survey(&mut Text::new(text.as_bytes())).is_err() {
        return report;
    }
    let mut suggestions = mender.suggestions;
    suggestions.sort_unstable_by_key(|(index, _)| *index);
    report.with_suggestions(suggestions)
}

impl Reader {
    /// Applies the safe suggestions to a document in JSON text, then those that are safe after them, and so on. Every
    /// other byte stays as it is; a text that is not JSON stays whole.
    ///
    /// ```
    /// use callagent::{Reader, UpdateAgent};
    ///
    /// let text = br#"{ "llm_model": "gpt-5",  "smartCallback": "true" }"#.to_vec();
    /// let mended = Reader::new().mend::<UpdateAgent>(text);
    /// assert_eq!(mended, br#"{ "llmModel": "gpt-5",  "smartCallback": true }"#);
    /// ```
    #[must_use]
    pub fn mend<T: Document>(&self, text: Vec<u8>) -> Vec<u8> {
        let reader = self.fixing();
        let mut text = text;
        let mut report = reader.check::<T>(&text);
        loop {
            let suggestions = report.violations().filter_map(|violation| violation.suggestion());
            let safe: Vec<_> = suggestions.filter(|suggestion| suggestion.safe).collect();
            // What goes goes first: a changed value would be no exact duplicate any more.
            let removals: Vec<_> = safe.iter().copied().filter(|suggestion| suggestion.text.is_empty()).collect();
            let round = if removals.is_empty() { &safe } else { &removals };
            let attempts = [round.as_slice(), round.get(..1).unwrap_or_default()];
            let better = attempts.into_iter().find_map(|suggestions| {
                let mended = apply(&text, suggestions);
                let after = reader.check::<T>(&mended);
                is_better(&report, &after).then_some((mended, after))
            });
            match better {
                Some((mended, after)) => (text, report) = (mended, after),
                None => return text,
            }
        }
    }
}

impl Code {
    /// Whether there can be a suggestion for such a violation.
    pub(crate) fn is_mendable(self) -> bool {
        matches!(self, Code::DuplicateField | Code::UnknownField | Code::UnknownValue | Code::WrongType)
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
    let mut mended = Vec::with_capacity(text.len());
    let mut position = 0;
    for Suggestion { offset, length, text: replacement, .. } in sorted {
        if *offset >= position {
            mended.extend_from_slice(text.get(position..*offset).unwrap_or_default());
            mended.extend_from_slice(replacement.as_bytes());
            position = offset + length;
        }
    }
    mended.extend_from_slice(text.get(position..).unwrap_or_default());
    mended
}

struct Mender<'m> {
    reader: &'m Reader,
    text: &'m str,
    report: &'m Report,
    root: &'static Object,
    /// Whether the report says that a name is repeated.
    has_repeats: bool,
    /// By the violations' numbers in the report.
    suggestions: Vec<(usize, Suggestion)>,
}

impl Mender<'_> {
    /// Looks for a suggestion for the violation at `offset`, which is a member's name or value. It is kept at once, unless
    /// it depends on the object around it.
    fn member(&mut self, offset: usize, member: &Member) -> Option<Pending> {
        let (index, violation) = self.report.mendable_at(offset)?;
        let length = violation.place()?.length;
        let token = self.text.get(offset..offset + length)?;
        let pending = |object, text, plain, adds| {
            let suggestion = Suggestion { offset, length, text, safe: false };
            Some(Pending { index, code: violation.code(), suggestion, plain, object, adds })
        };
        match (violation.code(), violation.right()) {
            (Code::DuplicateField, _) => {
                let value = |(start, end)| self.text.get(start..end);
                if member.first.and_then(value)? == value(member.value)? {
                    self.suggestions.push((index, self.removal(member)));
                }
                None
            }
            (Code::UnknownField, Expected::FieldOf(object)) => {
                let name: String = serde_json::from_str(token).ok()?;
                if object.answer.is_some_and(|answer| answer.field(&name).is_some()) {
                    self.suggestions.push((index, self.removal(member)));
                    return None;
                }
                let Near { word, plain } = nearest(&name, object.fields.iter().map(|field| field.name))?;
                pending(object, quoted(word), plain, Some(word))
            }
            (Code::UnknownValue, Expected::Type(Type::Word(vocabulary))) => {
                let found: String = serde_json::from_str(token).ok()?;
                let Near { word, plain } = nearest(&found, vocabulary.words.iter().copied())?;
                pending(violation.holder(self.root)?, quoted(word), plain, None)
            }
            (Code::WrongType, Expected::Type(Type::Integer(_) | Type::Number(_) | Type::Boolean)) => {
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
        let after = (object.check)(self.reader, &apply(before.as_bytes(), &[&within]));
        let before = (object.check)(self.reader, before.as_bytes());
        let is_better = is_better(&before, &after);
        suggestion.safe = plain && is_better;
        let repeats = |report: &Report| report.violations().filter(|v| v.code() == Code::DuplicateField).count();
        let helps = match code {
            // Not where the field is there already.
            Code::UnknownField => repeats(&after) <= repeats(&before),
            // In a string may stand anything; it helps where it is right without its quotes.
            Code::WrongType => is_better,
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
