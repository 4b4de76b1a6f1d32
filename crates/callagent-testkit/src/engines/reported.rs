//! The findings that an engine reports, in different levels of detail.

use std::{collections::BTreeSet, fmt};

use callagent::tools::EscapeControl;

use super::Entry;

/// The violations or advisories that an engine reports.
#[derive(Debug)]
pub enum Reported {
    /// Only the verdict.
    Nothing,
    /// The text of an error, which names every pointer.
    Text(String),
    /// Pointers without duplicates.
    Pointers(BTreeSet<String>),
    /// Pointers and codes, unordered.
    Entries(Vec<Entry>),
    /// Pointers and codes, in the order of a report.
    Report(Vec<Entry>),
    /// Something that has no code in the contract.
    Else(String),
}

impl Reported {
    /// Pointers and codes, if reported.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match self {
            Reported::Entries(entries) | Reported::Report(entries) => entries,
            Reported::Nothing | Reported::Text(_) | Reported::Pointers(_) | Reported::Else(_) => &[],
        }
    }

    /// Forgets the order of a report.
    pub(super) fn unordered(self) -> Self {
        match self {
            Reported::Report(entries) => Reported::Entries(entries),
            other => other,
        }
    }

    /// Returns whether it agrees with the entries of a report, in the detail that it has.
    #[must_use]
    pub fn agrees(&self, report: &[Entry]) -> bool {
        match self {
            Reported::Nothing => true,
            Reported::Text(text) => {
                let names = |pointer: &str| text.contains(&format!("{}: ", EscapeControl(pointer)));
                report.iter().all(|(pointer, _)| pointer.is_empty() || names(pointer))
            }
            Reported::Pointers(pointers) => {
                report.iter().map(|(pointer, _)| pointer).collect::<BTreeSet<_>>() == pointers.iter().collect()
            }
            Reported::Entries(entries) => sorted(entries) == sorted(report),
            Reported::Report(entries) => entries == report,
            Reported::Else(_) => false,
        }
    }
}

fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_unstable();
    entries
}

impl fmt::Display for Reported {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reported::Nothing => out.write_str("no pointers"),
            Reported::Text(text) | Reported::Else(text) => out.write_str(text),
            Reported::Pointers(pointers) => listing(out, pointers.iter().map(|pointer| format!("at {pointer:?}"))),
            Reported::Entries(entries) | Reported::Report(entries) => fmt::Display::fmt(&Entries(entries), out),
        }
    }
}

/// Formats entries for people.
pub struct Entries<'e>(
    /// The entries.
    pub &'e [Entry],
);

impl fmt::Display for Entries<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        listing(out, self.0.iter().map(|(pointer, code)| format!("{code} at {pointer:?}")))
    }
}

fn listing(out: &mut fmt::Formatter<'_>, parts: impl Iterator<Item = String>) -> fmt::Result {
    let parts: Vec<_> = parts.collect();
    out.write_str(if parts.is_empty() { "nothing" } else { "" })?;
    out.write_str(&parts.join(", "))
}
