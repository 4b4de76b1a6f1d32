//! The normalized schemas of a document, as numbered definitions.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::direction::Direction;
use crate::{
    algebra,
    dialect::{DIALECT, Dialect, Keyword, below},
    pointer::child,
};

/// The maximum number of schemas in a document, and the maximum length of a chain of references.
const MAX_SCHEMAS: usize = 100_000;
const MAX_DEPTH: usize = 64;

/// The keyword that holds the values that no rule covers, by name.
pub(super) const UNDECIDED: &str = "undecided";

/// The schemas of one document. They are numbered definitions and refer to one another as `#/$defs/NUMBER`.
pub(crate) struct Schemas<'d> {
    pub(super) document: &'d Value,
    dialect: Dialect,
    numbers: BTreeMap<(String, Context), usize>,
    definitions: Vec<Definition>,
    /// The length of the chain of references to the current schema.
    depth: usize,
    /// The size of the values that no rule covers, in bytes.
    pub(super) undecided: usize,
}

/// The context that the meaning of a schema depends on. In OpenAPI 3.0, `required` does not apply to `readOnly`
/// properties in requests and `writeOnly` properties in responses.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Context {
    pub(super) direction: Option<Direction>,
    /// The properties that are not required because of enclosing schemas of the same value.
    pub(super) optional: BTreeSet<String>,
    /// The properties that are not required in some alternatives only.
    pub(super) doubtful: BTreeSet<String>,
}

struct Definition {
    /// The number of values in the schema, and the definitions that it refers to.
    extent: OnceCell<(usize, BTreeSet<usize>)>,
    /// The pointer in the document.
    pointer: String,
    context: Context,
    schema: Value,
    /// The length of the chain of references to it.
    depth: usize,
}

/// The placeholder of a definition that has a number but is not normalized yet.
const RESERVED: Value = Value::Null;

impl<'d> Schemas<'d> {
    pub(crate) fn new(document: &'d Value, dialect: Dialect) -> Self {
        Schemas { document, dialect, numbers: BTreeMap::new(), definitions: Vec::new(), depth: 0, undecided: 0 }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns a reference to the schema at a pointer, as it applies to documents of a direction.
    pub(crate) fn reference(&mut self, pointer: &str, direction: Direction) -> Result<Value, String> {
        let direction = Some(direction).filter(|_| self.dialect == Dialect::OpenApi30);
        // Each new definition may add more.
        let mut open = self.definitions.len();
        let number = self.number(pointer, &Context { direction, ..Context::default() }, 0);
        while let Some(Definition { pointer, context, depth, .. }) = self.definitions.get(open) {
            let (pointer, context) = (pointer.clone(), context.clone());
            if open >= MAX_SCHEMAS {
                return Err(format!("the document has more than {MAX_SCHEMAS} schemas"));
            }
            if *depth > MAX_DEPTH {
                return Err(format!("`#{pointer}` is at the end of a chain of more than {MAX_DEPTH} references"));
            }
            self.depth = *depth + 1;
            let schema = self.document.pointer(&pointer).ok_or_else(|| format!("`#{pointer}` does not exist"))?;
            let schema = self.normal(schema, &pointer, &context)?;
            if let Some(definition) = self.definitions.get_mut(open) {
                definition.schema = schema;
            }
            open += 1;
        }
        Ok(reference(number))
    }

    /// Adds a synthetic definition for the value at a pointer.
    pub(crate) fn define(&mut self, schema: Value, pointer: &str) -> Value {
        let context = Context::default();
        self.definitions.push(Definition::new(pointer, context, schema, 0));
        reference(self.definitions.len() - 1)
    }

    /// The definitions, in the order of their numbers.
    pub(super) fn definitions(&self) -> impl Iterator<Item = &Value> {
        self.definitions.iter().map(|definition| &definition.schema)
    }

    /// Resolves a reference to a definition, with its number.
    pub(crate) fn resolve(&self, reference: &str) -> Option<(usize, &Value)> {
        let number = number_of(reference)?;
        self.definitions.get(number).map(|definition| (number, &definition.schema))
    }

    pub(crate) fn definition(&self, number: usize) -> Option<&Value> {
        self.definitions.get(number).map(|definition| &definition.schema)
    }

    /// The pointer of a definition in the document.
    pub(crate) fn pointer(&self, number: usize) -> &str {
        self.definitions.get(number).map_or("", |definition| &definition.pointer)
    }

    /// The pointer of a value that no rule covers, by its name and its schema.
    pub(super) fn undecided_pointer(&self, number: usize, at: &str, name: &str) -> String {
        child(&format!("{}{at}", self.pointer(number)), name)
    }

    /// Makes a schema of this document self-contained.
    pub(crate) fn whole(&self, schema: &Value) -> Value {
        self.whole_but(schema, None)
    }

    /// The same, with one definition replaced.
    pub(crate) fn whole_but(&self, schema: &Value, replaced: Option<(usize, &Value)>) -> Value {
        let body = |number: usize| match replaced {
            Some((other, schema)) if other == number => Some(schema),
            _ => self.definition(number),
        };
        let whole = Whole { body, names: None, most: usize::MAX }.build(schema);
        whole.map_or(Value::Bool(true), |(whole, _)| whole)
    }

    /// Makes a schema self-contained for documents that have only fields with these names. Returns it with the number of
    /// its definitions and subschemas, unless that exceeds `most`.
    pub(crate) fn whole_for(&self, schema: &Value, names: &BTreeSet<&str>, most: usize) -> Option<(Value, usize)> {
        Whole { body: |number| self.definition(number), names: Some(names), most }.build(schema)
    }

    /// The number of values in a schema and in everything that it refers to, unless that exceeds `most`.
    pub(crate) fn extent(&self, schema: &Value, most: usize) -> Option<usize> {
        let mut passed = BTreeSet::new();
        let mut open = references(schema);
        let mut count = values(schema);
        while let Some(number) = open.pop_first().filter(|_| count <= most) {
            if passed.insert(number)
                && let Some(definition) = self.definitions.get(number)
            {
                let (own, references) =
                    definition.extent.get_or_init(|| (values(&definition.schema), references(&definition.schema)));
                count += own;
                open.extend(references.difference(&passed));
            }
        }
        Some(count).filter(|count| *count <= most)
    }

    /// Returns the number of the schema at a pointer. New schemas are normalized later.
    fn number(&mut self, pointer: &str, context: &Context, depth: usize) -> usize {
        let key = (pointer.to_owned(), context.clone());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = self.definitions.len();
        self.definitions.push(Definition::new(pointer, context.clone(), RESERVED, depth));
        self.numbers.insert(key, number);
        number
    }

    pub(crate) fn check_dialect(dialect: &Value, pointer: &str) -> Result<(), String> {
        if dialect.as_str().is_some_and(|dialect| dialect.trim_end_matches('#') == DIALECT) {
            return Ok(());
        }
        Err(format!("`#{pointer}` has the unsupported dialect {dialect}; expected {DIALECT}"))
    }

    /// Translates a reference of the document to the number of its target.
    pub(super) fn refer(&mut self, reference: &Value, pointer: &str, context: &Context) -> Result<Value, String> {
        let reference = reference.as_str().ok_or_else(|| format!("expected a string as the `$ref` at `#{pointer}`"))?;
        let number = self.number(&self.target(reference, pointer)?, context, self.depth);
        Ok(self::reference(number))
    }

    /// Resolves a reference to a pointer.
    pub(crate) fn target(&self, reference: &str, pointer: &str) -> Result<String, String> {
        let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let id = self.document.get("$id").and_then(Value::as_str).unwrap_or_default();
        if !base.is_empty() && base != id.trim_end_matches('#') {
            return Err(format!(
                "`#{pointer}` refers to another document, `{reference}`, which is never fetched; include it in this one"
            ));
        }
        let fragment = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return Err(format!("`#{pointer}` refers to the anchor `{reference}`; use a JSON Pointer"));
        }
        match self.document.pointer(&fragment) {
            Some(_) => Ok(fragment),
            None => Err(format!("`#{pointer}` refers to `{reference}`, which does not exist")),
        }
    }

    /// Checks that all definitions are valid schemas.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut checked = BTreeSet::new();
        for Definition { pointer, schema, .. } in &self.definitions {
            if let Err(error) = jsonschema::draft202012::meta::validate(schema) {
                return Err(format!("invalid schema at `#{pointer}{}`: {error}", error.instance_path()));
            }
            for pattern in patterns(schema) {
                if checked.insert(pattern) && !algebra::is_pattern(pattern) {
                    return Err(format!("invalid schema at `#{pointer}`: \"{pattern}\" is not a regular expression"));
                }
            }
        }
        Ok(())
    }
}

fn reference(number: usize) -> Value {
    json!({"$ref": format!("#/$defs/{number}")})
}

/// Makes a schema self-contained, without the values that no rule covers.
struct Whole<'n, B> {
    /// The definition of a number.
    body: B,
    /// The only names of fields that occur, if known.
    names: Option<&'n BTreeSet<&'n str>>,
    /// The maximum number of subschemas.
    most: usize,
}

impl<'b, B: Fn(usize) -> Option<&'b Value>> Whole<'_, B> {
    fn build(&self, schema: &Value) -> Option<(Value, usize)> {
        let mut count = 0;
        let schema = self.asserted(schema, &mut count);
        let mut definitions = BTreeMap::new();
        let mut open = references(&schema);
        while let Some(number) = open.pop_first() {
            if let (false, Some(schema)) = (definitions.contains_key(&number), (self.body)(number)) {
                let schema = self.asserted(schema, &mut count);
                open.extend(references(&schema));
                definitions.insert(number, schema);
            }
            if count > self.most {
                return None;
            }
        }
        let definitions: Map<String, Value> =
            definitions.into_iter().map(|(number, schema)| (number.to_string(), schema)).collect();
        Some((json!({"$schema": DIALECT, "allOf": [schema], "$defs": definitions}), count))
    }

    /// Removes the values that no rule covers, and the schemas of fields that do not occur.
    fn asserted(&self, schema: &Value, count: &mut usize) -> Value {
        *count += 1;
        let Value::Object(keywords) = schema else { return schema.clone() };
        let mut all = Map::new();
        for (keyword, value) in keywords.iter().filter(|(keyword, _)| *keyword != UNDECIDED) {
            let value = match (Dialect::Draft202012.keyword(keyword), value) {
                (Keyword::Schema, schema) => self.asserted(schema, count),
                (Keyword::List, Value::Array(schemas)) => {
                    schemas.iter().map(|schema| self.asserted(schema, count)).collect()
                }
                (Keyword::Named, Value::Object(schemas)) => {
                    let is_pattern = keyword == "patternProperties";
                    let occurs = |name: &str| is_pattern || self.names.is_none_or(|names| names.contains(name));
                    let schemas = schemas.iter().filter(|(name, _)| occurs(name));
                    let schemas = schemas.map(|(name, schema)| (name.clone(), self.asserted(schema, count)));
                    schemas.collect::<Map<_, _>>().into()
                }
                (_, value) => value.clone(),
            };
            all.insert(keyword.clone(), value);
        }
        all.into()
    }
}

impl Definition {
    fn new(pointer: &str, context: Context, schema: Value, depth: usize) -> Self {
        Definition { extent: OnceCell::new(), pointer: pointer.to_owned(), context, schema, depth }
    }
}

/// The regular expressions in a schema.
fn patterns(schema: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        found.extend(schema.get("pattern").and_then(Value::as_str));
        let of_fields = schema.get("patternProperties").and_then(Value::as_object);
        found.extend(of_fields.into_iter().flat_map(Map::keys).map(String::as_str));
        open.extend(below(schema));
    }
    found
}

/// The number of values in a value.
fn values(value: &Value) -> usize {
    let mut count = 0;
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        count += 1;
        match value {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    count
}

/// The definitions that a schema refers to.
fn references(schema: &Value) -> BTreeSet<usize> {
    reference_texts(schema).into_iter().filter_map(number_of).collect()
}

/// The references in a value, as text.
pub(super) fn reference_texts(value: &Value) -> Vec<&str> {
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

pub(super) fn number_of(reference: &str) -> Option<usize> {
    reference.strip_prefix("#/$defs/")?.parse().ok()
}
