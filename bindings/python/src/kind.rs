//! The kind of a document, as an argument.

use callagent::tools::{DocumentKind, UnknownKind};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyString};

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
        let name = kind.cast::<PyString>()?;
        let kind = name.to_string_lossy().parse();
        kind.map(Kind).map_err(|error: UnknownKind| PyValueError::new_err(error.to_string()))
    }
}
