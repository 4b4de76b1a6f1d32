//! JSON text in Python objects.

use std::borrow::Cow;

use pyo3::{
    exceptions::{PyTypeError, PyUnicodeEncodeError, PyValueError},
    prelude::*,
    types::{PyByteArray, PyBytes, PyMemoryView, PyString},
};
use serde::Serialize;

/// The length in bytes from which the interpreter's lock is released. For less, that costs more than it gains.
const LONG: usize = 32 << 10;

/// JSON text of a Python object. It cannot change while the lock is released: it is immutable in Python, or a copy.
pub(crate) struct Text<'t> {
    pub(crate) bytes: Cow<'t, [u8]>,
    /// Whether the object is a `str`, whose offsets are in code points.
    pub(crate) is_str: bool,
}

impl<'t> Text<'t> {
    pub(crate) fn new(document: &'t Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = document.cast::<PyString>() {
            return Ok(Text { bytes: utf_8(text)?, is_str: true });
        }
        let bytes = if let Ok(bytes) = document.cast::<PyBytes>() {
            bytes.as_bytes().into()
        } else if let Ok(bytes) = document.cast::<PyByteArray>() {
            bytes.to_vec().into()
        } else if document.is_instance_of::<PyMemoryView>() {
            // The stable ABI of Python 3.10 has no buffers.
            let copy = document.py().get_type::<PyBytes>().call1((document,))?;
            copy.cast::<PyBytes>()?.as_bytes().to_vec().into()
        } else {
            return Err(not_text(document));
        };
        Ok(Text { bytes, is_str: false })
    }

    /// Bytes without a text.
    pub(crate) const EMPTY: Text<'static> = Text { bytes: Cow::Borrowed(&[]), is_str: false };

    /// Runs a function on the bytes, without the interpreter's lock if they are many.
    pub(crate) fn with_bytes<T: Send>(&self, py: Python<'_>, run: impl FnOnce(&[u8]) -> T + Send) -> T {
        let bytes = &*self.bytes;
        if bytes.len() < LONG { run(bytes) } else { py.detach(|| run(bytes)) }
    }
}

/// Returns the text in UTF-8. A lone surrogate becomes the three bytes that would encode it, which are not UTF-8, so the
/// reader reports it at its place.
fn utf_8<'t>(text: &'t Bound<'_, PyString>) -> PyResult<Cow<'t, [u8]>> {
    let py = text.py();
    match text.to_str() {
        Ok(text) => Ok(text.as_bytes().into()),
        Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(py) => {
            // Of the class, since a subclass may have a method of this name.
            let encode = py.get_type::<PyString>().getattr("encode")?;
            let bytes = encode.call1((text, "utf-8", "surrogatepass"))?;
            Ok(bytes.cast::<PyBytes>()?.as_bytes().to_vec().into())
        }
        Err(error) => Err(error),
    }
}

fn not_text(document: &Bound<'_, PyAny>) -> PyErr {
    let class = class_name(document);
    PyTypeError::new_err(format!("expected JSON text as `str`, `bytes`, `bytearray` or `memoryview`, found `{class}`"))
}

/// Returns the name of the class of an object, for messages.
pub(crate) fn class_name(object: &Bound<'_, PyAny>) -> String {
    object.get_type().fully_qualified_name().map(|name| name.to_string()).unwrap_or_default()
}

/// Returns a value as compact JSON text.
pub(crate) fn json<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyBytes>> {
    let text = serde_json::to_vec(value).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(PyBytes::new(py, &text))
}
