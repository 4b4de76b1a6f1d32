//! The schemas of a document in one shape: references by number, annotations left out, OpenAPI 3.0 as JSON Schema.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::{
    dialect::{DIALECT, Dialect, Keyword, translate},
    text::child,
};

/// How many schemas of a document may refer to one another, and how many references may lead to one.
const MOST: usize = 5000;
const DEEPEST: usize = 64;

/// Keywords that hold for the same value, by which a schema may come back to itself.
const IN_PLACE: [&str; 9] = ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];

/// The schemas of one document that are compared. They are definitions, by number, and refer to one another as
/// `#/$defs/NUMBER`.
pub(crate) struct Schemas<'d> {
    document: &'d Value,
    dialect: Dialect,
    numbers: BTreeMap<String, usize>,
    definitions: Vec<Definition>,
    /// What no rule judges, by its pointer in the document; and where stands what it refers to.
    unjudged: BTreeMap<String, Value>,
    unjudged_references: BTreeSet<String>,
    /// How many references lead to what is referred to now.
    depth: usize,
}

struct Definition {
    /// Where it stands in the document.
    pointer: String,
    schema: Value,
    /// How many references lead to it.
    depth: usize,
}

/// A definition that is only reserved, until all that it refers to has a number.
const RESERVED: Value = Value::Null;

impl<'d> Schemas<'d> {
    pub(crate) fn new(document: &'d Value, dialect: Dialect) -> Self {
        Schemas {
            document,
            dialect,
            numbers: BTreeMap::new(),
            definitions: Vec::new(),
            unjudged: BTreeMap::new(),
            unjudged_references: BTreeSet::new(),
            depth: 0,
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// A reference to the schema at a pointer of the document.
    pub(crate) fn reference(&mut self, pointer: &str) -> Result<Value, String> {
        // Each new definition may bring further ones.
        let mut open = self.definitions.len();
        let number = self.number(pointer, 0);
        while let Some(Definition { pointer, depth, .. }) = self.definitions.get(open) {
            let pointer = pointer.clone();
            if open >= MOST {
                return Err(format!("more than {MOST} schemas refer to one another"));
            }
            if *depth > DEEPEST {
                return Err(format!("to `#{pointer}` lead more than {DEEPEST} references, one after the other"));
            }
            self.depth = *depth + 1;
            let schema = self.document.pointer(&pointer).ok_or_else(|| format!("there is nothing at `#{pointer}`"))?;
            let schema = self.normal(schema, &pointer)?;
            if let Some(definition) = self.definitions.get_mut(open) {
                definition.schema = schema;
            }
            open += 1;
        }
        Ok(reference(number))
    }

    /// A definition of one's own, which stands for what is at the pointer.
    pub(crate) fn define(&mut self, schema: Value, pointer: &str) -> Value {
        self.definitions.push(Definition { pointer: pointer.to_owned(), schema, depth: 0 });
        reference(self.definitions.len() - 1)
    }

    /// Notes what no rule judges, and all that it refers to.
    pub(crate) fn note(&mut self, pointer: String, value: &Value) {
        let mut open = vec![(pointer.clone(), value)];
        while let Some((pointer, value)) = open.pop() {
            for reference in reference_texts(value) {
                // What is elsewhere is compared by its name.
                if let Ok(target) = self.target(reference, &pointer)
                    && let Some(value) = self.document.pointer(&target)
                    && self.unjudged_references.insert(target.clone())
                {
                    open.push((target, value));
                }
            }
        }
        self.unjudged.insert(pointer, value.clone());
    }

    /// Where something stands that no rule judges, and is different in the other document.
    pub(crate) fn unjudged<'s>(&'s self, other: &'s Self) -> BTreeSet<&'s String> {
        let noted = self.unjudged.keys().chain(other.unjudged.keys());
        let noted = noted.filter(|pointer| self.unjudged.get(*pointer) != other.unjudged.get(*pointer));
        let referred = self.unjudged_references.intersection(&other.unjudged_references);
        let referred = referred.filter(|pointer| self.document.pointer(pointer) != other.document.pointer(pointer));
        noted.chain(referred).collect()
    }

    /// What a reference of a definition refers to, with its number.
    pub(crate) fn resolve(&self, reference: &str) -> Option<(usize, &Value)> {
        let number = number_of(reference)?;
        self.definitions.get(number).map(|definition| (number, &definition.schema))
    }

    pub(crate) fn definition(&self, number: usize) -> Option<&Value> {
        self.definitions.get(number).map(|definition| &definition.schema)
    }

    /// Where a definition stands in the document.
    pub(crate) fn pointer(&self, number: usize) -> &str {
        self.definitions.get(number).map_or("", |definition| &definition.pointer)
    }

    /// A schema of this document as one that stands by itself.
    pub(crate) fn whole(&self, schema: &Value) -> Value {
        self.whole_but(schema, None)
    }

    /// The same with a definition replaced.
    pub(crate) fn whole_but(&self, schema: &Value, replaced: Option<(usize, &Value)>) -> Value {
        let body = |number: usize| match replaced {
            Some((other, schema)) if other == number => Some(schema),
            _ => self.definitions.get(number).map(|definition| &definition.schema),
        };
        let mut definitions = BTreeMap::new();
        let mut open = references(schema);
        while let Some(number) = open.pop_first() {
            if let (false, Some(schema)) = (definitions.contains_key(&number), body(number)) {
                open.extend(references(schema));
                definitions.insert(number, schema.clone());
            }
        }
        let definitions: Map<String, Value> =
            definitions.into_iter().map(|(number, schema)| (number.to_string(), schema)).collect();
        json!({"$schema": DIALECT, "allOf": [schema], "$defs": definitions})
    }

    /// The number of the schema at a pointer, which is looked at later if it is a new one.
    fn number(&mut self, pointer: &str, depth: usize) -> usize {
        if let Some(number) = self.numbers.get(pointer) {
            return *number;
        }
        let number = self.definitions.len();
        self.definitions.push(Definition { pointer: pointer.to_owned(), schema: RESERVED, depth });
        self.numbers.insert(pointer.to_owned(), number);
        number
    }

    fn normal(&mut self, schema: &Value, pointer: &str) -> Result<Value, String> {
        let keywords = match schema {
            Value::Bool(_) => return Ok(schema.clone()),
            Value::Object(keywords) => keywords,
            _ => return Err(format!("at `#{pointer}`, a schema is due: an object, `true` or `false`")),
        };
        if let Some(reference) = keywords.get("$ref").filter(|_| self.dialect == Dialect::OpenApi30) {
            return self.refer(reference, pointer);
        }
        if let Some(dialect) = keywords.get("$schema") {
            Self::check_dialect(dialect, pointer)?;
        }
        if !pointer.is_empty() && keywords.contains_key("$id") {
            return Err(format!(
                "the schema at `#{pointer}` has an `$id` of its own; give it none, and refer by pointer"
            ));
        }
        let mut normal = Map::new();
        for (name, value) in keywords {
            let at = child(pointer, name);
            let value = match (name.as_str(), self.dialect.keyword(name)) {
                ("$ref", _) => match self.refer(value, pointer)? {
                    Value::Object(reference) => {
                        normal.extend(reference);
                        continue;
                    }
                    _ => continue,
                },
                ("$dynamicRef" | "$recursiveRef", _) => {
                    return Err(format!("`{name}` at `#{pointer}` refers to what only a validator knows; use `$ref`"));
                }
                (_, Keyword::Schema) => self.normal(value, &at)?,
                (_, Keyword::List) => {
                    let schemas = value.as_array().ok_or_else(|| format!("at `#{at}`, an array of schemas is due"))?;
                    let schemas = schemas.iter().enumerate();
                    let schemas = schemas.map(|(index, schema)| self.normal(schema, &child(&at, &index.to_string())));
                    schemas.collect::<Result<Vec<_>, _>>()?.into()
                }
                (_, Keyword::Named) => {
                    let schemas =
                        value.as_object().ok_or_else(|| format!("at `#{at}`, an object of schemas is due"))?;
                    let schemas = schemas
                        .iter()
                        .map(|(name, schema)| Ok((name.clone(), self.normal(schema, &child(&at, name))?)));
                    schemas.collect::<Result<Map<_, _>, String>>()?.into()
                }
                (_, Keyword::Assertion) => value.clone(),
                (_, Keyword::Annotation) => continue,
                (_, Keyword::Unknown) => {
                    self.note(at, value);
                    continue;
                }
            };
            normal.insert(name.clone(), value);
        }
        if self.dialect == Dialect::OpenApi30 {
            translate(keywords, &mut normal);
        }
        Ok(normal.into())
    }

    pub(crate) fn check_dialect(dialect: &Value, pointer: &str) -> Result<(), String> {
        if dialect.as_str().is_some_and(|dialect| dialect.trim_end_matches('#') == DIALECT) {
            return Ok(());
        }
        Err(format!("`#{pointer}` is written in the dialect {dialect}; only {DIALECT} is compared"))
    }

    /// A reference of the document, by the number of what it refers to.
    fn refer(&mut self, reference: &Value, pointer: &str) -> Result<Value, String> {
        let reference = reference.as_str().ok_or_else(|| format!("the `$ref` at `#{pointer}` is no string"))?;
        let number = self.number(&self.target(reference, pointer)?, self.depth);
        Ok(self::reference(number))
    }

    /// The pointer that a reference means.
    pub(crate) fn target(&self, reference: &str, pointer: &str) -> Result<String, String> {
        let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let id = self.document.get("$id").and_then(Value::as_str).unwrap_or_default();
        if !base.is_empty() && base != id.trim_end_matches('#') {
            return Err(format!(
                "`#{pointer}` refers to `{reference}`, another document, which is never fetched; put it into this one"
            ));
        }
        let fragment = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return Err(format!("`#{pointer}` refers to the anchor `{reference}`; refer by a JSON Pointer"));
        }
        match self.document.pointer(&fragment) {
            Some(_) => Ok(fragment),
            None => Err(format!("`#{pointer}` refers to `{reference}`, which is not there")),
        }
    }

    /// Checks all that was referred to: that it is schemas, which say something.
    pub(crate) fn check(&self) -> Result<(), String> {
        for Definition { pointer, schema, .. } in &self.definitions {
            if let Err(error) = jsonschema::draft202012::meta::validate(schema) {
                return Err(format!("it is no schema: at `#{pointer}{}`, {error}", error.instance_path()));
            }
        }
        self.check_cycles()
    }

    /// Refuses a schema that comes back to itself without a step into the value: it says nothing.
    fn check_cycles(&self) -> Result<(), String> {
        let mut referring = vec![Vec::new(); self.definitions.len()];
        let mut open_references = Vec::new();
        for (number, Definition { schema, .. }) in self.definitions.iter().enumerate() {
            let references = in_place(schema);
            open_references.push(references.len());
            for other in references {
                referring.get_mut(other).into_iter().for_each(|list: &mut Vec<usize>| list.push(number));
            }
        }
        // Whatever leads nowhere is taken out, again and again; what is left goes round.
        let mut done: Vec<_> =
            (0..open_references.len()).filter(|number| open_references.get(*number) == Some(&0)).collect();
        while let Some(number) = done.pop() {
            for other in referring.get(number).into_iter().flatten() {
                if let Some(open) = open_references.get_mut(*other) {
                    *open -= 1;
                    done.extend((*open == 0).then_some(*other));
                }
            }
        }
        match open_references.iter().position(|open| *open > 0) {
            None => Ok(()),
            Some(number) => Err(format!(
                "the references from `#{}` lead back to where they began before they say anything",
                self.pointer(number)
            )),
        }
    }
}

fn reference(number: usize) -> Value {
    json!({"$ref": format!("#/$defs/{number}")})
}

/// The numbers that a schema refers to.
fn references(schema: &Value) -> BTreeSet<usize> {
    reference_texts(schema).into_iter().filter_map(number_of).collect()
}

/// The references in a value, as they are written.
fn reference_texts(value: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

fn number_of(reference: &str) -> Option<usize> {
    reference.strip_prefix("#/$defs/")?.parse().ok()
}

/// The numbers that a schema refers to for the same value.
fn in_place(schema: &Value) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
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
