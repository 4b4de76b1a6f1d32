//! How much an engine tells of where the violations are, and whether that agrees with what is due.

use std::{collections::BTreeSet, fmt};

use callagent::EscapeControl;

use super::Entry;

/// What an engine tells of the places of violations or advisories.
#[derive(Debug)]
pub(crate) enum Told {
    /// The verdict alone.
    Nothing,
    /// An error's text, which names every place.
    Text(String),
    /// The places, each once.
    Pointers(BTreeSet<String>),
    /// Places and codes, in no order.
    Entries(Vec<Entry>),
    /// Places and codes, in the order of a report.
    Report(Vec<Entry>),
    /// Something that the contract has no code for.
    Else(String),
}

impl Told {
    /// Places and codes, as far as they are told.
    pub(crate) fn entries(&self) -> &[Entry] {
        match self {
            Told::Entries(entries) | Told::Report(entries) => entries,
            Told::Nothing | Told::Text(_) | Told::Pointers(_) | Told::Else(_) => &[],
        }
    }

    /// Whether it says the same as the entries of a report, as far as it says anything.
    pub(crate) fn agrees(&self, report: &[Entry]) -> bool {
        match self {
            Told::Nothing => true,
            Told::Text(text) => {
                let names = |pointer: &str| text.contains(&format!("{}: ", EscapeControl(pointer)));
                report.iter().all(|(pointer, _)| pointer.is_empty() || names(pointer))
            }
            Told::Pointers(pointers) => {
                report.iter().map(|(pointer, _)| pointer).collect::<BTreeSet<_>>() == pointers.iter().collect()
            }
            Told::Entries(entries) => sorted(entries) == sorted(report),
            Told::Report(entries) => entries == report,
            Told::Else(_) => false,
        }
    }
}

fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_unstable();
    entries
}

impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Nothing => out.write_str("no places"),
            Told::Text(text) | Told::Else(text) => out.write_str(text),
            Told::Pointers(pointers) => listing(out, pointers.iter().map(|pointer| format!("at {pointer:?}"))),
            Told::Entries(entries) | Told::Report(entries) => fmt::Display::fmt(&Entries(entries), out),
        }
    }
}

/// Entries as people read them.
pub(crate) struct Entries<'e>(pub(crate) &'e [Entry]);

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
