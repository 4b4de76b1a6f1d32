//! Canonical forms of the parts of OpenAPI documents that no rule covers: references are resolved, descriptions removed,
//! and defaults filled in.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::direction::Direction;
use crate::{
    fields::{Content, HEADER, Object, PARAMETER, PATH_ITEM, Role, SECURITY_SCHEME, SERVER},
    matching::MediaType,
    openapi::{Found, OpenApi},
    pointer::child,
};

/// The maximum number of objects in such parts, counting each reference.
const MAX_OBJECTS: usize = 100_000;

/// The values that no rule covers, by field name.
pub(super) type Undecided = Map<String, Value>;

impl OpenApi<'_> {
    /// The fields of an object that no rule covers, including unknown ones.
    pub(super) fn undecided(&mut self, object: &'static Object, found: &Found<'_>) -> Result<Undecided, String> {
        let mut undecided = Map::new();
        for (name, value) in found.value.as_object().into_iter().flatten() {
            if let Some(value) = self.field(object, name, value, &found.pointer, true, &mut BTreeSet::new())? {
                undecided.insert(name.clone(), value);
            }
        }
        for pointer in &found.ignored {
            if let (Some(value), Some((_, name))) = (self.document.pointer(pointer), pointer.rsplit_once('/')) {
                undecided.insert(format!("$ref {name}"), value.to_string().into());
            }
        }
        Ok(undecided)
    }

    /// The serialization of a parameter or header.
    pub(super) fn written(&mut self, object: &'static Object, found: &Found<'_>) -> Result<Undecided, String> {
        let mut written = self.undecided(object, found)?;
        with_defaults(object, found.value, &mut written);
        if let Some(content) = found.value.get("content").and_then(Value::as_object) {
            let types = content.keys().map(|name| MediaType::new(name).exact());
            written.insert("content".into(), set(types.map(Value::from)));
        }
        Ok(written)
    }

    /// A field in canonical form, or `None` if it has no effect or a rule covers it.
    fn field(
        &mut self,
        object: &'static Object,
        name: &str,
        value: &Value,
        pointer: &str,
        is_rest: bool,
        passed: &mut BTreeSet<String>,
    ) -> Result<Option<Value>, String> {
        let at = child(pointer, name);
        let Some(field) = object.field(name) else {
            return match object.others {
                _ if name.starts_with("x-") => Ok(None),
                Some(_) if is_rest => Ok(None),
                Some(object) => self.object(object, &at, passed).map(Some),
                None => self.schemas.undecided(value, &at).map(Some),
            };
        };
        if is_rest && field.role != Role::Compared {
            return Ok(None);
        }
        Ok(Some(match (&field.content, value) {
            (Content::Annotation, _) => return Ok(None),
            (Content::Schema, _) => {
                json!([
                    self.schemas.reference(&at, Direction::Request)?,
                    self.schemas.reference(&at, Direction::Response)?
                ])
            }
            (Content::Set, Value::Array(items)) => set(items.iter().cloned()),
            (Content::Names, Value::Object(members)) => set(members.keys().cloned().map(Value::from)),
            (Content::Of(object), Value::Object(_)) => self.object(object, &at, passed)?,
            (Content::Map(object), Value::Object(members)) => {
                let names: Vec<_> =
                    members.keys().filter(|name| !name.starts_with("x-") || object.name != PATH_ITEM.name).collect();
                let values =
                    names.into_iter().map(|name| Ok((name.clone(), self.object(object, &child(&at, name), passed)?)));
                values.collect::<Result<Map<_, _>, String>>()?.into()
            }
            (Content::Listed(object), Value::Array(items)) => {
                let values = (0..items.len()).map(|index| self.object(object, &child(&at, &index.to_string()), passed));
                set(values.collect::<Result<Vec<_>, String>>()?.into_iter())
            }
            (_, value) => self.schemas.undecided(value, &at)?,
        }))
    }

    /// An object in canonical form.
    fn object(
        &mut self,
        object: &'static Object,
        pointer: &str,
        passed: &mut BTreeSet<String>,
    ) -> Result<Value, String> {
        self.objects += 1;
        if self.objects > MAX_OBJECTS {
            return Err(format!(
                "the document has more than {MAX_OBJECTS} objects that no rule covers, such as `#{pointer}`"
            ));
        }
        let Some(value) = self.document.pointer(pointer) else { return Ok(Value::Null) };
        // References to other documents and values of a wrong type are compared as text.
        let Ok(found) = self.find(pointer) else { return Ok(value.to_string().into()) };
        if !passed.insert(found.pointer.clone()) {
            return Ok(json!({"again": found.pointer}));
        }
        let mut plain = Map::new();
        for (name, value) in found.value.as_object().into_iter().flatten() {
            if let Some(value) = self.field(object, name, value, &found.pointer, false, passed)? {
                plain.insert(name.clone(), value);
            }
        }
        for pointer in &found.ignored {
            plain.insert(pointer.clone(), json!(self.document.pointer(pointer)).to_string().into());
        }
        if plain.get("required") == Some(&json!("false")) {
            plain.remove("required");
        }
        if [PARAMETER.name, HEADER.name].contains(&object.name) {
            with_defaults(object, found.value, &mut plain);
        }
        passed.remove(&found.pointer);
        Ok(plain.into())
    }

    /// The servers of an operation in canonical form, and their pointer.
    pub(super) fn servers(&mut self, owners: &[&Found<'_>]) -> Result<(Value, String), String> {
        let listed = |owner: &&&Found<'_>| {
            owner.value.get("servers").and_then(Value::as_array).is_some_and(|servers| !servers.is_empty())
        };
        match owners.iter().find(listed) {
            Some(owner) => {
                let pointer = child(&owner.pointer, "servers");
                let count = owner.value.get("servers").and_then(Value::as_array).map_or(0, Vec::len);
                let of =
                    |index: usize| self.object(&SERVER, &child(&pointer, &index.to_string()), &mut BTreeSet::new());
                let servers = (0..count).map(of).collect::<Result<Vec<_>, _>>()?;
                Ok((set(servers.into_iter()), pointer))
            }
            None => Ok((json!([{"url": json!("/").to_string()}]), child("", "servers"))),
        }
    }

    /// The security of an operation in canonical form, and its pointer: alternatives, each a set of schemes with scopes.
    pub(super) fn security(&mut self, owners: &[&Found<'_>]) -> Result<(Value, String), String> {
        let owner = owners.iter().find(|owner| owner.value.get("security").is_some());
        let pointer = child(owner.map_or("", |owner| &owner.pointer), "security");
        let alternatives = owner.and_then(|owner| owner.value.get("security")?.as_array());
        let mut plain = Vec::new();
        for alternative in alternatives.into_iter().flatten() {
            let mut schemes = Vec::new();
            for (name, scopes) in alternative.as_object().into_iter().flatten() {
                let at = child("/components/securitySchemes", name);
                let scheme = match self.document.pointer(&at) {
                    Some(_) => self.object(&SECURITY_SCHEME, &at, &mut BTreeSet::new())?,
                    None => name.clone().into(),
                };
                schemes.push(json!([scheme, set(scopes.as_array().into_iter().flatten().cloned())]));
            }
            plain.push(set(schemes.into_iter()));
        }
        if plain.is_empty() {
            plain.push(json!([]));
        }
        Ok((set(plain.into_iter()), pointer))
    }
}

/// Fills in the defaults of the serialization.
fn with_defaults(object: &'static Object, value: &Value, plain: &mut Undecided) {
    let place = value.get("in").and_then(Value::as_str).unwrap_or_default();
    let default = if object.name == PARAMETER.name && ["query", "cookie"].contains(&place) { "form" } else { "simple" };
    let style = value.get("style").cloned().unwrap_or_else(|| default.into());
    let is_exploded = value.get("explode").cloned().unwrap_or_else(|| (style == "form").into());
    plain.insert("style".into(), style.to_string().into());
    plain.insert("explode".into(), is_exploded.to_string().into());
    for name in ["allowReserved", "allowEmptyValue"] {
        plain.entry(name).or_insert_with(|| "false".into());
    }
}

fn set(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<_> = values.collect();
    values.sort_by_cached_key(Value::to_string);
    values.dedup();
    values.into()
}
