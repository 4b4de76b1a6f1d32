//! Documents without their secrets.

use callagent::{Document as _, Reader, UpdateAgent, tools::secret_ranges};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyString},
};

use crate::{document::Text, kind::Kind};

/// The replacement for a character or byte of a secret.
const MASK: u8 = b'*';

/// Returns the document with every character of a secret replaced, as the type that it has.
pub(crate) fn mask<'py>(document: &Bound<'py, PyAny>, Kind(kind): Kind) -> PyResult<Bound<'py, PyAny>> {
    let (py, text) = (document.py(), Text::new(document)?);
    let masked = text.with_bytes(py, |bytes| {
        // The suggestions reveal misspelled names of secrets.
        let report = kind.check(&Reader::new().suggest(), bytes);
        let secrets = secret_ranges(bytes, &UpdateAgent::CONTRACT.secrets, Some(&report));
        let mut masked = Vec::with_capacity(bytes.len());
        let mut position = 0;
        for secret in secrets {
            masked.extend_from_slice(bytes.get(position..secret.start).unwrap_or_default());
            let within = bytes.get(secret.clone()).unwrap_or_default();
            // A character of a `str` is a code point, which begins with any byte except a continuation byte.
            let is_counted = |byte: &&u8| !text.is_str || **byte & 0xC0 != 0x80;
            masked.resize(masked.len() + within.iter().filter(is_counted).count(), MASK);
            position = secret.end;
        }
        masked.extend_from_slice(bytes.get(position..).unwrap_or_default());
        masked
    });
    if text.is_str {
        // A lone surrogate outside a secret is shown as three replacement characters.
        return Ok(PyString::new(py, &String::from_utf8_lossy(&masked)).into_any());
    }
    Ok(PyBytes::new(py, &masked).into_any())
}
