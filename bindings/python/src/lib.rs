//! The native part of the Python package `callagent`: documents of Python, and reports as Python objects.
//!
//! Every rule is in the crate `callagent`. What Python users see is documented in `python/callagent/_callagent.pyi`.

#![expect(clippy::doc_markdown, reason = "the docs of exported items are docstrings")]
#![expect(
    clippy::unsafe_derive_deserialize,
    reason = "no method is unsafe, but the macros of pyo3 expand to such code"
)]

mod document;
mod finding;
mod invalid;
mod kind;
mod mask;
mod offsets;
mod parse;
mod pickled;
mod reader;
mod report;

use pyo3::prelude::*;

#[pymodule]
mod _callagent {
    use callagent::{Agent, AgentResponse, UpdateAgent};
    use pyo3::{prelude::*, types::PyBytes};

    use crate::{document, invalid, kind::Kind, mask::mask as masked, parse, reader};

    #[pymodule_export]
    use crate::{
        finding::{Advisory, Finding, Suggestion, Violation},
        pickled::{restore_finding, restore_report, restore_suggestion},
        reader::Reader,
        report::Report,
    };

    /// Reports all violations and advisories of a document in JSON text.
    ///
    /// Args:
    ///     document: The JSON text, as `str`, `bytes`, `bytearray` or `memoryview`. Text that is not JSON is a violation.
    ///     kind: "update" for a request, "agent" for a response.
    ///
    /// Returns:
    ///     The report. It is true if the document is valid.
    ///
    /// Raises:
    ///     TypeError: The document is not text.
    ///     ValueError: The kind is unknown.
    #[pyfunction]
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "(document, kind='update')")]
    fn check(document: &Bound<'_, PyAny>, kind: Kind) -> PyResult<Report> {
        reader::check(&reader::STRICT, document, kind)
    }

    /// Returns whether a document in JSON text has no violations.
    ///
    /// Args:
    ///     document: The JSON text, as `str`, `bytes`, `bytearray` or `memoryview`.
    ///     kind: "update" for a request, "agent" for a response.
    ///
    /// Raises:
    ///     TypeError: The document is not text.
    ///     ValueError: The kind is unknown.
    #[pyfunction]
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "(document, kind='update')")]
    fn is_valid(document: &Bound<'_, PyAny>, kind: Kind) -> PyResult<bool> {
        reader::is_valid(&reader::STRICT, document, kind)
    }

    /// Returns a valid document in JSON text as a `dict`, like `json.loads`.
    ///
    /// Args:
    ///     document: The JSON text, as `str`, `bytes`, `bytearray` or `memoryview`.
    ///     kind: "update" for a request, "agent" for a response.
    ///
    /// Raises:
    ///     InvalidDocument: The document has violations.
    ///     TypeError: The document is not text.
    ///     ValueError: The kind is unknown.
    #[pyfunction]
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "(document, kind='update')")]
    fn loads<'py>(document: &Bound<'py, PyAny>, kind: Kind) -> PyResult<Bound<'py, PyAny>> {
        parse::loads([&reader::STRICT; 2], document, kind)
    }

    /// Returns the agent after an update as a server may send it: without a key that the provider does not use.
    ///
    /// Args:
    ///     agent: The agent, as JSON text.
    ///     update: The update, as JSON text. Omitted fields stay unchanged.
    ///
    /// Returns:
    ///     The agent as compact JSON text.
    ///
    /// Raises:
    ///     InvalidDocument: The agent or the update has violations. `report.kind` says which.
    ///     TypeError: A document is not text.
    #[pyfunction]
    fn apply<'py>(agent: &Bound<'py, PyAny>, update: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        document::json(agent.py(), &AgentResponse::from(updated(agent, update)?))
    }

    /// Returns the agent after an update as a server stores it: a key that the provider does not use is kept.
    ///
    /// Args:
    ///     agent: The agent, as JSON text.
    ///     update: The update, as JSON text. Omitted fields stay unchanged.
    ///
    /// Returns:
    ///     The agent as compact JSON text. It may hold a key in clear text, so send the result of `apply` instead.
    ///
    /// Raises:
    ///     InvalidDocument: The agent or the update has violations. `report.kind` says which.
    ///     TypeError: A document is not text.
    #[pyfunction]
    fn apply_stored<'py>(agent: &Bound<'py, PyAny>, update: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        document::json(agent.py(), &updated(agent, update)?)
    }

    /// Returns a document with every character of a secret replaced by an asterisk, to show it to people or to log it.
    ///
    /// Secrets are the values of fields named `elevenLabsApiKey`, in any case and with any separators, also in text that
    /// is not JSON, and strings that contain such a name. Reports never show them.
    ///
    /// Args:
    ///     document: The JSON text, as `str`, `bytes`, `bytearray` or `memoryview`.
    ///     kind: "update" for a request, "agent" for a response.
    ///
    /// Returns:
    ///     The text with the same places, as `str` if the document is one, otherwise as `bytes`.
    ///
    /// Raises:
    ///     TypeError: The document is not text.
    ///     ValueError: The kind is unknown.
    #[pyfunction]
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "(document, kind='update')")]
    fn mask<'py>(document: &Bound<'py, PyAny>, kind: Kind) -> PyResult<Bound<'py, PyAny>> {
        masked(document, kind)
    }

    fn updated(agent: &Bound<'_, PyAny>, update: &Bound<'_, PyAny>) -> PyResult<Agent> {
        let mut agent: Agent = invalid::read(agent, Kind::AGENT)?;
        let update: UpdateAgent = invalid::read(update, Kind::UPDATE)?;
        update.apply(&mut agent);
        Ok(agent)
    }
}
