//! Benchmarks this workspace's reader against other ways to validate requests, on the same documents.

mod contestants;
mod documents;
mod flaws;
mod measure;
mod random;
mod table;
mod tree;

use std::{fs, io::Write as _, path::PathBuf, time::Duration};

use clap::Parser;
use serde_json::json;

use contestants::Contestant;
use documents::Set;
use table::Row;

/// Time several ways to validate requests, and print their ratios to the first
#[derive(Parser)]
struct Options {
    /// Run only contestants whose name contains this, and the first one; may be repeated
    #[arg(long)]
    filter: Vec<String>,
    /// Run only sets of documents whose name contains this: realistic, small, large
    #[arg(long, default_value = "")]
    set: String,
    /// The maximum number of rounds
    #[arg(long, default_value_t = 50)]
    rounds: usize,
    /// The maximum time per set
    #[arg(long, default_value_t = 30.0)]
    seconds: f64,
    /// The seed of the documents
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also write the measurements to this file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Write the documents to this directory instead of timing, one JSON object per line
    #[arg(long)]
    write: Option<PathBuf>,
    /// Read the lines of this file into plain structs instead of timing, to be timed from outside
    #[arg(long)]
    read_lines: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    if let Some(path) = &options.read_lines {
        let (read, refused) = contestants::plain::read_lines(path)?;
        println!("{read} read, {refused} refused");
        return Ok(());
    }
    let mut sets = documents::sets(options.seed);
    sets.retain(|set| set.name.contains(&options.set));
    sets.iter().for_each(assert_flaws);
    if let Some(folder) = &options.write {
        return write(folder, &sets);
    }

    let mut contestants = contestants::all();
    let mut index = 0;
    contestants.retain(|contestant| {
        index += 1;
        index == 1 || options.filter.is_empty() || options.filter.iter().any(|part| contestant.name.contains(part))
    });
    let wrong_verdicts: Vec<Vec<usize>> = sets.iter().map(|set| count_wrong_verdicts(set, &contestants)).collect();

    let limit = Duration::from_secs_f64(options.seconds);
    let mut measured = Vec::new();
    for (set, wrong_verdicts) in sets.iter().zip(wrong_verdicts) {
        let timings = measure::measure(set, &contestants, options.rounds, limit);
        let rows = contestants.iter().zip(wrong_verdicts).zip(timings);
        let rows: Vec<Row> =
            rows.map(|((contestant, wrong_verdicts), timing)| Row { contestant, wrong_verdicts, timing }).collect();
        table::print(set, &rows);
        measured.push((set, rows));
    }
    table::print_summary(&measured);
    if let Some(path) = &options.json {
        let sets: Vec<_> = measured.iter().map(|(set, rows)| table::json(set, rows)).collect();
        fs::write(path, serde_json::to_string_pretty(&json!({"seed": options.seed, "sets": sets}))?)?;
    }
    Ok(())
}

/// Checks that each flaw of a document is one violation, and that there are no others.
fn assert_flaws(set: &Set) {
    for document in &set.documents {
        let report = callagent::check::<callagent::UpdateAgent>(&document.text);
        assert_eq!(
            report.violations().len(),
            document.flaws.len(),
            "{report:?}\n{:?}\n{}",
            document.flaws,
            document.text
        );
    }
}

/// Checks that every contestant gives the expected verdict on every document, and counts its wrong verdicts, which are due to
/// flaws that it cannot detect.
fn count_wrong_verdicts(set: &Set, contestants: &[Contestant]) -> Vec<usize> {
    let wrong_verdicts = |contestant: &Contestant| {
        let mut wrong_verdicts = 0;
        for document in &set.documents {
            let verdict = (contestant.accepts)(document);
            let expected = contestant.expects_valid(&document.flaws);
            assert_eq!(verdict, expected, "{} on {:?}\n{}", contestant.name, document.flaws, document.text);
            wrong_verdicts += usize::from(verdict != set.is_valid);
        }
        wrong_verdicts
    };
    contestants.iter().map(wrong_verdicts).collect()
}

fn write(folder: &PathBuf, sets: &[Set]) -> Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(folder)?;
    for set in sets {
        let name = format!("{}-{}.jsonl", set.name, if set.is_valid { "valid" } else { "invalid" });
        let mut file = std::io::BufWriter::new(fs::File::create(folder.join(name))?);
        for document in &set.documents {
            let line = json!({"flaws": document.flaws, "text": document.text});
            writeln!(file, "{line}")?;
        }
        file.flush()?;
    }
    Ok(())
}
