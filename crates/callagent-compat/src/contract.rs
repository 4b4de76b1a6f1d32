//! The comparison of two versions of a contract, paired part by part.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    classes::{Classes, Side},
    dialect::Dialect,
    differing::Differing,
    document::Document,
    error::{Error, Version},
    finding::{Comparison, Direction, Finding, Options},
    locations::Locations,
    matching::{MediaType, covering, status_of},
    messages::BODY,
    openapi::{self, Members, Message, Messages, OpenApi},
    pointer::{child, unescaped},
    prover::Prover,
    rules::{self, Row, Rule, UNDECIDED},
    schemas::Schemas,
    walk::{self, Decision, Difference, Shared, Sides, Step},
    work::Work,
};

/// The total size of the witnesses in a report, in bytes. Further witnesses are omitted.
const MAX_WITNESS_BYTES: usize = 16 << 20;

/// The schema of messages that do not occur.
static FALSE: Value = Value::Bool(false);

/// A document with its schemas.
struct Compared<'d> {
    document: &'d Document,
    schemas: Schemas<'d>,
    locations: Locations<'d>,
}

impl<'d> Compared<'d> {
    fn new(document: &'d Document, schemas: Schemas<'d>) -> Self {
        Compared { document, schemas, locations: Locations::new(document) }
    }
}

/// A pair to compare: documents of one kind in the old and the new version.
struct Exchange {
    direction: Direction,
    name: Option<String>,
    old: Option<Message>,
    new: Option<Message>,
    /// The rule for a reader that has no such documents.
    refused: &'static Row,
}

/// Compares two versions of a document.
///
/// # Errors
/// If a document is not supported, or only one of them is an OpenAPI document.
pub fn compare(old: &Document, new: &Document, options: &Options<'_>) -> Result<Comparison, Error> {
    let findings = match (openapi::version(&old.value), openapi::version(&new.value)) {
        (Some(old_version), Some(new_version)) => {
            let mut old_api = OpenApi::new(&old.value, old_version).map_err(refuse(Version::Old))?;
            let mut new_api = OpenApi::new(&new.value, new_version).map_err(refuse(Version::New))?;
            let exchanges = exchanges(&mut old_api, &mut new_api)?;
            let (old, new) = compared((old, old_api.schemas), (new, new_api.schemas))?;
            findings(&exchanges, &old, &new, (None, options))
        }
        (None, None) => {
            let (old_schemas, old_message) = schema(old).map_err(refuse(Version::Old))?;
            let (new_schemas, new_message) = schema(new).map_err(refuse(Version::New))?;
            let (old, new) = compared((old, old_schemas), (new, new_schemas))?;
            let exchange = Exchange {
                direction: options.direction,
                name: None,
                old: Some(old_message),
                new: Some(new_message),
                refused: rules::NOTHING,
            };
            findings(&[exchange], &old, &new, (Some(options.direction), options))
        }
        (openapi, _) => {
            let openapi = if openapi.is_some() { Version::Old } else { Version::New };
            return Err(Error::Kinds { openapi });
        }
    };
    Ok(Comparison { findings: findings? })
}

/// A bare schema, as the only message of its document.
fn schema(document: &Document) -> Result<(Schemas<'_>, Message), String> {
    let mut schemas = Schemas::new(&document.value, Dialect::Draft202012);
    let schema = schemas.reference("", Direction::Request)?;
    Ok((schemas, Message { schema, pointer: String::new(), members: BTreeMap::new() }))
}

fn refuse(version: Version) -> impl Fn(String) -> Error {
    move |reason| Error::Document { version, reason }
}

/// Checks the schemas of both documents.
fn compared<'d>(
    (old, old_schemas): (&'d Document, Schemas<'d>),
    (new, new_schemas): (&'d Document, Schemas<'d>),
) -> Result<(Compared<'d>, Compared<'d>), Error> {
    old_schemas.check().map_err(refuse(Version::Old))?;
    new_schemas.check().map_err(refuse(Version::New))?;
    Ok((Compared::new(old, old_schemas), Compared::new(new, new_schemas)))
}

/// Pairs the requests and responses of two OpenAPI documents, including those whose counterpart is missing.
fn exchanges<'d>(old: &mut OpenApi<'d>, new: &mut OpenApi<'d>) -> Result<Vec<Exchange>, Error> {
    let (of_old, of_new) = (refuse(Version::Old), refuse(Version::New));
    let mut new_operations = new.operations().map_err(&of_new)?;
    let mut exchanges = vec![Exchange {
        direction: Direction::Request,
        name: None,
        old: Some(old.whole().map_err(&of_old)?),
        new: Some(new.whole().map_err(&of_new)?),
        refused: rules::NOTHING,
    }];
    for (key, operation) in old.operations().map_err(&of_old)? {
        let Some(new_operation) = new_operations.remove(&key) else {
            let name = Some(format!("the request of {}", operation.name));
            let (direction, refused) = (Direction::Request, rules::OPERATION);
            let requests = old.requests(&operation, &operation, &Members::new()).map_err(&of_old)?;
            exchanges.push(Exchange { direction, name, old: requests.into_values().next(), new: None, refused });
            continue;
        };
        // Clients of the old version do not send parameters added later.
        let new_parameters = new.parameters(&new_operation, &operation).map_err(&of_new)?;
        let requests = old.requests(&operation, &operation, &new_parameters).map_err(&of_old)?;
        let new_requests = new.requests(&new_operation, &operation, &Members::new()).map_err(&of_new)?;
        exchanges.extend(request_exchanges(&operation.name, requests, &new_requests));

        let old_statuses = old.statuses(&operation).map_err(&of_old)?;
        let new_statuses = new.statuses(&new_operation).map_err(&of_new)?;
        for Statuses { name, old: old_status, new: new_status } in paired(&old_statuses, &new_statuses) {
            let (mut known, mut headers) = (None, Members::new());
            if let Some(status) = old_status {
                known = Some(old.responses(&operation, status, false, &Members::new()).map_err(&of_old)?);
                headers = old.headers(&operation, status).map_err(&of_old)?;
            }
            // The new version does not send headers that were removed.
            let answers = new.responses(&new_operation, new_status, true, &headers).map_err(&of_new)?;
            exchanges.extend(response_exchanges(&new_operation.name, name, answers, known.as_ref()));
        }
    }
    Ok(exchanges)
}

/// A status of the new version, with its key in each version.
struct Statuses<'s> {
    name: &'s str,
    old: Option<&'s str>,
    new: &'s str,
}

/// The statuses whose responses may break clients.
fn paired<'s>(old: &'s [String], new: &'s [String]) -> Vec<Statuses<'s>> {
    let is_success = |name: &str| name.starts_with('2');
    let listed = new.iter().map(|name| Statuses { name, old: status_of(old, name), new: name });
    // Clients treat unknown statuses as their class (RFC 9110, section 15).
    let listed = listed.filter(|statuses| statuses.old.is_some() || is_success(statuses.name));
    // The responses of a status that is no longer listed may now be those of a range or of the default.
    let no_longer = old.iter().filter(|name| !new.contains(name));
    let no_longer = no_longer.filter_map(|name| Some(Statuses { name, old: Some(name), new: status_of(new, name)? }));
    listed.chain(no_longer).collect()
}

fn request_exchanges(operation: &str, old: Messages, new: &Messages) -> Vec<Exchange> {
    let of = |(media_type, message): (Option<MediaType>, Message)| {
        let counterpart = match &media_type {
            Some(media_type) => covering(new, media_type).or(new.get(&None)),
            // A request without a body does not depend on the media type.
            None => new.values().next(),
        };
        let media_type = media_type.map(|media_type| format!(" as {media_type}")).unwrap_or_default();
        Exchange {
            direction: Direction::Request,
            name: Some(format!("the request of {operation}{media_type}")),
            old: Some(message),
            new: counterpart.cloned(),
            refused: rules::REQUEST_MEDIA,
        }
    };
    old.into_iter().map(of).collect()
}

/// `known` are the responses of the old version with this status.
fn response_exchanges(operation: &str, status: &str, new: Messages, known: Option<&Messages>) -> Vec<Exchange> {
    let of = |(media_type, message): (Option<MediaType>, Message)| {
        let counterpart = known.and_then(|known| match &media_type {
            Some(media_type) => covering(known, media_type).or(known.get(&None)),
            None => known.values().next(),
        });
        let refused = if known.is_some() { rules::RESPONSE_MEDIA } else { rules::SUCCESS };
        let media_type = media_type.map(|media_type| format!(" as {media_type}")).unwrap_or_default();
        Exchange {
            direction: Direction::Response,
            name: Some(format!("the response {status} of {operation}{media_type}")),
            old: counterpart.cloned(),
            new: Some(message),
            refused,
        }
    };
    new.into_iter().map(of).collect()
}

fn findings<'c>(
    exchanges: &[Exchange],
    old: &'c Compared<'c>,
    new: &'c Compared<'c>,
    (direction, options): (Option<Direction>, &Options<'_>),
) -> Result<Vec<Finding>, Error> {
    let classes = &Classes::new(&old.schemas, &new.schemas).map_err(refuse(Version::New))?;
    let of = |compared: &'c Compared<'_>, message: &Option<Message>| {
        let reference = message.as_ref().and_then(|message| message.schema.get("$ref")?.as_str());
        reference.and_then(|reference| compared.schemas.resolve(reference)).map_or(&FALSE, |(_, schema)| schema)
    };
    let roots: Vec<_> = exchanges.iter().map(|exchange| (of(old, &exchange.old), of(new, &exchange.new))).collect();
    let changed = roots.iter().filter(|(old, new)| classes.of(Side::Old, old) != classes.of(Side::New, new));
    let work = &Work::new(changed.count());
    let (old_side, new_side) = ((Side::Old, &old.schemas), (Side::New, &new.schemas));
    let mut of_requests = Shared::new(Prover::new(new_side, old_side, classes, work));
    let mut of_responses = Shared::new(Prover::new(old_side, new_side, classes, work));
    let mut findings = Vec::new();
    let mut reported = BTreeSet::new();
    let mut witnessed = 0;
    for (index, (exchange, (old_root, new_root))) in exchanges.iter().zip(roots).enumerate() {
        options.progress.inspect(|progress| progress(index, exchanges.len()));
        let sides = |reader, writer| Sides { classes, reader, writer, work };
        let differences = match exchange.direction {
            Direction::Request => {
                let sides = sides(Side::New, Side::Old);
                walk::compare(&mut of_requests, (new_root, old_root), sides, exchange.refused)
            }
            Direction::Response => {
                let sides = sides(Side::Old, Side::New);
                walk::compare(&mut of_responses, (old_root, new_root), sides, exchange.refused)
            }
        };
        for difference in differences {
            let (old_pointer, finding) = match difference.decision {
                Decision::NoRule => without_rule(exchange, difference, old, new, direction),
                Decision::Breaks(_) | Decision::Undecided | Decision::Unfinished => {
                    finding(exchange, difference, old, new)
                }
            };
            // Parts shared by several exchanges are reported once.
            if reported.insert((old_pointer, finding.pointer.clone(), finding.message.clone())) {
                witnessed += finding.witness.as_ref().map_or(0, |witness| witness.to_string().len());
                let witness = finding.witness.filter(|_| witnessed <= MAX_WITNESS_BYTES);
                findings.push(Finding { witness, ..finding });
            }
        }
    }
    findings.sort_by_key(|finding| (!finding.breaks, finding.location.offset));
    Ok(findings)
}

/// A finding of a difference that no rule covers, with its pointer in the old version.
fn without_rule<'c>(
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
fn finding(
    exchange: &Exchange,
    difference: Difference,
    old: &Compared<'_>,
    new: &Compared<'_>,
) -> (Option<String>, Finding) {
    let Difference { decision, keyword, path, field, reader, writer, witness } = difference;
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
