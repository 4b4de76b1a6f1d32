//! Findings: differences with their places in both documents, their rules and their messages.

use serde_json::Value;

use crate::{
    difference::{Decision, Difference},
    differing::Differing,
    direction::Direction,
    document::Document,
    exchanges::Exchange,
    finding::Finding,
    locations::Locations,
    messages::BODY,
    openapi::Message,
    pointer::{child, unescaped},
    rules::{self, Row, Rule, UNDECIDED},
    schemas::Schemas,
    spot::Step,
};

/// A document with its schemas.
pub(crate) struct Compared<'d> {
    pub(crate) document: &'d Document,
    pub(crate) schemas: Schemas<'d>,
    pub(crate) locations: Locations<'d>,
}

impl<'d> Compared<'d> {
    pub(crate) fn new(document: &'d Document, schemas: Schemas<'d>) -> Self {
        Compared { document, schemas, locations: Locations::new(document) }
    }
}

/// A finding of a difference that no rule covers, with its pointer in the old version.
pub(crate) fn without_rule<'c>(
    exchange: &Exchange,
    difference: Difference,
    old: &'c Compared<'_>,
    new: &'c Compared<'_>,
    direction: Option<Direction>,
) -> (Option<String>, Finding) {
    let (reader, writer) = (Some(difference.reader), difference.writer);
    let (old_pointer, new_pointer) = match exchange.direction {
        Direction::Request => (writer, reader),
        Direction::Response => (reader, writer),
    };
    let differing = Differing { old: &old.schemas, new: &new.schemas };
    let (old_pointer, new_pointer) = match (old_pointer, new_pointer) {
        (Some(old), Some(new)) => {
            let (old, new) = differing.first(old, new);
            (Some(old), Some(new))
        }
        pointers => pointers,
    };
    let name = new_pointer.as_ref().or(old_pointer.as_ref());
    let name = name.and_then(|pointer| pointer.rsplit('/').next()).map(unescaped).unwrap_or_default();
    let value = |document: &'c Document, pointer: &Option<String>| document.value.pointer(pointer.as_ref()?);
    let change = change(&name, value(old.document, &old_pointer), value(new.document, &new_pointer));
    let (pointer, location) = new.locations.find(&new_pointer.unwrap_or_default());
    let finding = Finding {
        rule: &UNDECIDED,
        breaks: false,
        direction,
        exchange: None,
        pointer,
        location,
        at: String::new(),
        message: format!("{change}; no rule covers it"),
        witness: None,
    };
    (old_pointer, finding)
}

/// The finding of a difference, with its pointer in the old version.
pub(crate) fn finding(
    exchange: &Exchange,
    difference: Difference,
    old: &Compared<'_>,
    new: &Compared<'_>,
) -> (Option<String>, Finding) {
    let Difference { decision, keyword, path, field, reader, writer, witness, message: _ } = difference;
    let direction = exchange.direction;
    let (old_pointer, new_pointer) = match direction {
        Direction::Request => (writer, Some(reader)),
        Direction::Response => (Some(reader), writer),
    };
    let old_value = old_pointer.as_ref().and_then(|pointer| old.document.value.pointer(pointer));
    let new_value = new_pointer.as_ref().and_then(|pointer| new.document.value.pointer(pointer));
    let detail = detail(&keyword, field.as_deref(), old_value, new_value);

    // Members of a message are elsewhere in the document.
    let name = field.as_ref().filter(|_| path.is_empty() || exchange.name.is_some() && path.len() == 1);
    let member = |message: &Option<Message>| message.as_ref()?.members.get(name?).cloned();
    let (old_member, new_member) = (member(&exchange.old), member(&exchange.new));
    let has_no_place =
        new_pointer.as_ref().is_none_or(|pointer| exchange.name.is_some() && path.is_empty() && pointer.is_empty());
    let whole = exchange.new.as_ref().or(exchange.old.as_ref()).filter(|_| has_no_place);
    let new_pointer = whole.map(|message| message.pointer.clone()).or(new_pointer);
    let (pointer, location) =
        new.locations.find(&new_member.or(old_member.clone()).or(new_pointer).unwrap_or_default());

    let row = match decision {
        Decision::Breaks(row) => Some(row),
        Decision::Undecided | Decision::Unfinished | Decision::NoRule => None,
    };
    let row = row.map(|row| if exchange.name.is_some() { of_message(row, &path, field.as_deref()) } else { row });
    let rule = row.and_then(|row| row.rule(direction));
    let finding = Finding {
        rule: rule.unwrap_or(&UNDECIDED),
        breaks: rule.is_some(),
        direction: Some(direction),
        exchange: exchange.name.clone(),
        pointer,
        location,
        at: path.iter().fold(String::new(), |at, step| match step {
            Step::Field(name) => child(&at, name),
            Step::Item => child(&at, "0"),
            Step::Alternative(..) => at,
        }),
        message: message(rule, &detail, matches!(decision, Decision::Unfinished)),
        witness,
    };
    (old_member.or(old_pointer), finding)
}

fn message(rule: Option<&Rule>, detail: &str, is_unfinished: bool) -> String {
    let title = rule.unwrap_or(&UNDECIDED).title;
    let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
    let lack = match rule {
        Some(_) => "",
        None if is_unfinished => ", because the comparison reached its limit of steps",
        None => ", and no document was found that shows a break",
    };
    format!("{title}{detail}{lack}")
}

/// The row for a member of a message, which is a parameter, a header or the body instead of a field.
fn of_message(row: &'static Row, path: &[Step], field: Option<&str>) -> &'static Row {
    let is_body = field == Some(BODY);
    let is = |other: &Row| row == other;
    match path {
        [] if is_body && (is(rules::REQUIRED) || is(rules::NEW_REQUIRED)) => rules::BODY,
        [] if is(rules::REQUIRED) => rules::PARAMETER,
        [] if is(rules::NEW_REQUIRED) => rules::NEW_PARAMETER,
        [_] if is_body && is(rules::FIELD) => rules::BODY_REMOVED,
        _ => row,
    }
}

/// Describes a change.
fn detail(keyword: &str, field: Option<&str>, old: Option<&Value>, new: Option<&Value>) -> String {
    match (field, keyword) {
        (Some(field), _) => format!("`{field}`"),
        (None, "") => String::new(),
        (None, "enum") => {
            let values = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
            let (old_values, new_values) = (values(old), values(new));
            let removed: Vec<_> = old_values.iter().filter(|value| !new_values.contains(value)).map(short).collect();
            let added: Vec<_> = new_values.iter().filter(|value| !old_values.contains(value)).map(short).collect();
            let list = |verb: &str, values: &[String]| format!("{verb} {}", values.join(", "));
            match (old, new, removed.as_slice(), added.as_slice()) {
                (Some(_), Some(_), [], added) => list("added", added),
                (Some(_), Some(_), removed, []) => list("removed", removed),
                (Some(_), Some(_), removed, added) => list("removed", removed) + " and " + &list("added", added),
                _ => change(keyword, old, new),
            }
        }
        (None, keyword) => change(keyword, old, new),
    }
}

fn change(keyword: &str, old: Option<&Value>, new: Option<&Value>) -> String {
    match (old, new) {
        (Some(old), Some(new)) if old == new => format!("`{keyword}` is {}", short(new)),
        (Some(old), Some(new)) => format!("`{keyword}` changed from {} to {}", short(old), short(new)),
        (None, Some(new)) => format!("`{keyword}` {} was added", short(new)),
        (Some(old), None) => format!("`{keyword}` {} was removed", short(old)),
        (None, None) => format!("`{keyword}` differs"),
    }
}

/// A value, shortened for a message.
fn short(value: &Value) -> String {
    const MAX_LENGTH: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
