//! JSON reports: one object per document. The field names are stable.

use std::io::{self, Write};

use callagent::{Finding, FindingDetails};
use serde::{Serialize, Serializer};

use super::{Checked, Frame};

/// The separator between items.
pub(crate) const SEPARATOR: &str = ",\n";

/// The frame that makes the items an array.
pub(crate) fn frame() -> Frame {
    Frame { head: "[".into(), separator: SEPARATOR, tail: "]\n".into(), ..Frame::default() }
}

pub(super) fn write_item(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(SEPARATOR.as_bytes())?;
    Ok(serde_json::to_writer(out, checked)?)
}

pub(super) fn write_line(checked: &Checked<'_>, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, checked)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct DocumentReport<'d> {
    source: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    valid: bool,
    #[serde(flatten)]
    counts: Option<Counts>,
    violations: Violations<'d>,
    advisories: Advisories<'d>,
}

/// The numbers of all findings, in a limited report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    violation_count: usize,
    advisory_count: usize,
}

/// Findings, serialized one at a time.
struct Violations<'d>(&'d Checked<'d>);
struct Advisories<'d>(&'d Checked<'d>);

impl Serialize for Violations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.report.violations().map(|violation| self.0.finding(violation)))
    }
}

impl Serialize for Advisories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.report.advisories().map(|advisory| self.0.finding(advisory)))
    }
}

impl Serialize for Checked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DocumentReport {
            source: self.document.source.given(),
            line: self.document.line,
            valid: self.report.is_valid(),
            counts: self.report.is_cut().then(|| Counts {
                violation_count: self.report.violation_count(),
                advisory_count: self.report.advisory_count(),
            }),
            violations: Violations(self),
            advisories: Advisories(self),
        }
        .serialize(serializer)
    }
}

impl Checked<'_> {
    fn finding(&self, finding: Finding<'_>) -> FindingDetails {
        let mut violation = FindingDetails::from(finding);
        violation.location = Some(self.location(&finding));
        violation
    }
}
