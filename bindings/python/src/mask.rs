//! Documents without their secrets.

use pyo3::{
    prelude::*,
    types::{PyBytes, PyString},
};

use crate::{document::Text, kind::Kind};

/// Returns the document with every character of a secret replaced, as the type that it has.
pub(crate) fn mask<'py>(document: &Bound<'py, PyAny>, Kind(kind): Kind) -> PyResult<Bound<'py, PyAny>> {
    let (py, text) = (document.py(), Text::new(document)?);
    let length = if text.is_str { code_points } else { <[u8]>::len };
    let masked = text.with_bytes(py, |bytes| kind.mask(bytes, length));
    if text.is_str {
        // A lone surrogate outside a secret is shown as three replacement characters.
        return Ok(PyString::new(py, &String::from_utf8_lossy(&masked)).into_any());
    }
    Ok(PyBytes::new(py, &masked).into_any())
}

/// Counts the bytes that begin a character: all but continuation bytes.
fn code_points(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}
