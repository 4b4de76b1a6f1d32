//! Decoding of arbitrary values, in which only duplicate names are violations.

use super::decode::{Context, Path};
use crate::json::{Halt, Kind, Seen, Source};

#[inline]
pub(super) fn free_value<'t, S: Source<'t>>(
    source: &mut S,
    at: Path<'_>,
    context: &mut Context<'_>,
) -> Result<(), Halt> {
    match source.peek()? {
        Kind::Array => free_array(source, at, context),
        Kind::Object => free_object(source, at, context),
        kind => source.skip_scalar(kind),
    }
}

fn free_array<'t, S: Source<'t>>(source: &mut S, at: Path<'_>, context: &mut Context<'_>) -> Result<(), Halt> {
    let node = at.enter();
    let mut index = 0;
    source.array(|source| {
        free_value(source, node.index(index), context)?;
        index += 1;
        Ok(())
    })
}

/// The first of several fields with the same name counts.
pub(crate) fn free_object<'t, S: Source<'t>>(
    source: &mut S,
    at: Path<'_>,
    context: &mut Context<'_>,
) -> Result<(), Halt> {
    let node = at.enter();
    let mut seen = Seen::new();
    source.object(|source, name| {
        if seen.repeats(name.text.clone()) {
            return context.duplicate(source, name.span(), node.name(&name.text));
        }
        free_value(source, node.name(&name.text), context)
    })
}
