//! Deserialization with `serde` only, whose errors are text.

use std::fmt::Display;

use callagent::Document as Model;

use super::{Document, Engine, Reported, Verdict};
use crate::for_document;

/// Deserialization from text and from a value.
pub(super) fn engines() -> [Engine; 2] {
    [
        Engine::new("serde_json", |document| {
            strict(document, || Some(for_document!(document.direction, from_text(document))))
        }),
        Engine::new("serde Value", |document| {
            strict(document, || for_document!(document.direction, from_value(document)))
        }),
    ]
}

/// `serde` has no tolerances.
fn strict(document: &Document<'_>, check: impl FnOnce() -> Option<Verdict>) -> Option<Verdict> {
    if document.tolerant.is_some() { None } else { check() }
}

fn from_text<T: Model>(document: &Document<'_>) -> Verdict {
    verdict(serde_json::from_slice::<T>(document.text))
}

fn from_value<T: Model>(document: &Document<'_>) -> Option<Verdict> {
    Some(verdict(T::deserialize(document.value?)))
}

fn verdict<T: Model>(read: Result<T, impl Display>) -> Verdict {
    match read {
        Ok(model) => Verdict {
            output: Some(serde_json::to_string(&model).unwrap_or_else(|error| error.to_string())),
            ..Verdict::new(true, Reported::Nothing)
        },
        Err(error) => Verdict::new(false, Reported::Text(error.to_string())),
    }
}
