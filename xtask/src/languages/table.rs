//! The table of results, printed and kept in the docs.

use std::fs;

use callagent::model::Direction;
use jiff::{Timestamp, tz::TimeZone};

use super::{Outcome, TOOLS, Tool, tally::Counts};

/// The file with the table, relative to the workspace.
const FILE: &str = "conformance/GENERATORS.md";

const HEAD: &str = "\
| tool | version | reads | compiles | requests: valid accepted | invalid rejected | responses: valid accepted | invalid rejected | round trips | what it cannot express | date |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

/// The row of a tool.
pub(super) struct Row {
    name: &'static str,
    cells: Vec<String>,
    date: String,
    was_run: bool,
}

impl Row {
    pub(super) fn new(tool: &Tool, outcome: &Outcome) -> Result<Self, String> {
        let none = || vec!["–".to_owned(); 5];
        let mut cells = vec![tool.version()?, tool.reads.to_owned()];
        match outcome {
            Outcome::NotRun(why) => {
                cells.push(format!("skipped: {}", first_line(why)));
                cells.extend(none());
                cells.push("–".to_owned());
            }
            Outcome::Unusable { step, why } => {
                cells.push(format!("no: fails to {step}"));
                cells.extend(none());
                cells.push(error_line(why));
            }
            Outcome::Generated => {
                cells.push("generated; not compiled".to_owned());
                cells.extend(none());
                cells.push("–".to_owned());
            }
            Outcome::Verdict(tally) => {
                cells.push("yes".to_owned());
                for direction in [Direction::Request, Direction::Response] {
                    let Counts { valid, invalid } = tally.counts(direction);
                    cells.extend([valid.to_string(), invalid.to_string()]);
                }
                cells.push(tally.round_trips().map_or("–".to_owned(), |count| count.to_string()));
                cells.push(tally.gaps());
            }
        }
        let date = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
        Ok(Row { name: tool.name, cells, date, was_run: !matches!(outcome, Outcome::NotRun(_)) })
    }

    fn line(&self) -> String {
        format!("| {} | {} | {} |\n", self.name, self.cells.join(" | "), self.date)
    }
}

pub(super) fn print(rows: &[Row]) {
    print!("{HEAD}");
    for row in rows {
        print!("{}", row.line());
    }
}

/// Writes the rows of the tools that were run to the file and keeps the others.
pub(super) fn write(rows: &[Row]) -> Result<(), String> {
    let path = crate::root().join(FILE);
    let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {FILE}: {error}"))?;
    let (before, after) =
        text.split_once(HEAD).ok_or_else(|| format!("{FILE} has no table with this head:\n{HEAD}"))?;
    let kept = after.lines().take_while(|line| line.starts_with('|')).collect::<Vec<_>>();
    let rest: String = after.lines().skip(kept.len()).map(|line| format!("{line}\n")).collect();
    let lines: String = TOOLS
        .iter()
        .filter_map(|tool| {
            let existing = kept.iter().find(|line| is_of(line, tool.name)).map(|line| format!("{line}\n"));
            let row = rows.iter().find(|row| row.name == tool.name);
            match row {
                Some(row) if row.was_run || existing.is_none() => Some(row.line()),
                _ => existing,
            }
        })
        .collect();
    fs::write(&path, format!("{before}{HEAD}{lines}{rest}")).map_err(|error| format!("cannot write {FILE}: {error}"))
}

fn is_of(line: &str, name: &str) -> bool {
    line.starts_with(&format!("| {name} |"))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The line of a tool's output that describes the error.
fn error_line(text: &str) -> String {
    let with = |word: &str| text.lines().find(|line| line.to_lowercase().contains(word));
    let line = ["not supported", "error"].into_iter().find_map(with).unwrap_or_else(|| first_line(text));
    line.trim().trim_end_matches(['{', ' ', ':']).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_in_the_table() {
        let text = fs::read_to_string(crate::root().join(FILE)).expect("the docs are there");
        assert!(text.contains(HEAD));
        for tool in TOOLS {
            let version = tool.version().expect("its manifest pins it");
            let line = text.lines().find(|line| is_of(line, tool.name));
            assert!(
                line.is_some_and(|line| line.contains(&version)),
                "{} {version}: run `cargo xtask measure generators --write {}`",
                tool.name,
                tool.name
            );
        }
    }
}
