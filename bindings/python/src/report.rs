//! Reports as Python objects.

use std::fmt::Write as _;

use callagent::{InvalidDocument, Problem, Report as CoreReport, tools::DocumentKind};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    sync::PyOnceLock,
    types::{PyBytes, PyIterator, PyTuple},
};

use crate::{
    document::Text,
    finding::{self, Severity},
    kind::Kind,
    offsets::Offsets,
    pickled,
};

/// The maximum number of findings in the text of a report.
const SHOWN: usize = 100;

/// The report on a document: its violations and advisories. It is true if the document is valid, and iterating over it
/// gives the violations.
///
/// Both are sorted by offset, then by code, then by pointer. A report shows no API key.
///
/// Attributes:
///     kind (str): The kind of the document, "update" or "agent".
///     valid (bool): Whether there are no violations.
///     clean (bool): Whether there are neither violations nor advisories.
///     cut (bool): Whether the limit of the reader left out findings.
///     violation_count (int): The number of violations, also of those left out.
///     advisory_count (int): The number of advisories, also of those left out.
///     violations (tuple[Violation, ...]): What makes the document invalid.
///     advisories (tuple[Advisory, ...]): What is allowed, but likely a mistake.
#[pyclass(frozen, module = "callagent")]
pub(crate) struct Report {
    kind: DocumentKind,
    #[pyo3(get)]
    violation_count: usize,
    #[pyo3(get)]
    advisory_count: usize,
    origin: Origin,
    /// The violations and the advisories as objects, made on first access.
    objects: [PyOnceLock<Py<PyTuple>>; 2],
}

enum Origin {
    Read(Offsets, CoreReport),
    /// A pickle. All objects are made.
    Restored(Restored),
}

/// What a pickle holds besides findings.
pub(crate) struct Restored {
    pub(crate) text: String,
    pub(crate) problem: Option<String>,
}

impl Report {
    pub(crate) fn new(Kind(kind): Kind, text: &Text<'_>, report: CoreReport) -> Self {
        Report {
            kind,
            violation_count: report.violation_count(),
            advisory_count: report.advisory_count(),
            objects: [const { PyOnceLock::new() }; 2],
            origin: Origin::Read(Offsets::new(text, &report), report),
        }
    }

    pub(crate) fn restored(
        py: Python<'_>,
        Kind(kind): Kind,
        [violation_count, advisory_count]: [usize; 2],
        findings: [Py<PyTuple>; 2],
        restored: Restored,
    ) -> Self {
        let objects = findings.map(|findings| {
            let object = PyOnceLock::new();
            object.get_or_init(py, || findings);
            object
        });
        Report { kind, violation_count, advisory_count, objects, origin: Origin::Restored(restored) }
    }

    /// Returns the violations or the advisories as objects.
    fn objects<'py>(&self, py: Python<'py>, severity: Severity) -> PyResult<Bound<'py, PyTuple>> {
        let [violations, advisories] = &self.objects;
        let objects = match severity {
            Severity::Violation => violations,
            Severity::Advisory => advisories,
        };
        let made = objects.get_or_try_init(py, || {
            let tuple = match (&self.origin, severity) {
                (Origin::Read(offsets, report), Severity::Violation) => {
                    finding::tuple(py, severity, report.violations(), offsets)
                }
                (Origin::Read(offsets, report), Severity::Advisory) => {
                    finding::tuple(py, severity, report.advisories(), offsets)
                }
                (Origin::Restored(_), _) => Ok(PyTuple::empty(py)),
            };
            tuple.map(Bound::unbind)
        });
        made.map(|objects| objects.bind(py).clone())
    }

    /// Returns the verdict and the counts.
    fn summary(&self) -> String {
        let verdict = if self.valid() { "valid" } else { "invalid" };
        let mut summary = format!("{verdict} {}", self.kind);
        let counts =
            [(self.violation_count, "violation", "violations"), (self.advisory_count, "advisory", "advisories")];
        for (count, one, many) in counts.into_iter().filter(|(count, ..)| *count > 0) {
            summary += &format!(", {count} {}", if count == 1 { one } else { many });
        }
        summary
    }

    /// Returns the verdict with an article.
    fn found(&self) -> String {
        let verdict = if self.valid() { "a valid" } else { "an invalid" };
        format!("{verdict} {}", self.kind)
    }

    /// Returns the problem document of an invalid request.
    fn problem(&self) -> PyResult<Option<String>> {
        match &self.origin {
            Origin::Restored(restored) => Ok(restored.problem.clone()),
            Origin::Read(..) if self.kind != DocumentKind::Update => Ok(None),
            Origin::Read(_, report) => {
                let invalid = InvalidDocument::try_from(report.clone()).ok();
                let problem = invalid.map(|invalid| serde_json::to_string(&Problem::from(invalid)));
                problem.transpose().map_err(|error| PyValueError::new_err(error.to_string()))
            }
        }
    }
}

#[pymethods]
impl Report {
    #[getter]
    fn kind(&self) -> &str {
        self.kind.as_str()
    }

    #[getter]
    fn valid(&self) -> bool {
        self.violation_count == 0
    }

    #[getter]
    fn clean(&self) -> bool {
        self.valid() && self.advisory_count == 0
    }

    #[getter]
    fn cut(&self, py: Python<'_>) -> PyResult<bool> {
        match &self.origin {
            Origin::Read(_, report) => Ok(report.is_cut()),
            Origin::Restored(_) => {
                let kept = [self.violations(py)?.len(), self.advisories(py)?.len()];
                Ok(kept != [self.violation_count, self.advisory_count])
            }
        }
    }

    #[getter]
    fn violations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.objects(py, Severity::Violation)
    }

    #[getter]
    fn advisories<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.objects(py, Severity::Advisory)
    }

    /// Returns the answer of a server to the request: problem details (RFC 9457), the body of a response with the media
    /// type `application/problem+json` and the status in its member `status`. Offsets in it are in bytes.
    ///
    /// Raises:
    ///     ValueError: The document is valid, or is not a request.
    fn problem_json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let problem = self.problem()?;
        let problem = problem.ok_or_else(|| {
            PyValueError::new_err(format!("expected the report of an invalid update, found that of {}", self.found()))
        })?;
        Ok(PyBytes::new(py, problem.as_bytes()))
    }

    fn __bool__(&self) -> bool {
        self.valid()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.violations(py)?.try_iter()
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
        let same_counts = (self.kind, self.violation_count, self.advisory_count)
            == (other.kind, other.violation_count, other.advisory_count);
        Ok(same_counts
            && self.violations(py)?.eq(other.violations(py)?)?
            && self.advisories(py)?.eq(other.advisories(py)?)?)
    }

    fn __repr__(&self) -> String {
        format!("<callagent.Report: {}>", self.summary())
    }

    /// Writes a finding per line.
    fn __str__(&self) -> String {
        let report = match &self.origin {
            Origin::Restored(restored) => return restored.text.clone(),
            Origin::Read(_, report) => report,
        };
        let mut text = self.summary();
        for finding in report.violations().chain(report.advisories()).take(SHOWN) {
            let (line, column) = finding.location().map_or((1, 1), |location| (location.line, location.column));
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{line}:{column}: {} {finding}", finding.code());
        }
        match (self.violation_count + self.advisory_count).saturating_sub(SHOWN) {
            0 => {}
            more => text += &format!("\nand {more} more"),
        }
        text
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let counts = (self.violation_count, self.advisory_count);
        let findings = (self.violations(py)?, self.advisories(py)?);
        let state = (self.kind(), counts, findings, self.__str__(), self.problem()?);
        pickled::reduce(py, "_restore_report", state.into_pyobject(py)?)
    }
}
