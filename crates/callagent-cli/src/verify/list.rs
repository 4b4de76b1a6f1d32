//! The list of cases.

use std::io::{self, Write};

use callagent_verify::{Case, Group, Sentence};
use serde::Serialize;

use super::{arguments::Format, json};

#[derive(Serialize)]
struct Listed {
    case: String,
    group: &'static str,
    number: usize,
    title: &'static str,
    sentences: Vec<&'static Sentence>,
}

/// Writes the cases. Returns `false` if the format has no lists.
pub(super) fn write(cases: &[&'static Case], format: Format, out: &mut impl Write) -> io::Result<bool> {
    match format {
        Format::Human => write_tree(cases, out)?,
        Format::Json => writeln!(out, "{}", json::lines(&cases.iter().map(|case| listed(case)).collect::<Vec<_>>())?)?,
        Format::Ndjson => {
            cases.iter().try_for_each(|case| writeln!(out, "{}", json::text(&listed(case))?))?;
        }
        Format::Github | Format::Sarif | Format::Junit => return Ok(false),
    }
    out.flush()?;
    Ok(true)
}

fn write_tree(cases: &[&'static Case], out: &mut impl Write) -> io::Result<()> {
    let mut last: Option<Group> = None;
    for case in cases {
        if last != Some(case.group()) {
            let gap = if last.is_some() { "\n" } else { "" };
            writeln!(out, "{gap}{}: {}", case.group(), case.group().title())?;
            last = Some(case.group());
        }
        writeln!(out, "  {:>3} {}: {}", case.number(), name(case), case.title())?;
    }
    Ok(())
}

/// Returns the name of a case in its group.
fn name(case: &Case) -> String {
    let id = case.id();
    id.split_once('/').map_or(id.clone(), |(_, name)| name.to_owned())
}

fn listed(case: &'static Case) -> Listed {
    Listed {
        case: case.id(),
        group: case.group().as_str(),
        number: case.number(),
        title: case.title(),
        sentences: case.sentences().collect(),
    }
}
