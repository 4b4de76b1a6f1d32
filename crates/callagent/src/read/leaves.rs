//! Decoding of strings, booleans, numbers, vocabularies and lists.

use super::{
    decode::{Context, Decode, Decoded, Path, VALID},
    options::Options,
};
use crate::{
    json::{Halt, Kind, Number, Seen, Source, Span},
    model::{Bounds, Code, Contract, FieldAdvisory, Object, Type, Vocabulary},
    report::{Expected, Report},
};

/// A type whose value is always built, so that rules that span fields can use it.
pub(crate) trait AlwaysBuilt: Decode {}

impl AlwaysBuilt for bool {}
impl AlwaysBuilt for f64 {}

impl Decode for String {
    const TYPE: Type = Type::Text;

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    #[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
    #[inline(always)]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        if kind != Kind::String {
            return context.wrong_type(source, at, kind, &Self::TYPE);
        }
        let advisory = at.advisory();
        if !BUILD && advisory.is_none() {
            return source.skip_string().map(Some);
        }
        let start = source.position();
        let text = source.string()?;
        let size = text.len();
        match advisory {
            Some(FieldAdvisory::If(code, doubtful)) if doubtful(&text) => {
                let place = Span::between(start, source.position());
                context.advisory(code, at, place, Expected::Nothing, None);
            }
            _ => {}
        }
        if BUILD {
            *value = Some(text.into_owned());
        }
        Ok(Some(size))
    }

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    #[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
    #[inline(always)]
    fn decode_item<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
        repeats: Option<(Code, &mut Seen<'t>)>,
    ) -> Result<Decoded, Halt> {
        let Some((code, seen)) = repeats.filter(|_| kind == Kind::String) else {
            return Self::decode::<S, BUILD>(source, kind, at, context, value);
        };
        let start = source.position();
        let text = source.string()?;
        let size = text.len();
        if BUILD {
            *value = Some(text.clone().into_owned());
        }
        if seen.repeats(text) {
            let place = Span::between(start, source.position());
            context.advisory(code, at, place, Expected::Nothing, None);
        }
        Ok(Some(size))
    }
}

impl Decode for bool {
    const TYPE: Type = Type::Boolean;

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    #[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
    #[inline(always)]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        if kind != Kind::Boolean {
            return context.wrong_type(source, at, kind, &Self::TYPE);
        }
        *value = Some(source.boolean()?);
        Ok(VALID)
    }
}

/// A number without bounds.
impl Decode for f64 {
    const TYPE: Type = Type::Number(&Bounds::<f64>::NONE);

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    #[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
    #[inline(always)]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        number(source, kind, at, context, &Self::TYPE, value, |number| Ok(number.double()))
    }
}

/// A list of any type.
impl<T: Decode> Decode for Vec<T> {
    const TYPE: Type = Type::List(&T::TYPE);

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    #[inline]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        if kind != Kind::Array {
            return context.wrong_type(source, at, kind, &Self::TYPE);
        }
        let mut repeats = match at.advisory() {
            Some(FieldAdvisory::Repeated(code)) => Some((code, Seen::new())),
            _ => None,
        };
        let node = at.enter();
        let mut values = Vec::new();
        let mut size = 0;
        source.array(|source| {
            let mut value = None;
            let kind = source.peek()?;
            let repeats = repeats.as_mut().map(|(code, seen)| (*code, seen));
            T::decode_item::<S, BUILD>(source, kind, node.index(size), context, &mut value, repeats)?;
            size += 1;
            if BUILD {
                values.extend(value);
            }
            Ok(())
        })?;
        if BUILD {
            *value = Some(values);
        }
        Ok(Some(size))
    }

    #[expect(private_interfaces, reason = "the trait cannot be named outside the crate")]
    fn check_part(
        object: &'static Object,
        text: &[u8],
        options: &Options,
        contract: &'static Contract,
    ) -> Option<Report> {
        T::check_part(object, text, options, contract)
    }

    #[cfg(feature = "schema")]
    fn definition(generator: &mut schemars::SchemaGenerator, in_place: bool) -> Option<schemars::Schema> {
        T::definition(generator, in_place)
    }
}

/// Consumes a number of a bounded type.
#[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
#[inline(always)]
pub(crate) fn number<'t, S: Source<'t>, T>(
    source: &mut S,
    kind: Kind,
    at: Path<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: &mut Option<T>,
    convert: impl FnOnce(Number) -> Result<T, Code>,
) -> Result<Decoded, Halt> {
    if kind != Kind::Number {
        return context.wrong_type(source, at, kind, expected);
    }
    let start = source.position();
    match convert(source.number()?) {
        Ok(number) => {
            *value = Some(number);
            Ok(VALID)
        }
        Err(code) => {
            context.wrong_value(code, source, at, start, kind, expected);
            Ok(None)
        }
    }
}

/// Consumes a string from a vocabulary. If `known` rejects it, an open vocabulary or a tolerance accepts it as
/// `unknown`.
#[expect(clippy::too_many_arguments, reason = "five for decoding, and the constructors of the value")]
#[expect(clippy::inline_always, reason = "measured: if inlined, the path is built only for findings")]
#[inline(always)]
pub(crate) fn enum_value<'t, S: Source<'t>, T>(
    source: &mut S,
    kind: Kind,
    at: Path<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    vocabulary: &'static Vocabulary,
    value: &mut Option<T>,
    known: impl FnOnce(&str) -> Option<T>,
    unknown: impl FnOnce(String) -> T,
) -> Result<Decoded, Halt> {
    let open = at.is_open().unwrap_or(vocabulary.open);
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, if open { &Type::Text } else { expected });
    }
    let start = source.position();
    let text = source.string()?;
    let size = text.len();
    if let Some(known) = known(&text) {
        *value = Some(known);
        return Ok(Some(size));
    }
    if !open {
        if !context.options.tolerates_value(vocabulary, &text) {
            context.wrong_value(Code::UNKNOWN_VALUE, source, at, start, kind, expected);
            return Ok(None);
        }
        let place = Span::between(start, source.position());
        let raw = source.raw(start);
        let shown = context.shown(&raw);
        context.advisory(Code::UNKNOWN_VALUE, at, place, Expected::Type(expected), shown);
    }
    *value = Some(unknown(text.into_owned()));
    Ok(Some(size))
}
