//! The walks over lists and leaves: texts, keys, booleans, numbers, words, free-form values.

use super::{
    seen::Seen,
    source::{Kind, Number, Source, Stop},
    walk::{At, Context, SOUND, Walk, Walked, shown},
};
use crate::{
    declaration::{Advice, Direction, Type, Vocabulary},
    free_form::FreeForm,
    report::{Code, Expected},
    secret::{ApiKey, KeyChange},
};

/// Walks a list; `item` walks each item.
#[inline]
fn list<'t, S: Source<'t>, T, const BUILD: bool>(
    source: &mut S,
    kind: Kind,
    at: At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: &mut Option<Vec<T>>,
    mut item: impl FnMut(&mut S, Kind, At<'_>, &mut Context<'_>, &mut Option<T>) -> Result<Walked, Stop>,
) -> Result<Walked, Stop> {
    if kind != Kind::Array {
        return context.wrong_type(source, at, kind, expected);
    }
    let frame = at.enter();
    let mut values = Vec::new();
    let mut size = 0;
    source.array(|source| {
        let mut value = None;
        let kind = source.peek()?;
        item(source, kind, frame.index(size), context, &mut value)?;
        size += 1;
        if BUILD {
            values.extend(value);
        }
        Ok(())
    })?;
    *value = Some(values);
    Ok(Some(size))
}

/// Walks a list of objects.
pub(crate) fn objects<'t, S: Source<'t>, T: Walk, const BUILD: bool>(
    source: &mut S,
    kind: Kind,
    at: At<'_>,
    context: &mut Context<'_>,
    value: &mut Option<Vec<T>>,
) -> Result<Walked, Stop>
where
    Vec<T>: Walk,
{
    list::<S, T, BUILD>(source, kind, at, context, &<Vec<T> as Walk>::TYPE, value, T::walk::<S, BUILD>)
}

/// Implements `Walk` for types whose walk is a few lines.
macro_rules! walk {
    ($type:ty, $declared:expr, |$source:ident, $kind:ident, $at:ident, $context:ident, $value:ident| $walk:expr) => {
        impl Walk for $type {
            const TYPE: Type = $declared;

            #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
            #[inline(always)]
            fn walk<'t, S: Source<'t>, const BUILD: bool>(
                $source: &mut S,
                $kind: Kind,
                $at: At<'_>,
                $context: &mut Context<'_>,
                $value: &mut Option<Self>,
            ) -> Result<Walked, Stop> {
                $walk
            }
        }
    };
}

walk!(String, Type::Text, |source, kind, at, context, value| {
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, &Self::TYPE);
    }
    let advice = at.advice();
    if !BUILD && advice.is_none() {
        return source.skip_scalar(kind).map(|()| SOUND);
    }
    let start = source.position();
    let text = source.string()?;
    match advice {
        Some(Advice::Doubt(code, doubtful)) if doubtful(&text) => {
            context.advisory(code, at, (start, source.position() - start), Expected::Nothing, None);
        }
        _ => {}
    }
    if BUILD {
        *value = Some(text.into_owned());
    }
    Ok(SOUND)
});

/// Takes the text of a key, whose size matters where it is due.
fn key<'t, S: Source<'t>, T, const BUILD: bool>(
    source: &mut S,
    kind: Kind,
    at: At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: &mut Option<T>,
    key: impl FnOnce(ApiKey) -> T,
) -> Result<Walked, Stop> {
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, expected);
    }
    let text = source.string()?;
    let size = text.len();
    *value = Some(key(ApiKey::new(if BUILD { text.into_owned() } else { String::new() })));
    Ok(Some(size))
}

walk!(ApiKey, Type::Key, |source, kind, at, context, value| {
    key::<S, Self, BUILD>(source, kind, at, context, &Self::TYPE, value, |key| key)
});

walk!(KeyChange, Type::KeyOrNull, |source, kind, at, context, value| {
    if kind == Kind::Null {
        source.null()?;
        *value = Some(KeyChange::Remove);
        return Ok(SOUND);
    }
    key::<S, Self, BUILD>(source, kind, at, context, &Self::TYPE, value, KeyChange::Replace)
});

walk!(bool, Type::Boolean, |source, kind, at, context, value| {
    if kind != Kind::Boolean {
        return context.wrong_type(source, at, kind, &Self::TYPE);
    }
    *value = Some(source.boolean()?);
    Ok(SOUND)
});

walk!(Vec<String>, Type::List(&Type::Text), |source, kind, at, context, value| {
    let repeats_are_doubtful = matches!(at.advice(), Some(Advice::Repeated));
    let mut seen = Seen::new();
    list::<S, String, BUILD>(source, kind, at, context, &Self::TYPE, value, |source, kind, at, context, value| {
        if kind != Kind::String {
            return context.wrong_type(source, at, kind, &String::TYPE);
        }
        let start = source.position();
        let text = source.string()?;
        if BUILD {
            *value = Some(text.clone().into_owned());
        }
        if repeats_are_doubtful && seen.repeats(text) {
            let place = (start, source.position() - start);
            context.advisory(Code::RepeatedPhoneNumber, at, place, Expected::Nothing, None);
        }
        Ok(SOUND)
    })
});

walk!(FreeForm, Type::FreeForm, |source, kind, at, context, value| {
    if kind != Kind::Object {
        return context.wrong_type(source, at, kind, &Self::TYPE);
    }
    let start = source.position();
    free_object(source, at, context)?;
    if BUILD {
        *value = Some(FreeForm::of_text(source.spelling(start).into_owned()));
    }
    Ok(SOUND)
});

/// Takes the number of a type with bounds.
#[expect(clippy::inline_always, reason = "measured: without a call the way is made for findings alone")]
#[inline(always)]
pub(crate) fn number<'t, S: Source<'t>, T>(
    source: &mut S,
    kind: Kind,
    at: At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: &mut Option<T>,
    judge: impl FnOnce(Number) -> Result<T, Code>,
) -> Result<Walked, Stop> {
    if kind != Kind::Number {
        return context.wrong_type(source, at, kind, expected);
    }
    let start = source.position();
    match judge(source.number()?) {
        Ok(number) => {
            *value = Some(number);
            Ok(SOUND)
        }
        Err(code) => {
            context.wrong_value(code, source, at, start, kind, expected);
            Ok(None)
        }
    }
}

/// Takes the word of a vocabulary; what `listed` refuses, a tolerance may admit as `unlisted`.
#[expect(clippy::too_many_arguments, reason = "a walk's five, and what makes the word")]
#[expect(clippy::inline_always, reason = "measured: without a call the way is made for findings alone")]
#[inline(always)]
pub(crate) fn word<'t, S: Source<'t>, T, const BUILD: bool>(
    source: &mut S,
    kind: Kind,
    at: At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    vocabulary: &'static Vocabulary,
    value: &mut Option<T>,
    listed: impl FnOnce(&str) -> Option<T>,
    unlisted: impl FnOnce(String) -> T,
) -> Result<Walked, Stop> {
    let open = at.direction().unwrap_or(vocabulary.direction) == Direction::Response;
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, if open { &String::TYPE } else { expected });
    }
    let start = source.position();
    let word = source.string()?;
    if let Some(word) = listed(&word) {
        *value = Some(word);
        return Ok(SOUND);
    }
    if !open {
        if !context.reader.tolerates_word(vocabulary, &word) {
            context.wrong_value(Code::UnknownValue, source, at, start, kind, expected);
            return Ok(None);
        }
        let place = (start, source.position() - start);
        let spelling = source.spelling(start);
        context.advisory(Code::UnknownValue, at, place, Expected::Type(expected), shown(&spelling));
    }
    *value = Some(unlisted(if BUILD { word.into_owned() } else { String::new() }));
    Ok(SOUND)
}

/// Walks a value that may be anything, but for names that are repeated in it.
#[inline]
pub(super) fn free_value<'t, S: Source<'t>>(source: &mut S, at: At<'_>, context: &mut Context<'_>) -> Result<(), Stop> {
    match source.peek()? {
        Kind::Array => free_array(source, at, context),
        Kind::Object => free_object(source, at, context),
        kind => source.skip_scalar(kind),
    }
}

fn free_array<'t, S: Source<'t>>(source: &mut S, at: At<'_>, context: &mut Context<'_>) -> Result<(), Stop> {
    let frame = at.enter();
    let mut index = 0;
    source.array(|source| {
        free_value(source, frame.index(index), context)?;
        index += 1;
        Ok(())
    })
}

/// Of a repeated name the first counts.
fn free_object<'t, S: Source<'t>>(source: &mut S, at: At<'_>, context: &mut Context<'_>) -> Result<(), Stop> {
    let frame = at.enter();
    let mut seen = Seen::new();
    source.object(|source, name| {
        if seen.repeats(name.text.clone()) {
            return context.duplicate(source, name.place(), frame.name(&name.text));
        }
        free_value(source, frame.name(&name.text), context)
    })
}
