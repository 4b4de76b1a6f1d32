//! The measurements as a table and as JSON.

use serde_json::{Value, json};

use crate::{contestants::Contestant, documents::Set, measure::Timing};

/// One contestant on one set.
pub struct Row<'c> {
    pub contestant: &'c Contestant,
    pub wrong_verdicts: usize,
    pub timing: Timing,
}

pub fn print(set: &Set, rows: &[Row<'_>]) {
    let (documents, bytes) = (set.documents.len(), set.bytes());
    let rounds = rows.first().map_or(0, |row| row.timing.rounds.len());
    println!("\n## {}: {documents} documents, {} bytes on average, {rounds} rounds\n", title(set), bytes / documents);
    println!("| contestant | gives | ratio | of minima | ns/document, median | minimum | MB/s | wrong verdicts |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for row in rows {
        println!(
            "| {} | {} | {} | {} | {:.0} | {:.0} | {} | {} |",
            row.contestant.name,
            row.contestant.gives.as_str(),
            short(row.timing.ratio(&rows[0].timing)),
            short(row.timing.minimum() / rows[0].timing.minimum()),
            row.timing.median(),
            row.timing.minimum(),
            if row.contestant.reads_text() {
                format!("{:.0}", megabytes_a_second(set, &row.timing))
            } else {
                "–".to_owned()
            },
            if row.wrong_verdicts == 0 { "–".to_owned() } else { row.wrong_verdicts.to_string() },
        );
    }
}

/// The ratios on all sets in one table, for the README.
pub fn print_summary(measured: &[(&Set, Vec<Row<'_>>)]) {
    println!("\n## Ratios\n");
    let titles: Vec<String> = measured.iter().map(|(set, _)| title(set)).collect();
    println!("| contestant | gives | {} |", titles.join(" | "));
    println!("| --- | --- |{}", " ---: |".repeat(measured.len()));
    let rows = measured.first().map_or(0, |(_, rows)| rows.len());
    for index in 0..rows {
        let (_, first) = &measured[0];
        let cells = measured.iter().map(|(set, rows)| {
            let row = &rows[index];
            let ratio = short(row.timing.ratio(&rows[0].timing));
            let wrong_verdicts = 100.0 * row.wrong_verdicts as f64 / set.documents.len() as f64;
            if row.wrong_verdicts == 0 { ratio } else { format!("{ratio} ({wrong_verdicts:.0} % wrong)") }
        });
        let cells: Vec<String> = cells.collect();
        let contestant = first[index].contestant;
        println!("| {} | {} | {} |", contestant.name, contestant.gives.as_str(), cells.join(" | "));
    }
    let nanoseconds: Vec<String> =
        measured.iter().map(|(_, rows)| format!("{:.0} ns", rows[0].timing.median())).collect();
    println!("| the first, a document | | {} |", nanoseconds.join(" | "));
}

pub fn json(set: &Set, rows: &[Row<'_>]) -> Value {
    let row = |row: &Row<'_>| {
        json!({
            "contestant": row.contestant.name,
            "gives": row.contestant.gives.as_str(),
            "wrong_verdicts": row.wrong_verdicts,
            "ratio": row.timing.ratio(&rows[0].timing),
            "ratio_of_minima": row.timing.minimum() / rows[0].timing.minimum(),
            "median_ns": row.timing.median(),
            "minimum_ns": row.timing.minimum(),
            "megabytes_per_second": megabytes_a_second(set, &row.timing),
            "rounds_ns": row.timing.rounds,
        })
    };
    json!({
        "set": set.name,
        "valid": set.is_valid,
        "documents": set.documents.len(),
        "bytes": set.bytes(),
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// A ratio with two significant digits.
fn short(ratio: f64) -> String {
    let decimals = if ratio < 0.01 {
        4
    } else if ratio < 0.1 {
        3
    } else {
        2
    };
    format!("{ratio:.decimals$}")
}

fn title(set: &Set) -> String {
    format!("{}, {}", set.name, if set.is_valid { "valid" } else { "invalid" })
}

/// Bytes per nanosecond, which are gigabytes per second.
fn megabytes_a_second(set: &Set, timing: &Timing) -> f64 {
    set.bytes() as f64 / set.documents.len() as f64 / timing.median() * 1_000.0
}
