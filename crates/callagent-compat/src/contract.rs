//! The comparison of two versions of a contract, paired part by part.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::Value;

use crate::{
    classes::{Classes, Side},
    cycles,
    dialect::Dialect,
    difference::{Decision, Difference},
    direction::Direction,
    document::Document,
    error::{Error, Version, refuse},
    exchanges::{Exchange, exchanges},
    finding::{Comparison, Finding, Options},
    openapi::{self, Message, OpenApi},
    prover::Prover,
    report::{self, Compared},
    rules,
    schemas::Schemas,
    walk::{self, Pair, Sides},
    work::Work,
};

/// The total size of the witnesses in a report, in bytes. Further witnesses are omitted.
const MAX_WITNESS_BYTES: usize = 16 << 20;

/// The schema of messages that do not occur.
static FALSE: Value = Value::Bool(false);

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

/// Checks the schemas of both documents.
fn compared<'d>(
    (old, old_schemas): (&'d Document, Schemas<'d>),
    (new, new_schemas): (&'d Document, Schemas<'d>),
) -> Result<(Compared<'d>, Compared<'d>), Error> {
    let check = |schemas: &Schemas<'_>| schemas.check().and_then(|()| cycles::check(schemas));
    check(&old_schemas).map_err(refuse(Version::Old))?;
    check(&new_schemas).map_err(refuse(Version::New))?;
    Ok((Compared::new(old, old_schemas), Compared::new(new, new_schemas)))
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
    let mut differences = differences(exchanges, &roots, (old, new), classes, options);
    differences.sort_by_key(|difference| difference.message);
    let mut findings = Vec::new();
    let mut reported = BTreeSet::new();
    let mut witnessed = 0;
    for difference in differences {
        let Some(exchange) = exchanges.get(difference.message) else { continue };
        let (old_pointer, finding) = match difference.decision {
            Decision::NoRule => report::without_rule(exchange, difference, old, new, direction),
            Decision::Breaks(_) | Decision::Undecided | Decision::Unfinished => {
                report::finding(exchange, difference, old, new)
            }
        };
        // Parts shared by several exchanges are reported once.
        if reported.insert((old_pointer, finding.pointer.clone(), finding.message.clone())) {
            witnessed += finding.witness.as_ref().map_or(0, |witness| witness.to_string().len());
            let witness = finding.witness.filter(|_| witnessed <= MAX_WITNESS_BYTES);
            findings.push(Finding { witness, ..finding });
        }
    }
    findings.sort_by_key(|finding| (!finding.breaks, finding.location.offset));
    Ok(findings)
}

/// Compares the roots of all exchanges, those of each direction together.
fn differences<'c>(
    exchanges: &[Exchange],
    roots: &[(&'c Value, &'c Value)],
    (old, new): (&'c Compared<'c>, &'c Compared<'c>),
    classes: &'c Classes,
    options: &Options<'_>,
) -> Vec<Difference> {
    let work = &Work::default();
    let (old_side, new_side) = ((Side::Old, &old.schemas), (Side::New, &new.schemas));
    let has_changed = |direction: &Direction| {
        let mut pairs = exchanges.iter().zip(roots).filter(|(exchange, _)| exchange.direction == *direction);
        pairs.any(|(_, (old, new))| classes.of(Side::Old, old) != classes.of(Side::New, new))
    };
    let directions: Vec<_> = [Direction::Request, Direction::Response].into_iter().filter(has_changed).collect();
    let done = Cell::new(0);
    let mut differences = Vec::new();
    for direction in &directions {
        work.add_direction(directions.len());
        let (reader, writer) = match direction {
            Direction::Request => (new_side, old_side),
            Direction::Response => (old_side, new_side),
        };
        let pair = |(exchange, (old, new)): (&Exchange, &(&'c Value, &'c Value))| {
            let (reader, writer) = match direction {
                Direction::Request => (*new, *old),
                Direction::Response => (*old, *new),
            };
            let pair = Pair { reader, writer, refused: exchange.refused };
            Some(pair).filter(|_| exchange.direction == *direction)
        };
        let messages: Vec<_> = exchanges.iter().zip(roots).map(pair).collect();
        let sides = Sides { classes, reader: reader.0, writer: writer.0, work };
        let mut prover = Prover::new(reader, writer, classes, work);
        let before = done.get();
        let progress = |count: usize, total: usize| {
            done.set(before + count);
            options.progress.inspect(|progress| progress(before + count, before + total));
        };
        differences.extend(walk::compare(&mut prover, sides, &messages, &progress));
    }
    differences
}
