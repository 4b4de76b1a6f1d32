//! The contestants, with the flaws that each does not detect.

mod collecting;
mod ours;
pub mod plain;
mod ruled;
mod schemas;

use crate::{documents::Document, flaws::Flaw};

/// A way to validate a document.
pub struct Contestant {
    pub name: &'static str,
    /// What it reports about an invalid document.
    pub gives: Gives,
    /// The flaws that it does not detect.
    pub blind: &'static [Flaw],
    /// Validates a document. Returns whether it is valid.
    pub accepts: Box<dyn Fn(&Document) -> bool>,
}

#[derive(Clone, Copy)]
pub enum Gives {
    /// Nothing: it parses only.
    Nothing,
    /// Whether it is valid.
    Verdict,
    /// The first violation.
    First,
    /// All violations with pointers.
    All,
    /// All violations with pointers and locations in the text.
    Places,
}

impl Gives {
    pub fn as_str(self) -> &'static str {
        match self {
            Gives::Nothing => "nothing",
            Gives::Verdict => "verdict",
            Gives::First => "first",
            Gives::All => "all",
            Gives::Places => "all, places",
        }
    }
}

impl Contestant {
    /// Whether it starts from text instead of a parsed value.
    pub fn reads_text(&self) -> bool {
        !self.name.starts_with("parsed: ")
    }

    /// Returns whether it should accept a document with these flaws.
    pub fn expects_valid(&self, flaws: &[Flaw]) -> bool {
        flaws.iter().all(|flaw| self.blind.contains(flaw))
    }
}

/// All contestants. The others are compared with the first.
pub fn all() -> Vec<Contestant> {
    let mut all = plain::contestants();
    all.extend([ruled::contestant(), collecting::contestant()]);
    all.extend(schemas::contestants());
    all.extend(ours::contestants());
    all
}

fn contestant(
    name: &'static str,
    gives: Gives,
    blind: &'static [Flaw],
    accepts: impl Fn(&Document) -> bool + 'static,
) -> Contestant {
    Contestant { name, gives, blind, accepts: Box::new(accepts) }
}
