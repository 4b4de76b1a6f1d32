//! Reading with options.

use callagent::{Reader as CoreReader, tools::AcceptedValue};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString, PyTuple},
};

use crate::{
    document::{Text, class_name},
    invalid,
    kind::Kind,
    parse,
    report::Report,
};

/// The reader without options.
pub(crate) static STRICT: CoreReader = CoreReader::new();

pub(crate) fn check(reader: &CoreReader, document: &Bound<'_, PyAny>, kind: Kind) -> PyResult<Report> {
    let text = Text::new(document)?;
    let report = text.with_bytes(document.py(), |bytes| kind.0.check(reader, bytes));
    Ok(Report::new(kind, &text, report))
}

pub(crate) fn is_valid(reader: &CoreReader, document: &Bound<'_, PyAny>, kind: Kind) -> PyResult<bool> {
    let text = Text::new(document)?;
    Ok(text.with_bytes(document.py(), |bytes| kind.0.check(reader, bytes).is_valid()))
}

/// Reads documents with options. Without options it is strict, like `callagent.check`.
///
/// The tolerances are for servers whose clients already send undocumented fields or values. What a tolerance accepts is
/// an advisory instead of a violation. Responses are read the same with and without tolerances.
///
/// Args:
///     tolerate_unknown_fields: Accept undocumented fields of requests; `loads` and `normalize` drop them.
///     tolerate_unknown_values: Accept undocumented values of the vocabularies of requests.
///     accept: Undocumented values to accept, such as `["llmModel=claude-sonnet-4"]`.
///     limit: The maximum number of violations, and of advisories, in a report. The verdict and the counts stay exact.
///     suggest: Add suggested fixes to violations where a fix is obvious.
///
/// Raises:
///     TypeError: An option has the wrong type.
///     ValueError: A value in `accept` is not written `FIELD=VALUE` with a field that has documented values, or the limit
///         is less than 1.
#[pyclass(frozen, module = "callagent")]
pub(crate) struct Reader {
    core: CoreReader,
    /// The same without a limit.
    unlimited: CoreReader,
    options: Options,
}

/// The options as they were given.
struct Options {
    tolerate_unknown_fields: bool,
    tolerate_unknown_values: bool,
    accept: Vec<AcceptedValue>,
    limit: Option<usize>,
    suggest: bool,
}

impl Options {
    /// Returns a reader without the limit.
    fn reader(&self) -> CoreReader {
        let reader = self.accept.iter().fold(CoreReader::new(), |reader, accepted| accepted.apply(reader));
        let set = |reader, is_set, option: fn(CoreReader) -> CoreReader| if is_set { option(reader) } else { reader };
        let reader = set(reader, self.tolerate_unknown_fields, CoreReader::tolerate_unknown_fields);
        let reader = set(reader, self.tolerate_unknown_values, CoreReader::tolerate_unknown_values);
        set(reader, self.suggest, CoreReader::suggest)
    }

    /// The options that differ from the defaults, as arguments.
    fn arguments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let arguments = PyDict::new(py);
        for (name, is_set) in [
            ("tolerate_unknown_fields", self.tolerate_unknown_fields),
            ("tolerate_unknown_values", self.tolerate_unknown_values),
        ] {
            if is_set {
                arguments.set_item(name, true)?;
            }
        }
        if !self.accept.is_empty() {
            let accept: Vec<_> = self.accept.iter().map(ToString::to_string).collect();
            arguments.set_item("accept", accept)?;
        }
        if let Some(limit) = self.limit {
            arguments.set_item("limit", limit)?;
        }
        if self.suggest {
            arguments.set_item("suggest", true)?;
        }
        Ok(arguments)
    }
}

/// Reads the option `accept`.
fn accepted(accept: &Bound<'_, PyAny>) -> PyResult<Vec<AcceptedValue>> {
    // Iterating over it would give letters.
    if accept.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err("`accept`: expected a list of `str`, found `str`"));
    }
    let accepted = |value: PyResult<Bound<'_, PyAny>>| {
        let value = value?;
        let text = value.cast::<PyString>().map_err(|_| {
            PyTypeError::new_err(format!("`accept`: expected a list of `str`, found `{}` in it", class_name(&value)))
        })?;
        text.to_str()?.parse().map_err(|error| PyValueError::new_err(format!("`accept`: {error}")))
    };
    accept.try_iter()?.map(accepted).collect()
}

#[pymethods]
impl Reader {
    #[new]
    #[pyo3(
        signature = (*, tolerate_unknown_fields = false, tolerate_unknown_values = false, accept = None, limit = None, suggest = false),
        text_signature = "(*, tolerate_unknown_fields=False, tolerate_unknown_values=False, accept=(), limit=None, suggest=False)"
    )]
    fn new(
        tolerate_unknown_fields: bool,
        tolerate_unknown_values: bool,
        accept: Option<&Bound<'_, PyAny>>,
        limit: Option<isize>,
        suggest: bool,
    ) -> PyResult<Self> {
        let limit = limit.map(|limit| match usize::try_from(limit) {
            Ok(limit) if limit > 0 => Ok(limit),
            _ => Err(PyValueError::new_err(format!("`limit`: expected at least 1, found {limit}"))),
        });
        let accept = accept.map(accepted).transpose()?.unwrap_or_default();
        let limit = limit.transpose()?;
        let options = Options { tolerate_unknown_fields, tolerate_unknown_values, accept, limit, suggest };
        let unlimited = options.reader();
        Ok(Reader { core: limit.into_iter().fold(unlimited.clone(), CoreReader::limit), unlimited, options })
    }

    /// Reports violations and advisories of a document in JSON text, like `callagent.check`.
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "($self, document, kind='update')")]
    fn check(&self, document: &Bound<'_, PyAny>, kind: Kind) -> PyResult<Report> {
        check(&self.core, document, kind)
    }

    /// Returns whether a document in JSON text has no violations, like `callagent.is_valid`.
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "($self, document, kind='update')")]
    fn is_valid(&self, document: &Bound<'_, PyAny>, kind: Kind) -> PyResult<bool> {
        is_valid(&self.core, document, kind)
    }

    /// Returns a valid document in JSON text as a `dict`, like `callagent.loads`, without the fields that a tolerance
    /// accepts.
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "($self, document, kind='update')")]
    fn loads<'py>(&self, document: &Bound<'py, PyAny>, kind: Kind) -> PyResult<Bound<'py, PyAny>> {
        parse::loads([&self.core, &self.unlimited], document, kind)
    }

    /// Returns a valid document as compact JSON text, as the Rust crate serializes it.
    ///
    /// Args:
    ///     document: The JSON text, as `str`, `bytes`, `bytearray` or `memoryview`.
    ///     kind: "update" for a request, "agent" for a response.
    ///
    /// Raises:
    ///     InvalidDocument: The document has violations.
    ///     TypeError: The document is not text.
    ///     ValueError: The kind is unknown.
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "($self, document, kind='update')")]
    fn normalize<'py>(&self, document: &Bound<'py, PyAny>, kind: Kind) -> PyResult<Bound<'py, PyBytes>> {
        let (py, text) = (document.py(), Text::new(document)?);
        match text.with_bytes(py, |bytes| kind.0.normalize(&self.core, bytes)) {
            (Some(normalized), _) => Ok(PyBytes::new(py, normalized.as_bytes())),
            (None, report) => Err(invalid::error(py, Report::new(kind, &text, report))),
        }
    }

    /// Applies all safe suggestions to a document in JSON text, repeatedly until there are no more. All other characters
    /// stay as they are, and so does text that is not JSON.
    ///
    /// Args:
    ///     document: The JSON text, as `str`, `bytes`, `bytearray` or `memoryview`.
    ///     kind: "update" for a request, "agent" for a response.
    ///
    /// Returns:
    ///     The fixed text, as `str` if the document is one, otherwise as `bytes`.
    ///
    /// Raises:
    ///     TypeError: The document is not text.
    ///     ValueError: The kind is unknown.
    #[pyo3(signature = (document, kind = Kind::UPDATE), text_signature = "($self, document, kind='update')")]
    fn fix<'py>(&self, document: &Bound<'py, PyAny>, kind: Kind) -> PyResult<Bound<'py, PyAny>> {
        let (py, text) = (document.py(), Text::new(document)?);
        let fixed = text.with_bytes(py, |bytes| kind.0.fix(&self.core, bytes.to_vec()));
        if !text.is_str {
            return Ok(PyBytes::new(py, &fixed).into_any());
        }
        match String::from_utf8(fixed) {
            Ok(fixed) => Ok(PyString::new(py, &fixed).into_any()),
            // It has a lone surrogate, so it is not JSON and unchanged.
            Err(_) => Ok(document.clone()),
        }
    }

    /// Checks the documents in a block of lines without the interpreter's lock. Returns their line numbers, from 0, with
    /// their reports, and the number of lines. Blank lines have no document.
    fn _check_block<'py>(&self, block: &Bound<'py, PyBytes>, kind: Kind) -> PyResult<(Bound<'py, PyList>, usize)> {
        let (py, bytes) = (block.py(), block.as_bytes());
        let is_blank = |line: &[u8]| line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let lines =
            || bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line));
        let (reports, count) = py.detach(|| {
            let documents = lines().enumerate().filter(|(_, line)| !is_blank(line));
            let reports: Vec<_> = documents.map(|(number, line)| (number, kind.0.check(&self.core, line))).collect();
            (reports, lines().count())
        });
        let reports = reports.into_iter().map(|(number, report)| (number, Report::new(kind, &Text::EMPTY, report)));
        Ok((PyList::new(py, reports.collect::<Vec<_>>())?, count))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let arguments = self.options.arguments(py)?;
        let arguments = arguments.iter().map(|(name, value)| Ok(format!("{name}={}", value.repr()?)));
        Ok(format!("Reader({})", arguments.collect::<PyResult<Vec<_>>>()?.join(", ")))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        Ok((PyTuple::empty(py), self.options.arguments(py)?))
    }
}
