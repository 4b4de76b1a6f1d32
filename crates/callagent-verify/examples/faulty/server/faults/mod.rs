//! The table of the faults.

mod answers;
mod applies;
mod checks;
mod concurrency;
mod fields;
mod head;
mod path;
mod problems;
mod refuses;
mod refuses_text;
mod stores;
mod syntax;
mod types;
mod values;

use axum::http::request::Parts;
use callagent::ProblemType;
use serde_json::Value;

use super::{
    body::{Body, Found},
    fault::{Access, Change, Fault, Flaw, Kind, Overlook, Refuse, Stage},
    reply::{Reply, Seen},
};

const TABLES: &[&[Fault]] = &[
    values::FAULTS,
    types::FAULTS,
    fields::FAULTS,
    syntax::FAULTS,
    refuses::FAULTS,
    refuses_text::FAULTS,
    applies::FAULTS,
    stores::FAULTS,
    answers::FAULTS,
    problems::FAULTS,
    path::FAULTS,
    head::FAULTS,
    checks::FAULTS,
    concurrency::FAULTS,
];

/// All faults.
pub(crate) static FAULTS: &[Fault] = &ALL;

static ALL: [Fault; count()] = {
    let mut all = [values::FAULTS[0]; count()];
    let (mut table, mut next) = (0, 0);
    while table < TABLES.len() {
        let mut index = 0;
        while index < TABLES[table].len() {
            all[next] = TABLES[table][index];
            (index, next) = (index + 1, next + 1);
        }
        table += 1;
    }
    all
};

const fn count() -> usize {
    let (mut count, mut table) = (0, 0);
    while table < TABLES.len() {
        count += TABLES[table].len();
        table += 1;
    }
    count
}

// The codes of the contract. `Code::as_str` is not available in constants.
const DUPLICATE_FIELD: &str = "duplicate-field";
const MALFORMED: &str = "malformed";
const MISSING_FIELD: &str = "missing-field";
const OUT_OF_RANGE: &str = "out-of-range";
const UNKNOWN_FIELD: &str = "unknown-field";
const UNKNOWN_VALUE: &str = "unknown-value";
const WRONG_TYPE: &str = "wrong-type";

// Pointers.
const MODEL: &str = "/llmModel";
const PROVIDER: &str = "/ttsModel/provider";
const KEY: &str = "/ttsModel/elevenLabsApiKey";
const CALLBACK: &str = "/smartCallback";
const ATTEMPTS: &str = "/maxAttemptsForSmartCallback";
const GAPS: &str = "/gapBetweenEachAttemptForSmartCallback";
const GAP: &str = "/gapBetweenEachAttemptForSmartCallback/*";
const DAYS: &str = "/gapBetweenEachAttemptForSmartCallback/*/days";
const HOURS: &str = "/gapBetweenEachAttemptForSmartCallback/*/hours";
const PHONE_NUMBERS: &str = "/phoneNumberIds";

type Row = (&'static str, &'static str);

const fn fault((name, about): Row, kind: Kind) -> Fault {
    Fault { name, about, kind }
}

const fn overlook(row: Row, code: &'static str, at: &'static str, when: fn(&Found<'_>) -> bool) -> Fault {
    fault(row, Kind::Overlook(Overlook { code, at, when }))
}

/// Refuses an update with a violation.
const fn refuse(row: Row, code: &'static str, when: fn(&Body<'_>) -> Option<String>) -> Fault {
    fault(row, Kind::Refuse(Refuse { problem: ProblemType::INVALID_UPDATE, code, when }))
}

/// Refuses an update with a problem without violations.
const fn refuse_with(row: Row, problem: ProblemType, when: fn(&Body<'_>) -> Option<String>) -> Fault {
    fault(row, Kind::Refuse(Refuse { problem, code: "", when }))
}

const fn repair(row: Row, repair: fn(&[u8]) -> Vec<u8>) -> Fault {
    fault(row, Kind::Repair(repair))
}

const fn apply(row: Row, apply: fn(&Change, &mut Value)) -> Fault {
    fault(row, Kind::Apply(apply))
}

const fn ignore(row: Row, pointer: &'static str) -> Fault {
    fault(row, Kind::Ignore(pointer))
}

const fn reply(row: Row, reply: fn(&Seen, &mut Reply)) -> Fault {
    fault(row, Kind::Reply(reply))
}

const fn head(row: Row, head: fn(&mut Parts)) -> Fault {
    fault(row, Kind::Head(head))
}

const fn order(row: Row, order: &'static [Stage]) -> Fault {
    fault(row, Kind::Order(order))
}

const fn grant(row: Row, grants: fn(&Access<'_>) -> bool) -> Fault {
    fault(row, Kind::Grant(grants))
}

const fn flaw(row: Row, flaw: Flaw) -> Fault {
    fault(row, Kind::Flaw(flaw))
}
