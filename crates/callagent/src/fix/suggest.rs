//! Suggestions for violations: which are plausible, and which are safe. A pass over the text finds the object around
//! each violation, its entry, and the entry that it repeats.

use std::{borrow::Cow, collections::HashMap};

use super::{
    edit::{apply, is_better},
    nearest::{Near, nearest},
};
use crate::{
    json::{Halt, Kind, NameHasher, Source, Span, Text},
    model::{Code, Contract, Object, Type},
    read::{Decode, Options},
    report::{Expected, Report, Suggestion},
};

/// The codes of violations that can have a suggestion.
const FIXABLE: &[Code] = &[Code::DUPLICATE_FIELD, Code::UNKNOWN_FIELD, Code::UNKNOWN_VALUE, Code::WRONG_TYPE];

/// The safety of a change is not determined in a part with more violations than this.
const PART_LIMIT: usize = 1000;

/// Adds suggestions to the report on a document in JSON text. It must be the same text, since they refer to its
/// offsets.
pub(crate) fn suggest<T: Decode>(
    options: &Options,
    contract: &'static Contract,
    root: &'static Object,
    text: &[u8],
    report: Report,
) -> Report {
    // Text that is not UTF-8 is not JSON and has no suggestions.
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

struct Fixer<'m> {
    /// Reports on a part of the document, given as JSON text, that is this object.
    check: &'m dyn Fn(&'static Object, &[u8]) -> Option<Report>,
    text: &'m str,
    report: &'m Report,
    root: &'static Object,
    /// Whether the report has a duplicate field.
    has_repeats: bool,
    /// The suggestions by the index of the violation in the report.
    suggestions: Vec<(usize, Suggestion)>,
}

/// A name and value of an object.
struct Member {
    name: Span,
    value: Span,
    /// The value of the first entry with the same name, if that is a different entry.
    first: Option<Span>,
}

/// A suggestion whose safety depends on the object around it.
struct Pending {
    /// The index of the violation in the report.
    index: usize,
    code: Code,
    suggestion: Suggestion,
    /// Whether the suggestion is unambiguous.
    plain: bool,
    /// The model of the object.
    object: &'static Object,
    /// The field that the suggestion would add to the object.
    adds: Option<&'static str>,
}

impl Fixer<'_> {
    /// Looks for a suggestion for the violation at `offset`, which is the name or value of an entry. It is kept
    /// immediately unless it depends on the object around it.
    fn member(&mut self, offset: usize, member: &Member) -> Option<Pending> {
        let (index, violation) = self.report.violation_at(offset, FIXABLE)?;
        let span = violation.span()?;
        let token = self.text.get(span.range())?;
        let pending = |object, text, plain, adds| {
            let suggestion = Suggestion { span, text, safe: false };
            Some(Pending { index, code: violation.code(), suggestion, plain, object, adds })
        };
        match (violation.code(), violation.expectation()) {
            (Code::DUPLICATE_FIELD, _) => {
                let value = |value: Span| self.text.get(value.range());
                if member.first.and_then(value)? == value(member.value)? {
                    self.suggestions.push((index, self.removal(member)));
                }
                None
            }
            (Code::UNKNOWN_FIELD, Expected::FieldOf(object)) => {
                let name = content(token)?;
                if object.response.is_some_and(|response| response.field(&name).is_some()) {
                    self.suggestions.push((index, self.removal(member)));
                    return None;
                }
                let Near { value, plain } = nearest(&name, object.fields.iter().map(|field| field.name))?;
                pending(object, quoted(value), plain, Some(value))
            }
            (Code::UNKNOWN_VALUE, Expected::Type(Type::Enum(vocabulary))) => {
                let found = content(token)?;
                let Near { value, plain } = nearest(&found, vocabulary.values.iter().copied())?;
                pending(violation.parent(self.root)?, quoted(value), plain, None)
            }
            (Code::WRONG_TYPE, Expected::Type(Type::Integer(_) | Type::Number(_) | Type::Boolean)) => {
                pending(violation.parent(self.root)?, unquoted(token)?, true, None)
            }
            _ => None,
        }
    }

    /// Checks the object around a suggestion before and after the change, which can break only the rules of that
    /// object.
    fn check_object(&mut self, pending: Pending, around: Span) {
        let Pending { index, code, mut suggestion, plain, object, .. } = pending;
        let Some(before) = self.text.get(around.range()) else { return };
        let span = Span { offset: suggestion.span.offset - around.offset, ..suggestion.span };
        let within = Suggestion { span, ..suggestion.clone() };
        let check = |text: &[u8]| (self.check)(object, text);
        let (Some(before), Some(after)) = (check(before.as_bytes()), check(&apply(before.as_bytes(), &[&within])))
        else {
            return;
        };
        let is_better = is_better(&before, &after);
        suggestion.safe = plain && is_better;
        let repeats = |report: &Report| report.violations().filter(|v| v.code() == Code::DUPLICATE_FIELD).count();
        let helps = match code {
            // Not if the object already has the field.
            Code::UNKNOWN_FIELD => repeats(&after) <= repeats(&before),
            // A string may have any content; the suggestion helps if the content is valid without the quotes.
            Code::WRONG_TYPE => is_better,
            _ => true,
        };
        if helps {
            self.suggestions.push((index, suggestion));
        }
    }

    /// Removes an entry from its object together with an adjacent comma. It is not involved in any rule.
    fn removal(&self, member: &Member) -> Suggestion {
        let (mut start, mut end) = (member.name.offset, member.value.end());
        let (before, after) = (&self.text[..start], &self.text[end..]);
        if let Some(rest) = after.trim_ascii_start().strip_prefix(',') {
            end = self.text.len() - rest.trim_ascii_start().len();
        } else if let Some(rest) = before.trim_ascii_end().strip_suffix(',') {
            start = rest.trim_ascii_end().len();
        }
        Suggestion { span: Span::between(start, end), text: String::new(), safe: true }
    }
}

impl Fixer<'_> {
    /// Visits all entries of all objects.
    fn survey(&mut self, source: &mut Text<'_>) -> Result<(), Halt> {
        match source.peek()? {
            Kind::Array => source.array(|source| self.survey(source)),
            Kind::Object => self.survey_object(source),
            _ => source.skip(),
        }
    }

    fn survey_object<'t>(&mut self, source: &mut Text<'t>) -> Result<(), Halt> {
        let start = source.position();
        let mut firsts: HashMap<Cow<'t, str>, Span, NameHasher> = HashMap::default();
        let mut pending: Vec<Pending> = Vec::new();
        source.object(|source, name| {
            let from = source.position();
            self.survey(source)?;
            let value = Span::between(from, source.position());
            let mut member = Member { name: name.span(), value, first: None };
            if self.has_repeats {
                let first = *firsts.entry(name.text).or_insert(value);
                member.first = Some(first).filter(|first| *first != value);
            }
            for offset in [name.start, from] {
                let found = self.member(offset, &member);
                // If several fields could be the same documented field, the first one is.
                pending
                    .extend(found.filter(|new| new.adds.is_none() || pending.iter().all(|old| old.adds != new.adds)));
            }
            Ok(())
        })?;
        let object = Span::between(start, source.position());
        for pending in pending {
            self.check_object(pending, object);
        }
        Ok(())
    }
}

/// Longer strings are not treated as numbers.
const LONGEST_VALUE: usize = 64;

/// Returns the number or boolean that is the whole content of a string.
fn unquoted(token: &str) -> Option<String> {
    let inside = content(token).filter(|inside| inside.len() <= LONGEST_VALUE)?;
    let mut text = Text::new(inside.as_bytes());
    let kind = text.peek().ok().filter(|kind| matches!(kind, Kind::Number | Kind::Boolean))?;
    text.skip_scalar(kind).and_then(|()| text.finish()).ok()?;
    Some(inside.trim_ascii().to_owned())
}

/// Returns the characters of a string.
fn content(token: &str) -> Option<Cow<'_, str>> {
    let mut text = Text::new(token.as_bytes());
    match text.peek() {
        Ok(Kind::String) => text.string().ok(),
        _ => None,
    }
}

fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}
