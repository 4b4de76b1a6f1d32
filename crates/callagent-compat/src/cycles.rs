//! Detection of circular references, and of schemas that expand to too many others.

use serde_json::Value;

use crate::schemas::{Schemas, number_of};

/// Keywords whose subschemas apply to the same value, so that a cycle never ends.
pub(super) const IN_PLACE: [&str; 9] =
    ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];

/// The maximum number of schemas that apply to one value, counting each reference.
const MAX_EXPANDED: usize = 100_000;

/// Rejects schemas that refer to themselves for the same value, and schemas that expand to too many others, since a
/// validator evaluates each of them once per reference.
pub(super) fn check(schemas: &Schemas<'_>) -> Result<(), String> {
    let mut referring = vec![Vec::new(); schemas.definitions().count()];
    let mut open_references = Vec::new();
    for (number, schema) in schemas.definitions().enumerate() {
        let references = in_place(schema);
        open_references.push(references.len());
        for other in references {
            referring.get_mut(other).into_iter().for_each(|list: &mut Vec<usize>| list.push(number));
        }
    }
    // Repeatedly remove schemas without open references. What remains is circular.
    let mut done: Vec<_> =
        (0..open_references.len()).filter(|number| open_references.get(*number) == Some(&0)).collect();
    let mut expanded = vec![1_usize; open_references.len()];
    while let Some(number) = done.pop() {
        let count = expanded.get(number).copied().unwrap_or_default();
        if count > MAX_EXPANDED {
            let pointer = schemas.pointer(number);
            return Err(format!("`#{pointer}` expands to more than {MAX_EXPANDED} schemas for one value"));
        }
        for other in referring.get(number).into_iter().flatten() {
            if let Some(expanded) = expanded.get_mut(*other) {
                *expanded = expanded.saturating_add(count);
            }
        }
        for other in referring.get(number).into_iter().flatten() {
            if let Some(open) = open_references.get_mut(*other) {
                *open -= 1;
                done.extend((*open == 0).then_some(*other));
            }
        }
    }
    match open_references.iter().position(|open| *open > 0) {
        None => Ok(()),
        Some(number) => Err(format!("`#{}` has a circular reference", schemas.pointer(number))),
    }
}

/// The definitions that a schema refers to for the same value, once per reference.
fn in_place(schema: &Value) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            match (keyword.as_str(), value) {
                ("$ref", reference) => found.extend(reference.as_str().and_then(number_of)),
                ("dependentSchemas", Value::Object(schemas)) => open.extend(schemas.values()),
                (keyword, Value::Array(schemas)) if IN_PLACE.contains(&keyword) => open.extend(schemas),
                (keyword, schema) if IN_PLACE.contains(&keyword) => open.push(schema),
                _ => {}
            }
        }
    }
    found
}
