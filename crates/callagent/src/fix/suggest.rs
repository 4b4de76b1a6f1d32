//! Which suggestion is plausible, and which is safe: a walk over a text that gives violations their surroundings, the object
//! around each, its member, and the member that it repeats.

use std::{borrow::Cow, collections::HashMap};

use super::{
    edit::{apply, is_better},
    nearest::{Near, nearest},
};
use crate::{
    json::{Halt, Kind, Source, Text},
    model::{Code, Contract, Object, Type},
    read::{Decode, Options},
    report::{Expected, Report, Suggestion},
};

/// The codes of violations for which there can be a suggestion.
const FIXABLE: &[Code] = &[Code::DUPLICATE_FIELD, Code::UNKNOWN_FIELD, Code::UNKNOWN_VALUE, Code::WRONG_TYPE];

/// A change to a part with more violations than this is not known to be safe.
const PART_LIMIT: usize = 1000;

/// Adds suggestions to the report on a document in JSON text. No other text may be given, since they name places in it.
pub(crate) fn suggest<T: Decode>(
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

/// From one byte to before another one.
type Span = (usize, usize);

/// One name and value of an object.
struct Member {
    name: Span,
    value: Span,
    /// The value of the first member of the same name, if that is another one.
    first: Option<Span>,
}

/// A suggestion whose safety depends on the object around it.
struct Pending {
    /// The violation's number in the report.
    index: usize,
    code: Code,
    suggestion: Suggestion,
    /// Whether nothing else could have been meant.
    plain: bool,
    /// What the contract says of the object.
    object: &'static Object,
    /// The field that it would add to the object.
    adds: Option<&'static str>,
}

impl Fixer<'_> {
    /// Looks for a suggestion for the violation at `offset`, which is a member's name or value. It is kept at once, unless
    /// it depends on the object around it.
    fn member(&mut self, offset: usize, member: &Member) -> Option<Pending> {
        let (index, violation) = self.report.violation_at(offset, FIXABLE)?;
        let length = violation.location()?.length;
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
                if object.response.is_some_and(|answer| answer.field(&name).is_some()) {
                    self.suggestions.push((index, self.removal(member)));
                    return None;
                }
                let Near { word, plain } = nearest(&name, object.fields.iter().map(|field| field.name))?;
                pending(object, quoted(word), plain, Some(word))
            }
            (Code::UNKNOWN_VALUE, Expected::Type(Type::Enum(vocabulary))) => {
                let found: String = serde_json::from_str(token).ok()?;
                let Near { word, plain } = nearest(&found, vocabulary.values.iter().copied())?;
                pending(violation.parent(self.root)?, quoted(word), plain, None)
            }
            (Code::WRONG_TYPE, Expected::Type(Type::Integer(_) | Type::Number(_) | Type::Boolean)) => {
                pending(violation.parent(self.root)?, unquoted(token)?, true, None)
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

impl Fixer<'_> {
    /// Looks at all members of all objects.
    fn survey(&mut self, source: &mut Text<'_>) -> Result<(), Halt> {
        match source.peek()? {
            Kind::Array => source.array(|source| self.survey(source)),
            Kind::Object => self.survey_object(source),
            _ => source.skip(),
        }
    }

    fn survey_object<'t>(&mut self, source: &mut Text<'t>) -> Result<(), Halt> {
        let start = source.position();
        let mut firsts: HashMap<Cow<'t, str>, Span> = HashMap::new();
        let mut pending: Vec<Pending> = Vec::new();
        source.object(|source, name| {
            let from = source.position();
            self.survey(source)?;
            let value = (from, source.position());
            let mut member = Member { name: (name.start, name.end), value, first: None };
            if self.has_repeats {
                let first = *firsts.entry(name.text).or_insert(value);
                member.first = Some(first).filter(|first| *first != value);
            }
            for offset in [name.start, from] {
                let found = self.member(offset, &member);
                // Of several fields that could be the same documented one, the first is.
                pending
                    .extend(found.filter(|new| new.adds.is_none() || pending.iter().all(|old| old.adds != new.adds)));
            }
            Ok(())
        })?;
        let object = (start, source.position());
        for pending in pending {
            self.judge(pending, object);
        }
        Ok(())
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
