//! Normalization of schemas: references by number, no annotations, OpenAPI 3.0 translated to JSON Schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::direction::Direction;
use crate::{
    cycles::IN_PLACE,
    dialect::{Dialect, Keyword, translate},
    pointer::child,
    schemas::{Context, Schemas, UNDECIDED, reference_texts},
};

/// The maximum size of text that no rule covers, including what it refers to, in bytes.
const MAX_UNDECIDED: usize = 32 << 20;

/// The maximum number of schemas searched for `readOnly` and `writeOnly` of one property.
const MAX_PASSED: usize = 1000;

impl Schemas<'_> {
    pub(super) fn normal(&mut self, schema: &Value, pointer: &str, context: &Context) -> Result<Value, String> {
        let keywords = match schema {
            Value::Bool(_) => return Ok(schema.clone()),
            Value::Object(keywords) => keywords,
            _ => return Err(format!("expected a schema at `#{pointer}`: an object, `true` or `false`")),
        };
        let is_of_30 = self.dialect() == Dialect::OpenApi30;
        if let Some(dialect) = keywords.get("$schema").filter(|_| !is_of_30) {
            Self::check_dialect(dialect, pointer)?;
        }
        if !pointer.is_empty() && keywords.contains_key("$id") {
            return Err(format!(
                "the schema at `#{pointer}` has an `$id`, which is not supported below the root; use JSON Pointers"
            ));
        }
        let mut same_value = context.clone();
        if let Some(direction) = context.direction {
            self.add_optional(keywords, direction, &mut same_value);
        }
        let below = Context { direction: context.direction, ..Context::default() };
        let mut normal = Map::new();
        let mut undecided = Map::new();
        for (name, value) in keywords {
            let at = child(pointer, name);
            let context = if IN_PLACE.contains(&name.as_str()) { &same_value } else { &below };
            let value = match (name.as_str(), self.dialect().keyword(name)) {
                ("$ref", _) => match self.refer(value, pointer, context)? {
                    Value::Object(reference) => {
                        normal.extend(reference);
                        continue;
                    }
                    _ => continue,
                },
                ("$dynamicRef" | "$recursiveRef", _) => {
                    return Err(format!("`{name}` at `#{pointer}` is not supported; use `$ref`"));
                }
                (_, Keyword::Annotation) => continue,
                // The specification says to ignore them, but many implementations do not.
                (_, Keyword::Schema | Keyword::List | Keyword::Named | Keyword::Assertion | Keyword::Unknown)
                    if is_of_30 && keywords.contains_key("$ref") =>
                {
                    undecided.insert(name.clone(), self.undecided(value, &at)?);
                    continue;
                }
                (_, Keyword::Schema) => self.normal(value, &at, context)?,
                (_, Keyword::List) => {
                    let schemas = value.as_array().ok_or_else(|| format!("expected an array of schemas at `#{at}`"))?;
                    let schemas = schemas.iter().enumerate();
                    let schemas =
                        schemas.map(|(index, schema)| self.normal(schema, &child(&at, &index.to_string()), context));
                    schemas.collect::<Result<Vec<_>, _>>()?.into()
                }
                (_, Keyword::Named) => {
                    let schemas =
                        value.as_object().ok_or_else(|| format!("expected an object of schemas at `#{at}`"))?;
                    let schemas = schemas
                        .iter()
                        .map(|(name, schema)| Ok((name.clone(), self.normal(schema, &child(&at, name), context)?)));
                    schemas.collect::<Result<Map<_, _>, String>>()?.into()
                }
                (_, Keyword::Assertion) => value.clone(),
                (_, Keyword::Unknown) => {
                    undecided.insert(name.clone(), self.undecided(value, &at)?);
                    continue;
                }
            };
            normal.insert(name.clone(), value);
        }
        if is_of_30 {
            for name in translate(keywords, &mut normal).map_err(|reason| format!("{reason} at `#{pointer}`"))? {
                if let Some(value) = keywords.get(name) {
                    undecided.insert(name.to_owned(), self.undecided(value, &child(pointer, name))?);
                }
            }
        }
        if let Some(Value::Array(names)) = normal.get_mut("required") {
            names.retain(|name| name.as_str().is_none_or(|name| !same_value.optional.contains(name)));
            let count = names.len();
            names.retain(|name| name.as_str().is_none_or(|name| !same_value.doubtful.contains(name)));
            if let (true, Some(value)) = (names.len() < count, keywords.get("required")) {
                undecided.insert("required".into(), self.undecided(value, &child(pointer, "required"))?);
            }
        }
        if !undecided.is_empty() {
            normal.insert(UNDECIDED.into(), undecided.into());
        }
        Ok(normal.into())
    }

    /// A value that no rule covers as text, with everything in the document that it refers to.
    pub(super) fn undecided(&mut self, value: &Value, pointer: &str) -> Result<Value, String> {
        let mut referred = BTreeMap::new();
        let mut open = vec![(pointer.to_owned(), value)];
        let mut text = value.to_string();
        while let Some((pointer, value)) = open.pop() {
            for reference in reference_texts(value) {
                // References to other documents are compared as text.
                if let Ok(target) = self.target(reference, &pointer)
                    && let Some(value) = self.document.pointer(&target)
                    && !referred.contains_key(&target)
                {
                    self.undecided += value.to_string().len();
                    if self.undecided > MAX_UNDECIDED {
                        return Err(format!(
                            "`#{pointer}` refers to more than {} MiB of text that no rule covers",
                            MAX_UNDECIDED >> 20
                        ));
                    }
                    referred.insert(target.clone(), value.to_string());
                    open.push((target, value));
                }
            }
        }
        for (pointer, value) in referred {
            text.push_str(&format!("\n{pointer} {value}"));
        }
        Ok(text.into())
    }

    /// Adds the properties that OpenAPI 3.0 does not require in this direction, even if they are in `required`.
    fn add_optional(&self, keywords: &Map<String, Value>, direction: Direction, context: &mut Context) {
        let flag = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let flagged = |applicators: &[&str]| {
            let schemas = self.same_value(keywords, applicators).into_iter();
            let properties = schemas.filter_map(|schema| schema.get("properties")?.as_object()).flatten();
            let is_flagged = |schema: &Value| {
                let schemas = schema.as_object().map(|schema| self.same_value(schema, applicators));
                schemas.into_iter().flatten().any(|schema| schema.get(flag) == Some(&Value::Bool(true)))
            };
            let names = properties.filter(|(_, schema)| is_flagged(schema)).map(|(name, _)| name.clone());
            names.collect::<BTreeSet<_>>()
        };
        context.optional.extend(flagged(&["allOf"]));
        context.doubtful.extend(flagged(&["allOf", "anyOf", "oneOf", "not"]));
    }

    /// The OpenAPI 3.0 schemas that apply to the same value through these keywords and references.
    fn same_value<'k>(&'k self, keywords: &'k Map<String, Value>, applicators: &[&str]) -> Vec<&'k Map<String, Value>> {
        let mut found = Vec::new();
        let mut passed = BTreeSet::new();
        let mut open = vec![keywords];
        while let Some(keywords) = open.pop().filter(|_| found.len() < MAX_PASSED) {
            if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
                let target = self.target(reference, "").ok().filter(|target| passed.insert(target.clone()));
                open.extend(target.and_then(|target| self.document.pointer(&target)?.as_object()));
                continue;
            }
            for schemas in applicators.iter().filter_map(|name| keywords.get(*name)) {
                let schemas = schemas.as_array().map_or(std::slice::from_ref(schemas), Vec::as_slice);
                open.extend(schemas.iter().filter_map(Value::as_object));
            }
            found.push(keywords);
        }
        found
    }
}
