//! Pickling: how objects of this module get from one process to another.

use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyModule, PyString, PyTuple},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    finding::{Finding, Suggestion},
    kind::Kind,
    report::{Report, Restored},
};

/// Returns what `__reduce__` returns: a function of this module and its arguments.
pub(crate) fn reduce<'py>(
    py: Python<'py>,
    function: &str,
    arguments: Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyTuple>> {
    let module = PyModule::import(py, "callagent._callagent")?;
    (module.getattr(function)?, arguments).into_pyobject(py)
}

/// The same for an object whose state is JSON text.
pub(crate) fn reduce_json<'py>(
    py: Python<'py>,
    function: &str,
    object: &impl Serialize,
) -> PyResult<Bound<'py, PyTuple>> {
    let state = serde_json::to_string(object).map_err(|error| PyValueError::new_err(error.to_string()))?;
    reduce(py, function, PyTuple::new(py, [PyString::new(py, &state)])?)
}

fn state<T: DeserializeOwned>(json: &str) -> PyResult<T> {
    serde_json::from_str(json).map_err(|error| PyValueError::new_err(format!("not a pickled object: {error}")))
}

#[pyfunction(name = "_restore_suggestion")]
pub(crate) fn restore_suggestion(json: &str) -> PyResult<Suggestion> {
    state(json)
}

#[pyfunction(name = "_restore_finding")]
pub(crate) fn restore_finding<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    state::<Finding>(json)?.into_object(py)
}

#[pyfunction(name = "_restore_report")]
pub(crate) fn restore_report(
    py: Python<'_>,
    kind: Kind,
    counts: [usize; 2],
    findings: [Py<PyTuple>; 2],
    text: String,
    problem: Option<String>,
) -> Report {
    Report::restored(py, kind, counts, findings, Restored { text, problem })
}
