//! `cargo xtask drift`: compares the vendor's page with the contract.

/// Defines regular expressions as statics.
macro_rules! regex {
    ($($(#[$attribute:meta])* $name:ident = $pattern:expr;)+) => {
        $(static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| regex::Regex::new($pattern).expect("a pattern that the tests compile"));)+
    };
}

mod bounds;
#[cfg(test)]
mod cases;
mod contract;
mod page;
#[cfg(test)]
mod phrases;
mod prose;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read as _,
    path::PathBuf,
    process::ExitCode,
};

use callagent::{Agent, Document, Reader, UpdateAgent};
use callagent_testkit::documented::Facts;
use clap::Args;
use serde_json::Value;

use contract::{Record, undocumented};
use page::{Documented, Example, Page, Part};

/// List the differences between a saved copy of the vendor's page and the contract.
///
/// Bounds, defaults and values are read from attributes and descriptions. Numbers that are not understood are
/// reported as unclear.
///
/// Exit status: 0 if all differences are settled; 1 if a difference is not settled or a phrase is unclear; 2 if the page
/// cannot be read.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The page in MDX.
    page: PathBuf,
}

/// The kind of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// On the page, but not in the contract.
    Missing,
    /// Different in the contract.
    Different,
    /// In the contract, but not on the page.
    Extra,
    /// A phrase of the page that is not understood.
    Unclear,
    /// Different on purpose.
    Settled,
}

/// A difference.
struct Point {
    line: usize,
    kind: Kind,
    text: String,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let shown = arguments.page.display();
    let mut bytes = Vec::new();
    // `Page::parse` rejects pages of this size.
    let read = File::open(&arguments.page).and_then(|file| file.take(1 << 20).read_to_end(&mut bytes));
    let points = read.map_err(|error| error.to_string()).and_then(|_| Page::parse(&bytes));
    let points = points.and_then(|page| Ok(compare(&page, &Record::read()?)));
    let points = match points {
        Ok(points) => points,
        Err(reason) => {
            eprintln!("cargo xtask: cannot read {shown}: {reason}");
            return ExitCode::from(2);
        }
    };
    for Point { line, kind, text } in &points {
        let kind = match kind {
            Kind::Missing => "missing",
            Kind::Different => "different",
            Kind::Extra => "extra",
            Kind::Unclear => "unclear",
            Kind::Settled => "settled",
        };
        println!("{shown}:{line}: {kind}: {text}");
    }
    let settled = points.iter().filter(|point| point.kind == Kind::Settled).count();
    let drifted = points.len() - settled;
    eprintln!("{drifted} to review, {settled} settled");
    if drifted == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All differences between a page and the contract, in the order of the page.
fn compare(page: &Page, record: &Record) -> Vec<Point> {
    let mut points = Vec::new();
    let mut add = |line, kind, text: String| points.push(Point { line, kind, text });
    if page.call != contract::call() {
        let text = format!("the call is `{}`; the contract has `{}`", page.call, contract::call());
        add(page.call_line, Kind::Different, text);
    }
    let documented = contract::fields();
    let mut seen = BTreeMap::new();
    for field in &page.fields {
        let Documented { part, path, line, .. } = field;
        let name = format!("`{path}` ({})", part.name());
        if let Some(first) = seen.insert((*part, path.clone()), *line) {
            add(*line, Kind::Different, format!("{name} is also on line {first}"));
            continue;
        }
        for attribute in &field.unknown {
            add(*line, Kind::Missing, format!("{name}: the attribute `{attribute}` is unknown"));
        }
        for phrase in &field.unclear {
            add(
                *line,
                Kind::Unclear,
                format!("{name}: {phrase} is not understood as a bound or a default; compare it by hand"),
            );
        }
        match documented.get(&(*part, path.clone())) {
            None => add(*line, Kind::Missing, format!("{name}: {}", display(&field.facts))),
            Some(facts) => {
                for (kind, text) in differences(field, facts, record) {
                    add(*line, kind, format!("{name}: {text}"));
                }
            }
        }
    }
    // Fields that the page lacks are reported at the end of their part.
    for ((part, path), facts) in documented.iter().filter(|(key, _)| !seen.contains_key(*key)) {
        let last = page.fields.iter().filter(|field| field.part == *part).map(|field| field.line).max();
        let name = format!("`{path}` ({})", part.name());
        match record.reason_for_extra(*part, path) {
            Some(reason) => add(last.unwrap_or(1), Kind::Settled, format!("{name} is not on the page: {reason}")),
            None => add(last.unwrap_or(1), Kind::Extra, format!("{name} is not on the page: {}", display(facts))),
        }
    }
    for example in &page.examples {
        for (kind, text) in example_differences(example, record) {
            add(example.line, kind, text);
        }
    }
    points.sort_by_key(|point| point.line);
    points
}

/// The settled facts that a page can state.
const STATED: [&str; 5] = ["type", "bounds", "null", "absent", "wordsOf"];

/// The differences of a field's facts.
fn differences(field: &Documented, contract: &Facts, record: &Record) -> Vec<(Kind, String)> {
    let Documented { part, path, facts: page, .. } = field;
    let mut differences = Vec::new();
    let are_samples = field.is_open && !contract.contains_key("words");
    for fact in page.keys().chain(contract.keys()).collect::<BTreeSet<_>>() {
        let (stated, expected) = (page.get(fact), contract.get(fact));
        if stated == expected || *fact == "words" && are_samples {
            continue;
        }
        let reason = record.reason(*part, path, fact, stated);
        let name = display_name(fact);
        let change = match (stated, expected) {
            (Some(stated), Some(expected)) => format!("{name} is {stated}; the contract has {expected}"),
            (Some(stated), None) => format!("{name} is {stated}; the contract has none"),
            (None, Some(expected)) => format!("no {name}; the contract has {expected}"),
            (None, None) => continue,
        };
        match (reason, stated, expected) {
            (Some(reason), ..) => {
                differences.push((Kind::Settled, format!("{change}. {reason}")));
            }
            (None, Some(stated), Some(expected)) if *fact == "words" => differences.extend(values(stated, expected)),
            (None, Some(_), Some(_)) => differences.push((Kind::Different, change)),
            (None, Some(_), None) => differences.push((Kind::Missing, change)),
            (None, None, _) => differences.push((Kind::Extra, change)),
        }
    }
    if field.is_open && *part == Part::Request && contract.contains_key("words") {
        differences
            .push((Kind::Different, "the page calls the values examples; the contract allows no others".to_owned()));
    }
    if let Some(point) = record.settled(*part, path) {
        for (name, value) in point.facts.into_iter().filter(|(name, _)| !STATED.contains(name)) {
            differences.push((Kind::Settled, format!("the contract has `{name}`: {value}. {}", point.reason)));
        }
    }
    differences
}

/// The differences of lists of values.
fn values(page: &Value, contract: &Value) -> Vec<(Kind, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (page, contract) = (list(page), list(contract));
    let missing = page.iter().filter(|value| !contract.contains(value));
    let missing = missing.map(|value| (Kind::Missing, format!("the value {value}; the contract does not list it")));
    let extra = contract.iter().filter(|value| !page.contains(value));
    let extra = extra.map(|value| (Kind::Extra, format!("no value {value}; the contract lists it")));
    let differences: Vec<_> = missing.chain(extra).collect();
    if differences.is_empty() {
        return vec![(Kind::Different, "the values are in a different order".to_owned())];
    }
    differences
}

/// The name of a fact in messages.
fn display_name(fact: &str) -> &str {
    match fact {
        "due" => "condition",
        "words" => "values",
        fact => fact,
    }
}

/// Formats facts for people.
fn display(facts: &Facts) -> String {
    facts.iter().map(|(fact, value)| format!("{} {value}", display_name(fact))).collect::<Vec<_>>().join(", ")
}

/// The differences of an example: it must be the recorded one, or a valid message.
fn example_differences(example: &Example, record: &Record) -> Vec<(Kind, String)> {
    let Example { part, text, .. } = example;
    let example_name = format!("the {} example", part.name());
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return vec![(Kind::Different, format!("{example_name} is not JSON: {error}"))],
    };
    if *part == Part::Response && value == record.example {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (report, object) = match part {
        Part::Response => (Reader::new().check::<Agent>(text), <Agent as Document>::OBJECT),
        _ => (Reader::new().check::<UpdateAgent>(text), <UpdateAgent as Document>::OBJECT),
    };
    found.extend(report.violations().map(|violation| (Kind::Different, format!("{example_name}: {violation}"))));
    let mut fields = Vec::new();
    if *part == Part::Response {
        undocumented(&value, object, "", &mut fields);
    }
    found.extend(fields.into_iter().map(|field| (Kind::Missing, format!("{example_name} has `{field}`"))));
    if *part == Part::Response {
        found.push((Kind::Different, format!("{example_name} differs from fixtures/documented/example.json")));
    }
    found
}
