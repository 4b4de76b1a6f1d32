//! The parts of a format before, between and after the reports on documents.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::{junit::Suite, sarif::Occurrences};

/// The parts of a format before, between and after the reports.
#[derive(Default)]
pub(crate) struct Frame {
    pub(super) head: Cow<'static, str>,
    /// Written before each item except the first.
    pub(super) separator: &'static str,
    pub(super) tail: Cow<'static, str>,
    /// Numbers results with equal fingerprints.
    pub(super) occurrences: Option<Occurrences>,
    /// Holds the reports until all of them are counted.
    pub(super) suite: Option<Suite>,
    pub(super) has_begun: bool,
}

/// Counts of test cases by outcome.
#[derive(Default, Clone, Copy)]
pub(crate) struct Totals {
    pub(crate) tests: usize,
    pub(crate) failures: usize,
    pub(crate) errors: usize,
    pub(crate) skipped: usize,
}

impl Frame {
    /// Writes a part of the reports. The first part begins with an item.
    pub(crate) fn write(&mut self, text: &[u8], out: &mut impl Write) -> io::Result<()> {
        if let Some(suite) = &mut self.suite {
            return suite.keep(text);
        }
        if text.is_empty() {
            return Ok(());
        }
        let text = match &mut self.occurrences {
            Some(occurrences) => occurrences.number(text).into(),
            None => Cow::Borrowed(text),
        };
        if self.has_begun {
            return out.write_all(&text);
        }
        self.begin(out)?;
        out.write_all(text.strip_prefix(self.separator.as_bytes()).unwrap_or(&text))
    }

    /// Finishes the reports. A given tail replaces the usual one.
    pub(crate) fn finish(&mut self, totals: Totals, tail: Option<&str>, out: &mut impl Write) -> io::Result<()> {
        if let Some(suite) = self.suite.take() {
            return suite.write(totals, out);
        }
        self.begin(out)?;
        out.write_all(tail.unwrap_or(&self.tail).as_bytes())
    }

    fn begin(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.has_begun {
            return Ok(());
        }
        self.has_begun = true;
        out.write_all(self.head.as_bytes())
    }
}
