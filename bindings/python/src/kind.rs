//! The kind of a document, as an argument.

use callagent::tools::{DocumentKind, UnknownKind};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyString,
};

use crate::document::class_name;

/// The kind of a document, by its name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Kind(pub(crate) DocumentKind);

impl Kind {
    pub(crate) const UPDATE: Self = Kind(DocumentKind::Update);
    pub(crate) const AGENT: Self = Kind(DocumentKind::Agent);
}

impl<'a, 'py> FromPyObject<'a, 'py> for Kind {
    type Error = PyErr;

    fn extract(kind: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        // A name with a lone surrogate is unknown too.
        let name = kind
            .cast::<PyString>()
            .map_err(|_| PyTypeError::new_err(format!("`kind`: expected a `str`, found `{}`", class_name(&kind))))?;
        let kind = name.to_string_lossy().parse();
        kind.map(Kind).map_err(|error: UnknownKind| PyValueError::new_err(error.to_string()))
    }
}
