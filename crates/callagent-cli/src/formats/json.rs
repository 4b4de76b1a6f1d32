//! JSON reports: an object a document, with the fields that scripts hold on to.

use std::io::{self, Write};

use callagent::{Finding, FindingDetails};
use serde::{Serialize, Serializer};

use super::{Frame, Judged};

/// What stands between the items.
pub(crate) const SEPARATOR: &str = ",\n";

/// What makes the items an array.
pub(crate) fn frame() -> Frame {
    Frame { head: "[".into(), separator: SEPARATOR, tail: "]\n".into(), ..Frame::default() }
}

pub(super) fn write_item(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(SEPARATOR.as_bytes())?;
    Ok(serde_json::to_writer(out, judged)?)
}

pub(super) fn write_line(judged: &Judged<'_>, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, judged)?;
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

/// How many findings there were, of a report that does not have them all.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    violation_count: usize,
    advisory_count: usize,
}

/// The findings are written one by one, however many there are.
struct Violations<'d>(&'d Judged<'d>);
struct Advisories<'d>(&'d Judged<'d>);

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

impl Serialize for Judged<'_> {
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

impl Judged<'_> {
    fn finding(&self, finding: Finding<'_>) -> FindingDetails {
        let mut violation = FindingDetails::from(finding);
        violation.place = Some(self.place(&finding));
        violation
    }
}
