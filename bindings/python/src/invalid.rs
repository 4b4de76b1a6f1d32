//! The error for an invalid document.

use callagent::{Document, InvalidDocument};
use pyo3::{prelude::*, sync::PyOnceLock, types::PyType};

use crate::{document::Text, kind::Kind, reader, report::Report};

/// Returns an `InvalidDocument`. The class is written in Python: the stable ABI of Python 3.10 cannot extend its errors.
pub(crate) fn error(py: Python<'_>, report: Report) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "callagent._errors", "InvalidDocument");
    class.and_then(|class| class.call1((report,))).map_or_else(|error| error, PyErr::from_value)
}

/// Reads a document strictly.
pub(crate) fn read<T: Document + Send>(document: &Bound<'_, PyAny>, kind: Kind) -> PyResult<T> {
    let (py, text) = (document.py(), Text::new(document)?);
    let read = text.with_bytes(py, |bytes| reader::strict().read(bytes));
    read.map_err(|invalid: InvalidDocument| error(py, Report::new(kind, &text, invalid.into_report())))
}
