//! A small finite set of JSON values from the model: every type, every bound, every known value.

use std::collections::BTreeSet;

use callagent::model::{Object, Type};
use callagent_testkit::objects;
use serde_json::Value;

/// One value of each JSON type.
const KINDS: [&str; 7] = ["null", "true", "0", "0.5", "\"a\"", "[]", "{}"];

/// Strings: blank ones, and a valid language tag.
const TEXTS: [&str; 3] = ["\"\"", "\" \"", "\"en\""];

const FREE_FORMS: [&str; 2] = [r#"{"a":null}"#, r#"{"a":{"b":[0,{}]},"":""}"#];

/// The names of all documented fields of all objects.
pub(crate) fn names() -> Vec<&'static str> {
    let names: BTreeSet<_> = objects().iter().flat_map(|object| object.fields).map(|field| field.name).collect();
    names.into_iter().collect()
}

/// Values of all types, with the bounds and known values of all documented fields.
pub(crate) fn values() -> Vec<String> {
    let fields = objects().into_iter().flat_map(|object| object.fields);
    let flat = fields.filter(|field| field.r#type.object().is_none());
    let values: BTreeSet<_> = flat.flat_map(|field| choices(&field.r#type)).collect();
    values.into_iter().collect()
}

/// The names of the fields along a JSON Pointer and the type of its target, or `None` if it is not documented.
pub(crate) fn declared(root: &'static Object, pointer: &str) -> Option<(Vec<&'static str>, Type)> {
    let steps = pointer.split('/').skip(1);
    steps.into_iter().try_fold((Vec::new(), Type::Object(root)), |(mut names, r#type), step| match r#type {
        Type::Object(object) => object.field(step).map(|field| {
            names.push(field.name);
            (names, field.r#type)
        }),
        Type::List(item) => Some((names, *item)),
        _ => None,
    })
}

/// JSON texts of values to try in a field of this type: every JSON type, and values near the type's constraints.
pub(crate) fn choices(r#type: &Type) -> Vec<String> {
    let mut choices: BTreeSet<String> = KINDS.map(str::to_owned).into();
    match r#type {
        Type::Text | Type::Key | Type::KeyOrNull => choices.extend(TEXTS.map(str::to_owned)),
        Type::Boolean => choices.extend(["false".to_owned()]),
        Type::Integer(_) | Type::Number(_) => choices.extend(boundaries(r#type)),
        Type::Enum(vocabulary) => {
            let near = vocabulary.values.iter().take(1).map(|value| value.to_uppercase());
            let values = vocabulary.values.iter().map(|value| (*value).to_owned()).chain(near).chain([String::new()]);
            choices.extend(values.map(|value| Value::String(value).to_string()));
        }
        Type::List(item) => {
            let good = good(item);
            choices.extend(self::choices(item).into_iter().map(|item| format!("[{item}]")));
            choices.extend(KINDS.map(|kind| format!("[{good},{kind},{good}]")));
        }
        Type::Object(object) => choices.extend(variations(object)),
        Type::FreeForm => choices.extend(FREE_FORMS.map(str::to_owned)),
    }
    choices.into_iter().collect()
}

/// An object with every field, and all variants that differ in one field.
fn variations(object: &Object) -> Vec<String> {
    let written = |index: Option<usize>, choice: Option<&str>| {
        let fields = object.fields.iter().enumerate().filter_map(|(at, field)| {
            let value = if Some(at) == index { choice?.to_owned() } else { good(&field.r#type) };
            Some(format!("{:?}:{value}", field.name))
        });
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    };
    let others = object.fields.iter().enumerate().flat_map(|(index, field)| {
        let choices = choices(&field.r#type);
        let given: Vec<_> = choices.iter().map(|choice| written(Some(index), Some(choice))).collect();
        given.into_iter().chain([written(Some(index), None)])
    });
    let undocumented = written(None, None).replacen('{', r#"{"further":null,"#, 1);
    others.chain([written(None, None), undocumented]).collect()
}

/// A valid value.
pub(crate) fn good(r#type: &Type) -> String {
    match r#type {
        Type::Text | Type::Key | Type::KeyOrNull => "\"en\"".to_owned(),
        Type::Boolean => "true".to_owned(),
        Type::Integer(_) | Type::Number(_) => {
            r#type.bounds().into_iter().flatten().last().unwrap_or_default().to_string()
        }
        Type::Enum(vocabulary) => Value::from(vocabulary.values.first().copied().unwrap_or_default()).to_string(),
        Type::List(item) => format!("[{}]", good(item)),
        Type::Object(object) => {
            let fields = object.fields.iter().map(|field| format!("{:?}:{}", field.name, good(&field.r#type)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Type::FreeForm => "{}".to_owned(),
    }
}

/// Both bounds, their integer neighbors, adjacent doubles, and other notations.
#[expect(clippy::cast_precision_loss, reason = "the bounds are exact as doubles")]
fn boundaries(r#type: &Type) -> Vec<String> {
    let mut numbers = vec!["-0.0".to_owned(), "-1e-400".to_owned(), "18446744073709551616".to_owned()];
    for end in r#type.bounds().into_iter().flatten().filter_map(|bound| bound.as_i64()) {
        let (whole, double) = (i128::from(end), end as f64);
        numbers.extend([whole - 1, whole, whole + 1].map(|number| number.to_string()));
        numbers.extend([double.next_down(), double.next_up()].map(|number| format!("{number:e}")));
        numbers.extend([format!("{end}.0"), format!("{end}e0"), format!("{end}.0e0"), format!("{end}.5")]);
        // A fraction that rounds to the bound, and one that does not.
        numbers.extend([20, 14].map(|zeros| format!("{end}.{:0>zeros$}1", "")));
        numbers.push(format!("{}e-1", whole * 10));
    }
    numbers
}
