//! The table of results, printed and kept in the docs.

use std::fs;

use super::{
    Tool,
    results::{Results, Row, STRICT, TOLERANT},
};

/// The file with the table, relative to the workspace, and the lines around it.
const FILE: &str = "docs/contract-test-faults.md";
const BEGIN: &str = "<!-- begin: cargo xtask measure faults --write -->\n";
const END: &str = "<!-- end -->\n";

/// The findings that a cell names.
const NAMED: usize = 2;

const TOOLS: [Tool; 2] = [Tool::Verify, Tool::Schemathesis];

/// Formats the totals and all rows.
pub(super) fn markdown(results: &Results) -> String {
    let mut text = "| | `callagent verify` | schemathesis |\n| --- | --- | --- |\n".to_owned();
    let faults: Vec<_> = results.rows.iter().filter(|row| !row.is_correct()).collect();
    let of_faults = |empty: bool| {
        TOOLS.map(|tool| count(results, &faults, tool, |findings| findings.is_empty() == empty).to_string())
    };
    let accusations = |name: &str| {
        let row = results.rows.iter().find(|row| row.name == name);
        TOOLS.map(|tool| row.map_or_else(|| cell(None), |row| cell(results.found(row, tool))))
    };
    for (label, cells) in [
        ("faults found", of_faults(false)),
        ("faults missed", of_faults(true)),
        ("false accusations of a correct server, strict", accusations(STRICT)),
        ("false accusations of a correct server, tolerant", accusations(TOLERANT)),
    ] {
        text.push_str(&line([label, &cells[0], &cells[1]]));
    }
    text.push_str(
        "\n| fault | the server | found by `callagent verify` | found by schemathesis |\n| --- | --- | --- | --- |\n",
    );
    for row in &results.rows {
        let [verify, schemathesis] = TOOLS.map(|tool| cell(results.found(row, tool)));
        text.push_str(&line([&row.name, &row.about, &verify, &schemathesis]));
    }
    text
}

/// Writes the table to the docs.
pub(super) fn write(table: &str) -> Result<(), String> {
    let path = crate::root().join(FILE);
    let page = fs::read_to_string(&path).map_err(|error| format!("cannot read {FILE}: {error}"))?;
    let page = replace(&page, table).ok_or_else(|| format!("{FILE} lacks the lines\n{BEGIN}{END}"))?;
    fs::write(&path, page).map_err(|error| format!("cannot write {FILE}: {error}"))
}

/// Replaces what is between the marks.
fn replace(page: &str, table: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

fn count(results: &Results, rows: &[&Row], tool: Tool, counts: impl Fn(&[&str]) -> bool) -> usize {
    rows.iter().filter(|row| results.found(row, tool).is_some_and(|findings| counts(&findings))).count()
}

fn cell(findings: Option<Vec<&str>>) -> String {
    match findings {
        None => "not run".to_owned(),
        Some(findings) if findings.is_empty() => "–".to_owned(),
        Some(findings) => {
            let named = findings.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
            let others = findings.len().saturating_sub(NAMED);
            if others == 0 { named } else { format!("{named} and {others} more") }
        }
    }
}

fn line<const N: usize>(cells: [&str; N]) -> String {
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify_faults::results::Outcome;

    #[test]
    fn the_table_counts_what_is_found_and_names_it() {
        let outcome = |findings: &[&str], seconds| {
            Some(Outcome { findings: findings.iter().map(|&finding| finding.to_owned()).collect(), seconds })
        };
        let row = |name: &str, verify, schemathesis| Row {
            name: name.to_owned(),
            about: "It does wrong.".to_owned(),
            verify,
            schemathesis,
        };
        let rows = vec![
            row(STRICT, outcome(&[], 2.0), outcome(&["x|y"], 4.0)),
            row("first", outcome(&["a/1", "a/2", "a/3"], 1.0), outcome(&["x|y"], 8.0)),
            row("second", outcome(&["b/1"], 3.0), None),
        ];
        let expected = "\
| | `callagent verify` | schemathesis |
| --- | --- | --- |
| faults found | 2 | 0 |
| faults missed | 0 | 1 |
| false accusations of a correct server, strict | – | x\\|y |
| false accusations of a correct server, tolerant | not run | not run |

| fault | the server | found by `callagent verify` | found by schemathesis |
| --- | --- | --- | --- |
| correct, strict | It does wrong. | – | x\\|y |
| first | It does wrong. | a/1, a/2 and 1 more | – |
| second | It does wrong. | b/1 | not run |
";
        assert_eq!(markdown(&Results { rows }), expected);
    }

    #[test]
    fn the_page_has_a_place_for_the_table() {
        let page = fs::read_to_string(crate::root().join(FILE)).expect("the docs are there");
        let once = replace(&page, "a table").expect("the marks are there");
        assert!(once.contains("a table"));
        assert_eq!(replace(&once, "a table"), Some(once));
    }
}
