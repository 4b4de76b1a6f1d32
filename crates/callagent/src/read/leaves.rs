//! The walks over lists and leaves: texts, keys, booleans, numbers, words, free-form values.

use std::borrow::Cow;

use super::{
    seen::Seen,
    source::{Kind, Malformed, Number, Source},
    walk::{At, Context, Walk, Walked},
};
use crate::{
    declaration::{Advice, Direction, Type},
    free_form::FreeForm,
    report::{Code, Expected},
    secret::{ApiKey, KeyChange},
};

/// Walks a list; `item` walks each item.
fn list<'t, S: Source<'t>, T, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    mut item: impl FnMut(&mut S, &At<'_>, &mut Context<'_>) -> Result<Walked<T>, Malformed>,
) -> Result<Walked<Vec<T>>, Malformed> {
    let kind = source.peek()?;
    if kind != Kind::Array {
        return context.wrong_type(source, at, kind, expected);
    }
    let mut values = Vec::new();
    let mut size = 0;
    source.array(|source| {
        let walked = item(source, &at.index(size), context)?;
        size += 1;
        if BUILD {
            values.extend(walked.value);
        }
        Ok(())
    })?;
    Ok(Walked { sound: true, size, value: Some(values) })
}

/// Walks a list of objects.
pub(crate) fn objects<'t, S: Source<'t>, T: Walk, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
) -> Result<Walked<Vec<T>>, Malformed>
where
    Vec<T>: Walk,
{
    list::<S, T, BUILD>(source, at, context, &<Vec<T> as Walk>::TYPE, T::walk::<S, BUILD>)
}

/// Takes the text of a string, or reports what is no string.
#[inline]
fn text<'t, S: Source<'t>, T>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    value: impl FnOnce(Cow<'t, str>, &mut S, &mut Context<'_>, usize) -> Walked<T>,
) -> Result<Walked<T>, Malformed> {
    let kind = source.peek()?;
    if kind != Kind::String {
        return context.wrong_type(source, at, kind, expected);
    }
    let start = source.position();
    let text = source.string()?;
    Ok(value(text, source, context, start))
}

/// Makes the value of a string that holds any text.
fn any_text<T, const BUILD: bool>(text: Cow<'_, str>, value: impl FnOnce(String) -> T) -> Walked<T> {
    let size = text.len();
    Walked { sound: true, size, value: Some(value(if BUILD { text.into_owned() } else { String::new() })) }
}

/// Implements `Walk` for types whose walk is a few lines.
macro_rules! walk {
    ($type:ty, $declared:expr, |$source:ident, $at:ident, $context:ident| $walk:expr) => {
        impl Walk for $type {
            const TYPE: Type = $declared;

            #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
            fn walk<'t, S: Source<'t>, const BUILD: bool>(
                $source: &mut S,
                $at: &At<'_>,
                $context: &mut Context<'_>,
            ) -> Result<Walked<Self>, Malformed> {
                $walk
            }
        }
    };
}

walk!(String, Type::Text, |source, at, context| text(
    source,
    at,
    context,
    &Self::TYPE,
    |text, source, context, start| {
        match at.advice() {
            Some(Advice::Doubt(code, doubtful)) if doubtful(&text) => {
                context.advisory(code, at, (start, source.position() - start), Expected::Nothing, None);
            }
            _ => {}
        }
        any_text::<_, BUILD>(text, |text| text)
    }
));

walk!(ApiKey, Type::Key, |source, at, context| text(source, at, context, &Self::TYPE, |text, _, _, _| {
    any_text::<_, BUILD>(text, ApiKey::new)
}));

walk!(KeyChange, Type::KeyOrNull, |source, at, context| {
    if source.peek()? == Kind::Null {
        source.null()?;
        return Ok(Walked::sound(KeyChange::Remove));
    }
    text(source, at, context, &Self::TYPE, |text, _, _, _| {
        any_text::<_, BUILD>(text, |text| KeyChange::Replace(ApiKey::new(text)))
    })
});

walk!(bool, Type::Boolean, |source, at, context| {
    let kind = source.peek()?;
    if kind != Kind::Boolean {
        return context.wrong_type(source, at, kind, &Self::TYPE);
    }
    source.boolean().map(Walked::sound)
});

walk!(Vec<String>, Type::List(&Type::Text), |source, at, context| {
    let repeats_are_doubtful = matches!(at.advice(), Some(Advice::Repeated));
    let mut seen = Seen::new();
    list::<S, String, BUILD>(source, at, context, &Self::TYPE, |source, at, context| {
        text(source, at, context, &String::TYPE, |text, source, context, start| {
            if repeats_are_doubtful {
                if seen.contains(&text) {
                    let place = (start, source.position() - start);
                    context.advisory(Code::RepeatedPhoneNumber, at, place, Expected::Nothing, None);
                } else {
                    seen.add(text.clone());
                }
            }
            any_text::<_, BUILD>(text, |text| text)
        })
    })
});

walk!(FreeForm, Type::FreeForm, |source, at, context| {
    let kind = source.peek()?;
    if kind != Kind::Object {
        return context.wrong_type(source, at, kind, &Self::TYPE);
    }
    let mut map = FreeForm::new();
    free_object::<S, BUILD>(source, at, context, |name, value| map.put(name, value))?;
    Ok(Walked::sound(map))
});

/// Takes the number of a type with bounds.
pub(crate) fn number<'t, S: Source<'t>, T>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    judge: impl FnOnce(Number) -> Result<T, Code>,
) -> Result<Walked<T>, Malformed> {
    let kind = source.peek()?;
    if kind != Kind::Number {
        return context.wrong_type(source, at, kind, expected);
    }
    let start = source.position();
    match judge(source.number()?) {
        Ok(value) => Ok(Walked::sound(value)),
        Err(code) => {
            context.wrong_value(code, source, at, start, kind, expected);
            Ok(Walked::WRONG)
        }
    }
}

/// Takes the word of a vocabulary; `word` makes it, or says no. What it refuses, a tolerance may admit as `unlisted`.
pub(crate) fn word<'t, S: Source<'t>, T, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    expected: &'static Type,
    listed: impl FnOnce(&str) -> Option<T>,
    unlisted: impl FnOnce(String) -> T,
) -> Result<Walked<T>, Malformed> {
    let open = at.direction() == Direction::Response;
    text(source, at, context, if open { &String::TYPE } else { expected }, |word, source, context, start| {
        if let Some(value) = listed(&word) {
            return Walked::sound(value);
        }
        if !open {
            let tolerated =
                matches!(expected, Type::Word(vocabulary) if context.reader.tolerates_word(vocabulary, &word));
            if !tolerated {
                context.wrong_value(Code::UnknownValue, source, at, start, Kind::String, expected);
                return Walked::WRONG;
            }
            let place = (start, source.position() - start);
            let spelling = source.spelling(start);
            context.advisory(Code::UnknownValue, at, place, Expected::Type(expected), Some(&spelling));
        }
        any_text::<_, BUILD>(word, unlisted)
    })
}

/// Walks a value that may be anything; `None` without `BUILD`.
pub(super) fn free_value<'t, S: Source<'t>, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
) -> Result<Option<serde_json::Value>, Malformed> {
    use serde_json::Value;
    Ok(match source.peek()? {
        Kind::Null => source.null().map(|()| BUILD.then_some(Value::Null))?,
        Kind::Boolean => source.boolean().map(|value| BUILD.then_some(Value::Bool(value)))?,
        Kind::Number => source.number().map(|number| BUILD.then(|| Value::Number(number.into())))?,
        Kind::String => source.string().map(|text| BUILD.then(|| Value::String(text.into_owned())))?,
        Kind::Array => {
            let mut values = Vec::new();
            let mut index = 0;
            source.array(|source| {
                let value = free_value::<S, BUILD>(source, &at.index(index), context)?;
                index += 1;
                if values.capacity() == 0 && BUILD {
                    values.reserve_exact(1);
                }
                values.extend(value);
                Ok(())
            })?;
            BUILD.then_some(Value::Array(values))
        }
        Kind::Object => {
            let mut map = serde_json::Map::new();
            free_object::<S, BUILD>(source, at, context, |name, value| drop(map.insert(name, value)))?;
            BUILD.then_some(Value::Object(map))
        }
    })
}

/// Walks an object of any names; of a repeated one the first counts.
fn free_object<'t, S: Source<'t>, const BUILD: bool>(
    source: &mut S,
    at: &At<'_>,
    context: &mut Context<'_>,
    mut keep: impl FnMut(String, serde_json::Value),
) -> Result<(), Malformed> {
    let mut seen = Seen::new();
    source.object(|source, name| {
        let at = at.name(&name.text);
        if seen.contains(&name.text) {
            return context.duplicate(source, &name, &at);
        }
        if let Some(value) = free_value::<S, BUILD>(source, &at, context)? {
            keep(name.text.as_ref().to_owned(), value);
        }
        seen.add(name.text);
        Ok(())
    })
}
