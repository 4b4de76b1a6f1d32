//! Violations, advisories and suggestions as Python objects.

use callagent::{Finding as CoreFinding, Location, Span};
use pyo3::{
    prelude::*,
    types::{PyString, PyTuple},
};
use serde::{Deserialize, Serialize};

use crate::{offsets::Offsets, pickled};

/// A suggested replacement that fixes a violation.
///
/// Attributes:
///     offset (int): The start of the text to replace, in the units of `Finding.offset`.
///     length (int): The length of the text to replace.
///     text (str): The replacement.
///     safe (bool): Whether it is unambiguous, removes violations and introduces none.
#[pyclass(frozen, eq, hash, get_all, module = "callagent")]
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Suggestion {
    pub(crate) offset: usize,
    pub(crate) length: usize,
    pub(crate) text: String,
    pub(crate) safe: bool,
}

#[pymethods]
impl Suggestion {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let &Suggestion { offset, length, ref text, safe } = self;
        let (text, safe) = (text.into_pyobject(py)?.repr()?, if safe { "True" } else { "False" });
        Ok(format!("Suggestion(offset={offset}, length={length}, text={text}, safe={safe})"))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        pickled::reduce_json(py, "_restore_suggestion", self)
    }
}

/// Whether a finding is a violation or an advisory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Severity {
    Violation,
    Advisory,
}

/// A violation or an advisory.
///
/// Attributes:
///     code (str): The stable name of the kind, such as "out-of-range".
///     pointer (str): The JSON Pointer (RFC 6901) of the value or field; empty for the whole document.
///     line (int): The line of the first character, from 1.
///     column (int): The column of the first character, from 1, in code points.
///     offset (int): The start in the document that was passed in: in code points for a `str`, in bytes otherwise, so
///         `document[offset:offset + length]` is the text in question.
///     length (int): The length in the same units.
///     message (str): The message, a single line.
///     expected (str | None): What is expected, as a noun phrase.
///     found (str | None): The text that was found, cut at 60 characters; None for a secret.
///     note (str | None): How the contract resolves an ambiguity here.
///     suggestion (Suggestion | None): An obvious fix, if the reader suggests fixes.
#[pyclass(frozen, eq, hash, subclass, module = "callagent")]
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    #[pyo3(get)]
    pub(crate) code: String,
    #[pyo3(get)]
    pub(crate) pointer: String,
    #[pyo3(get)]
    pub(crate) line: usize,
    #[pyo3(get)]
    pub(crate) column: usize,
    #[pyo3(get)]
    pub(crate) offset: usize,
    #[pyo3(get)]
    pub(crate) length: usize,
    #[pyo3(get)]
    pub(crate) message: String,
    #[pyo3(get)]
    pub(crate) expected: Option<String>,
    #[pyo3(get)]
    pub(crate) found: Option<String>,
    #[pyo3(get)]
    pub(crate) note: Option<String>,
    #[pyo3(get)]
    pub(crate) suggestion: Option<Suggestion>,
    /// The pointer and the message, and what the message omits.
    pub(crate) text: String,
}

/// A violation of the contract, which makes a document invalid.
#[pyclass(frozen, extends = Finding, module = "callagent")]
pub(crate) struct Violation;

/// An advisory: what the contract allows, but is likely a mistake.
#[pyclass(frozen, extends = Finding, module = "callagent")]
pub(crate) struct Advisory;

impl Finding {
    fn new(severity: Severity, finding: CoreFinding<'_>, offsets: &Offsets) -> Self {
        let start = Location { span: Span { offset: 0, length: 0 }, line: 1, column: 1 };
        let Location { span, line, column } = finding.location().unwrap_or(start);
        let Span { offset, length } = offsets.convert(span);
        let suggestion = finding.suggestion().map(|suggestion| {
            let Span { offset, length } = offsets.convert(suggestion.span);
            Suggestion { offset, length, text: suggestion.text.clone(), safe: suggestion.safe }
        });
        Finding {
            severity,
            code: finding.code().as_str().to_owned(),
            pointer: finding.pointer(),
            line,
            column,
            offset,
            length,
            message: finding.message(),
            expected: finding.expected(),
            found: finding.found().map(str::to_owned),
            note: finding.note().map(str::to_owned),
            suggestion,
            text: finding.to_string(),
        }
    }

    /// Returns the finding as an object of the class of its severity.
    pub(crate) fn into_object(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let severity = self.severity;
        let finding = PyClassInitializer::from(self);
        Ok(match severity {
            Severity::Violation => Bound::new(py, finding.add_subclass(Violation))?.into_any(),
            Severity::Advisory => Bound::new(py, finding.add_subclass(Advisory))?.into_any(),
        })
    }
}

/// Returns the findings of one severity as a `tuple`.
pub(crate) fn tuple<'py, 'r>(
    py: Python<'py>,
    severity: Severity,
    findings: impl Iterator<Item = CoreFinding<'r>>,
    offsets: &Offsets,
) -> PyResult<Bound<'py, PyTuple>> {
    let objects = findings.map(|finding| Finding::new(severity, finding, offsets).into_object(py));
    PyTuple::new(py, objects.collect::<PyResult<Vec<_>>>()?)
}

#[pymethods]
impl Finding {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let &Finding { severity, line, column, .. } = self;
        let class = match severity {
            Severity::Violation => "Violation",
            Severity::Advisory => "Advisory",
        };
        let [code, pointer, message] =
            [&self.code, &self.pointer, &self.message].map(|text| PyString::new(py, text).repr());
        let (code, pointer, message) = (code?, pointer?, message?);
        Ok(format!("{class}(code={code}, pointer={pointer}, line={line}, column={column}, message={message})"))
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        pickled::reduce_json(py, "_restore_finding", self)
    }
}
