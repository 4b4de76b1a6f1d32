//! `cargo xtask drift`: what the vendor's page says that the contract does not, and the other way round.

/// Declares patterns that are constants.
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
mod prose;
#[cfg(test)]
mod spellings;
#[cfg(test)]
mod tests;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read as _,
    path::PathBuf,
    process::ExitCode,
};

use callagent::{Agent, Document, Reader, UpdateAgent};
use clap::Args;
use serde_json::Value;

use contract::{Record, undeclared};
use page::{Documented, Example, Facts, Page, Part};

/// List what a saved copy of the vendor's page and the contract say differently.
///
/// Bounds, defaults and words are read from attributes and from descriptions. Numbers that a description states in an
/// unknown way are reported as unclear.
///
/// Exit status: 0 where nothing differs but what is settled; 1 where something differs or is unclear; 2 where the page
/// cannot be read.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The page, as its markup (MDX).
    page: PathBuf,
}

/// How the page and the contract differ in a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The contract lacks what the page says.
    Lacks,
    /// The contract has it otherwise.
    Otherwise,
    /// The contract has it, and the page does not.
    Beyond,
    /// The page has a phrase that is not understood.
    Unclear,
    /// It differs on purpose.
    Settled,
}

/// A point in which they differ.
struct Point {
    line: usize,
    kind: Kind,
    text: String,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let shown = arguments.page.display();
    let mut bytes = Vec::new();
    // A page that is too large is not read to its end.
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
            Kind::Lacks => "lacks",
            Kind::Otherwise => "otherwise",
            Kind::Beyond => "beyond",
            Kind::Unclear => "unclear",
            Kind::Settled => "settled",
        };
        println!("{shown}:{line}: {kind}: {text}");
    }
    let settled = points.iter().filter(|point| point.kind == Kind::Settled).count();
    let drifted = points.len() - settled;
    eprintln!("{drifted} to look at, {settled} settled");
    if drifted == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All points in which a page and the contract differ, in the order of the page.
fn compare(page: &Page, record: &Record) -> Vec<Point> {
    let mut points = Vec::new();
    let mut add = |line, kind, text: String| points.push(Point { line, kind, text });
    if page.call != contract::call() {
        let text = format!("the call is `{}`; the contract has `{}`", page.call, contract::call());
        add(page.call_line, Kind::Otherwise, text);
    }
    let declared = contract::fields();
    let mut seen = BTreeMap::new();
    for field in &page.fields {
        let Documented { part, path, line, .. } = field;
        let name = format!("`{path}` ({})", part.name());
        if let Some(first) = seen.insert((*part, path.clone()), *line) {
            add(*line, Kind::Otherwise, format!("{name} stands on line {first} too"));
            continue;
        }
        for attribute in &field.unknown {
            add(*line, Kind::Lacks, format!("{name}: `{attribute}`, which stands for nothing in the contract"));
        }
        for phrase in &field.unclear {
            add(
                *line,
                Kind::Unclear,
                format!("{name}: {phrase} is not read as a bound or a default; compare it by hand"),
            );
        }
        match declared.get(&(*part, path.clone())) {
            None => add(*line, Kind::Lacks, format!("{name}: {}", listed(&field.facts))),
            Some(facts) => {
                for (kind, text) in differences(field, facts, record) {
                    add(*line, kind, format!("{name}: {text}"));
                }
            }
        }
    }
    // What the page lacks is told where its part ends.
    for ((part, path), facts) in declared.iter().filter(|(key, _)| !seen.contains_key(*key)) {
        let last = page.fields.iter().filter(|field| field.part == *part).map(|field| field.line).max();
        let name = format!("`{path}` ({})", part.name());
        match record.beyond(*part, path) {
            Some(reason) => add(last.unwrap_or(1), Kind::Settled, format!("{name} is not on the page: {reason}")),
            None => add(last.unwrap_or(1), Kind::Beyond, format!("{name} is not on the page: {}", listed(facts))),
        }
    }
    for example in &page.examples {
        for (kind, text) in judged(example, record) {
            add(example.line, kind, text);
        }
    }
    points.sort_by_key(|point| point.line);
    points
}

/// What may be settled and is a fact that a page states; the others it cannot state.
const STATED: [&str; 5] = ["type", "bounds", "null", "absent", "wordsOf"];

/// How the facts of a field differ.
fn differences(field: &Documented, contract: &Facts, record: &Record) -> Vec<(Kind, String)> {
    let Documented { part, path, facts: page, .. } = field;
    let mut differences = Vec::new();
    let are_samples = field.is_open && !contract.contains_key("words");
    for fact in page.keys().chain(contract.keys()).collect::<BTreeSet<_>>() {
        let (said, held) = (page.get(fact), contract.get(fact));
        if said == held || *fact == "words" && are_samples {
            continue;
        }
        let reason = record.reason(*part, path, fact, said);
        let change = match (said, held) {
            (Some(said), Some(held)) => format!("{fact} is {said}; the contract has {held}"),
            (Some(said), None) => format!("{fact} is {said}; the contract has none"),
            (None, Some(held)) => format!("no {fact}; the contract has {held}"),
            (None, None) => continue,
        };
        match (reason, said, held) {
            (Some(reason), ..) => {
                differences.push((Kind::Settled, format!("{change}. {reason}")));
            }
            (None, Some(said), Some(held)) if *fact == "words" => differences.extend(words(said, held)),
            (None, Some(_), Some(_)) => differences.push((Kind::Otherwise, change)),
            (None, Some(_), None) => differences.push((Kind::Lacks, change)),
            (None, None, _) => differences.push((Kind::Beyond, change)),
        }
    }
    if field.is_open && *part == Part::Request && contract.contains_key("words") {
        differences
            .push((Kind::Otherwise, "the words are said to be examples; the contract allows no others".to_owned()));
    }
    if let Some(point) = record.settled(*part, path) {
        for (name, value) in point.members.into_iter().filter(|(name, _)| !STATED.contains(name)) {
            differences.push((Kind::Settled, format!("the contract has `{name}`: {value}. {}", point.reason)));
        }
    }
    differences
}

/// How lists of words differ, word by word.
fn words(page: &Value, contract: &Value) -> Vec<(Kind, String)> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (page, contract) = (list(page), list(contract));
    let lacking = page.iter().filter(|word| !contract.contains(word));
    let lacking = lacking.map(|word| (Kind::Lacks, format!("the word {word}; the contract does not list it")));
    let beyond = contract.iter().filter(|word| !page.contains(word));
    let beyond = beyond.map(|word| (Kind::Beyond, format!("no word {word}; the contract lists it")));
    let differences: Vec<_> = lacking.chain(beyond).collect();
    if differences.is_empty() {
        return vec![(Kind::Otherwise, "the words come in another order".to_owned())];
    }
    differences
}

/// The facts as people read them.
fn listed(facts: &Facts) -> String {
    facts.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

/// What is to say of an example: it is the recorded one, or a message that the contract knows.
fn judged(example: &Example, record: &Record) -> Vec<(Kind, String)> {
    let Example { part, text, .. } = example;
    let whose = format!("the {} example", part.name());
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return vec![(Kind::Otherwise, format!("{whose} is not JSON: {error}"))],
    };
    if *part == Part::Response && value == record.example {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (report, object) = match part {
        Part::Response => (Reader::new().check::<Agent>(text), <Agent as Document>::OBJECT),
        _ => (Reader::new().check::<UpdateAgent>(text), <UpdateAgent as Document>::OBJECT),
    };
    found.extend(report.violations().map(|violation| (Kind::Otherwise, format!("{whose}: {violation}"))));
    let mut fields = Vec::new();
    if *part == Part::Response {
        undeclared(&value, object, "", &mut fields);
    }
    found.extend(fields.into_iter().map(|field| (Kind::Lacks, format!("{whose} has `{field}`"))));
    if *part == Part::Response {
        found.push((Kind::Otherwise, format!("{whose} is not that of fixtures/documented/example.json")));
    }
    found
}
