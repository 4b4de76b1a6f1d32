//! The only traversal of JSON by the model, with decoding and reporting.

mod decode;
mod free;
mod leaves;
mod object;
mod options;

use crate::{
    json::{Halt, Malformed, Source, Text},
    model::Contract,
    report::{Findings, Report},
};
pub(crate) use decode::{Context, Decode, Decoded, Path, VALID};
pub(crate) use free::free_object;
pub(crate) use leaves::{AlwaysBuilt, enum_value, number};
pub(crate) use object::{FieldRef, ObjectContext, Slot, UnknownFields};
pub(crate) use options::Options;

/// Decodes a value from JSON text and reports on it. The value is built with `BUILD`, unless there are violations.
pub(crate) fn read_text<T: Decode, const BUILD: bool>(
    text: &[u8],
    options: &Options,
    contract: &'static Contract,
    value: &mut Option<T>,
) -> Report {
    let mut source = Text::new(text);
    read::<T, _, BUILD>(&mut source, Text::finish, Some(text), options, contract, value)
}

/// Reports whether JSON text is well-formed.
pub(crate) fn read_json(text: &[u8]) -> Report {
    let mut source = Text::new(text);
    let read = source.skip().and_then(|()| source.finish());
    if read.is_ok() { Report::default() } else { malformed(&source, Some(text)) }
}

/// Decodes a value in memory and reports on it.
pub(crate) fn read_memory<'t, T: Decode, const BUILD: bool>(
    mut source: impl Source<'t>,
    options: &Options,
    contract: &'static Contract,
    value: &mut Option<T>,
) -> Report {
    read::<T, _, BUILD>(&mut source, |_| Ok(()), None, options, contract, value)
}

fn read<'t, T: Decode, S: Source<'t>, const BUILD: bool>(
    source: &mut S,
    finish: impl FnOnce(&mut S) -> Result<(), Halt>,
    text: Option<&[u8]>,
    options: &Options,
    contract: &'static Contract,
    value: &mut Option<T>,
) -> Report {
    let mut context = Context { options, contract, findings: None };
    let kind = source.peek();
    let decoded = kind.and_then(|kind| T::decode::<S, BUILD>(source, kind, Path::root(), &mut context, value));
    if decoded.and_then(|_| finish(source)).is_err() {
        *value = None;
        return malformed(source, text);
    }
    let Some(findings) = context.findings else { return Report::default() };
    if findings.violation_count() > 0 {
        *value = None;
    }
    Report::new(findings, text)
}

/// Returns the report on a source that stopped reading.
fn malformed<'t, S: Source<'t>>(source: &S, text: Option<&[u8]>) -> Report {
    let Malformed { offset, reason } = source.malformed();
    let length = usize::from(text.is_some_and(|text| offset < text.len()));
    Report::new(Findings::malformed(offset, length, reason), text)
}
