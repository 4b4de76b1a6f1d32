//! The table of outcomes: one row per suite, one column per engine.

use callagent_testkit::vectors::Suite;

use super::{Outcome, Results};

pub(super) fn print(suites: &[Suite], results: &[Results]) {
    let head = |result: &Results| result.name.clone();
    let mut rows = vec![[String::new()].into_iter().chain(results.iter().map(head)).collect::<Vec<_>>()];
    for (index, suite) in suites.iter().enumerate() {
        let counts =
            results.iter().map(|result| Counts::new(result.outcomes.get(index).into_iter().flatten()).to_string());
        rows.push([suite.name.clone()].into_iter().chain(counts).collect());
    }
    let totals = results.iter().map(|result| Counts::new(result.outcomes.iter().flatten()).to_string());
    rows.push(["all".to_owned()].into_iter().chain(totals).collect());

    let widths: Vec<_> =
        (0..=results.len()).map(|at| rows.iter().map(|row| row[at].len()).max().unwrap_or(0)).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, &width))| match at {
            0 => format!("{cell:width$}"),
            _ => format!("{cell:>width$}"),
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    println!("Counts are passed/failed/not applicable; expected failures follow a plus sign.");
}

#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    expected: usize,
    not_applicable: usize,
}

impl Counts {
    fn new<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Self {
        let mut counts = Counts::default();
        for outcome in outcomes {
            *match outcome {
                Outcome::Passed => &mut counts.passed,
                Outcome::Failed(_) => &mut counts.failed,
                Outcome::Expected => &mut counts.expected,
                Outcome::NotApplicable => &mut counts.not_applicable,
            } += 1;
        }
        counts
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.passed, self.failed)?;
        if self.expected > 0 {
            write!(out, "+{}", self.expected)?;
        }
        write!(out, "/{}", self.not_applicable)
    }
}
