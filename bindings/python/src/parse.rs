//! Valid documents as Python objects.

use callagent::{Code, Reader};
use jiter::{PythonParse, StringCacheMode, map_json_error};
use pyo3::{
    prelude::*,
    types::{PyDict, PyList},
};

use crate::{document::Text, invalid, kind::Kind, report::Report};

/// Returns a valid document as a `dict`. Its numbers are those of the text: integers of any size, and floats.
/// The second reader is the first one without its limit.
pub(crate) fn loads<'py>(
    [reader, unlimited]: [&Reader; 2],
    document: &Bound<'py, PyAny>,
    kind: Kind,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, text) = (document.py(), Text::new(document)?);
    let report = text.with_bytes(py, |bytes| kind.0.check(reader, bytes));
    if !report.is_valid() {
        return Err(invalid::error(py, Report::new(kind, &text, report)));
    }
    // Values are not cached, since they may be secrets.
    let parse = PythonParse { cache_mode: StringCacheMode::Keys, ..PythonParse::default() };
    let value = parse.python_parse(py, &text.bytes).map_err(|error| map_json_error(&text.bytes, &error))?;
    let report = if report.is_cut() { text.with_bytes(py, |bytes| kind.0.check(unlimited, bytes)) } else { report };
    // The reader drops the fields that it tolerates.
    let dropped = report.advisories().filter(|advisory| advisory.code() == Code::UNKNOWN_FIELD);
    for field in dropped {
        remove(&value, &field.pointer())?;
    }
    Ok(value)
}

/// Removes the field at a JSON Pointer.
fn remove(document: &Bound<'_, PyAny>, pointer: &str) -> PyResult<()> {
    let mut steps: Vec<_> = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let Some(name) = steps.pop() else { return Ok(()) };
    let mut parent = document.clone();
    for step in steps {
        parent = match (parent.cast::<PyList>(), step.parse::<usize>()) {
            (Ok(items), Ok(index)) => items.get_item(index)?,
            _ => parent.get_item(step)?,
        };
    }
    parent.cast::<PyDict>()?.del_item(name)
}
