//! Free-form objects: variables, custom settings, and undocumented fields of responses.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{HashMap, HashSet},
    fmt,
    sync::{LazyLock, OnceLock},
};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};

use super::error::FieldError;
use crate::{
    json::{Halt, Kind, NameHasher, Number, Source, SyntaxError, Text},
    model::Type,
    read::{Context, Decode, Decoded, Path, VALID, free_object},
};

/// An object with arbitrary names and values that can be written as JSON text.
///
/// It is stored as JSON text in the original order, and parsed on first access.
///
/// ```
/// use callagent::FreeForm;
/// use serde_json::json;
///
/// let mut variables = FreeForm::new();
/// variables.insert("plan", "gold")?;
/// variables.insert("limits", json!({"calls": 3}))?;
/// assert_eq!(variables.get("limits"), Some(&json!({"calls": 3})));
/// # Ok::<(), callagent::FieldError>(())
/// ```
#[derive(Clone, Default)]
pub struct FreeForm(
    /// `None` for the empty object, since most objects of a response have no undocumented fields.
    Option<Box<Fields>>,
);

#[derive(Clone)]
struct Fields {
    /// The object including its brackets, with unique names.
    text: String,
    /// The parsed object.
    map: OnceLock<Map<String, Value>>,
}

static NO_FIELDS: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

impl FreeForm {
    /// Creates an empty object.
    #[must_use]
    pub fn new() -> Self {
        FreeForm::default()
    }

    /// Inserts a field or replaces its value, which may be nested up to `depth` levels deep.
    pub(crate) fn insert_within(
        &mut self,
        depth: u32,
        name: impl Into<String>,
        value: impl Into<Value>,
    ) -> Result<(), FieldError> {
        let (name, mut value) = (name.into(), value.into());
        if let Err(reason) = admit(&mut value, depth) {
            return Err(FieldError::new(name, reason));
        }
        let mut field = FreeForm::new();
        field.push_entry(&format!("{}:{value}", Value::from(&*name)));
        if self.get(&name).is_some() {
            self.merge(&field);
        } else {
            let map = self.0.as_mut().map(|fields| fields.map.take().unwrap_or_default());
            let mut map = map.unwrap_or_default();
            let fields = self.push_entry(field.inside());
            map.insert(name, value);
            fields.map = map.into();
        }
        Ok(())
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_map().get(name)
    }

    /// Removes a field and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let removed = self.get(name)?.clone();
        *self =
            FreeForm::from_entries(self.entries().iter().filter(|(other, _)| other != name).map(|(_, entry)| *entry));
        Some(removed)
    }

    /// Returns the fields as a map.
    #[must_use]
    pub fn as_map(&self) -> &Map<String, Value> {
        match &self.0 {
            None => &NO_FIELDS,
            Some(fields) => fields.map.get_or_init(|| self.parse()),
        }
    }

    fn parse(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            // Without the value, which may be a secret.
            _ => unreachable!("a free-form object is serialized as an object"),
        }
    }

    /// Returns whether the object has no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the object including its brackets; an empty text for the empty object.
    fn text(&self) -> &str {
        self.0.as_ref().map_or("", |fields| &fields.text)
    }

    /// Creates an object from valid fields separated by commas.
    pub(crate) fn from_entries_text(entries: &str) -> Self {
        if entries.is_empty() { FreeForm::new() } else { FreeForm::from_text(format!("{{{entries}}}")) }
    }

    /// Creates an object from its valid JSON text.
    pub(crate) fn from_text(text: String) -> Self {
        let is_empty = inside(&text).trim_ascii().is_empty();
        FreeForm((!is_empty).then(|| Box::new(Fields { text, map: OnceLock::new() })))
    }

    /// Appends a field with a new name, given as valid JSON text.
    fn push_entry(&mut self, entry: &str) -> &mut Fields {
        let fields = self.0.get_or_insert_with(|| Box::new(Fields { text: String::new(), map: OnceLock::new() }));
        let separator = if fields.text.pop().is_some() { ',' } else { '{' };
        fields.text.push(separator);
        fields.text.push_str(entry);
        fields.text.push('}');
        fields.map.take();
        fields
    }

    /// Inserts the fields of another object, replacing those with the same names.
    pub(crate) fn merge(&mut self, new: &FreeForm) {
        let (kept, new) = (self.entries(), new.entries());
        let names: HashSet<&str, NameHasher> = kept.iter().map(|(name, _)| &**name).collect();
        let replacements: HashMap<&str, &str, NameHasher> = new.iter().map(|(name, entry)| (&**name, *entry)).collect();
        let kept = kept.iter().map(|(name, entry)| replacements.get(&**name).unwrap_or(entry));
        let added = new.iter().filter(|(name, _)| !names.contains(&**name)).map(|(_, entry)| entry);
        *self = FreeForm::from_entries(kept.chain(added).copied());
    }

    /// Writes the fields into a map with other fields.
    pub(crate) fn put_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if self.is_empty() { Ok(()) } else { write_fields(&mut Text::new(self.text().as_bytes()), map) }
    }

    fn from_entries<'m>(entries: impl Iterator<Item = &'m str>) -> Self {
        let mut free_form = FreeForm::new();
        for entry in entries {
            free_form.push_entry(entry);
        }
        free_form
    }

    /// Returns the names, each with the JSON text of the field.
    fn entries(&self) -> Vec<(Cow<'_, str>, &str)> {
        let mut entries = Vec::new();
        if !self.is_empty() {
            // The text is a valid object, so reading never stops.
            let _: Result<(), Halt> = Text::new(self.text().as_bytes()).object(|text, name| {
                text.skip()?;
                entries.push((name.text, &self.text()[name.start..text.position()]));
                Ok(())
            });
        }
        entries
    }

    /// Returns the text between the brackets.
    fn inside(&self) -> &str {
        inside(self.text())
    }
}

/// Returns the text between the brackets of an object.
fn inside(text: &str) -> &str {
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default()
}

/// Checks that a value can be written as JSON text, and normalizes its numbers.
fn admit(value: &mut Value, depth: u32) -> Result<(), SyntaxError> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) => {
            *number = Number::of(number).ok_or(SyntaxError::NumberRange)?.into();
            Ok(())
        }
        Value::Array(_) | Value::Object(_) if depth == 0 => Err(SyntaxError::Depth),
        Value::Array(items) => items.iter_mut().try_for_each(|item| admit(item, depth - 1)),
        Value::Object(fields) => fields.values_mut().try_for_each(|value| admit(value, depth - 1)),
    }
}

impl From<FreeForm> for Map<String, Value> {
    fn from(mut free_form: FreeForm) -> Self {
        let map = free_form.0.as_mut().and_then(|fields| fields.map.take());
        map.unwrap_or_else(|| free_form.parse())
    }
}

impl PartialEq for FreeForm {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() || self.as_map() == other.as_map()
    }
}

impl Eq for FreeForm {}

impl Serialize for FreeForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.put_into(&mut map)?;
        map.end()
    }
}

/// The next value of a valid JSON text.
struct Next<'n, 't>(RefCell<&'n mut Text<'t>>);

impl Serialize for Next<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = &mut **self.0.borrow_mut();
        match text.peek().map_err(not_json)? {
            Kind::Null => text.null().map_err(not_json).and_then(|()| serializer.serialize_unit()),
            Kind::Boolean => text.boolean().map_err(not_json).and_then(|value| serializer.serialize_bool(value)),
            Kind::Number => match text.number().map_err(not_json)? {
                Number::Unsigned(value) => serializer.serialize_u64(value),
                Number::Negative(value) => serializer.serialize_i64(value),
                Number::Double(value) => serializer.serialize_f64(value),
            },
            Kind::String => text.string().map_err(not_json).and_then(|value| serializer.serialize_str(&value)),
            Kind::Array => {
                let mut items = serializer.serialize_seq(None)?;
                walked(|written| text.array(|text| written(items.serialize_element(&Next(RefCell::new(text))))))?;
                items.end()
            }
            Kind::Object => {
                let mut map = serializer.serialize_map(None)?;
                write_fields(text, &mut map)?;
                map.end()
            }
        }
    }
}

/// Writes the fields of the next object.
fn write_fields<M: SerializeMap>(text: &mut Text<'_>, map: &mut M) -> Result<(), M::Error> {
    walked(|written| text.object(|text, name| written(map.serialize_entry(&*name.text, &Next(RefCell::new(text))))))
}

/// Runs a traversal that stops if something cannot be written.
fn walked<E: serde::ser::Error>(
    walk: impl FnOnce(&mut dyn FnMut(Result<(), E>) -> Result<(), Halt>) -> Result<(), Halt>,
) -> Result<(), E> {
    let mut failure = None;
    let stopped = walk(&mut |written| written.map_err(|error| failure = Some(error)).map_err(|()| Halt));
    match failure {
        Some(error) => Err(error),
        None => stopped.map_err(not_json),
    }
}

fn not_json<E: serde::ser::Error>(_: Halt) -> E {
    E::custom(SyntaxError::NotJson)
}

impl Decode for FreeForm {
    const TYPE: Type = Type::FreeForm;

    #[expect(private_interfaces, private_bounds, reason = "the trait cannot be named outside the crate")]
    #[inline]
    fn decode<'t, S: Source<'t>, const BUILD: bool>(
        source: &mut S,
        kind: Kind,
        at: Path<'_>,
        context: &mut Context<'_>,
        value: &mut Option<Self>,
    ) -> Result<Decoded, Halt> {
        if kind != Kind::Object {
            return context.wrong_type(source, at, kind, &Self::TYPE);
        }
        let start = source.position();
        free_object(source, at, context)?;
        if BUILD {
            *value = Some(FreeForm::from_text(source.raw(start).into_owned()));
        }
        Ok(VALID)
    }
}

/// Shows only the names, since any value may be a secret.
impl fmt::Debug for FreeForm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.entries().iter().map(|(name, _)| name)).finish()
    }
}
