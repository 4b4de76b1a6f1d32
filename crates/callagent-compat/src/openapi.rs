//! OpenAPI documents: operations, and resolving references.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    dialect::Dialect,
    fields::OPENAPI,
    matching::{MediaType, template},
    pointer::child,
    schemas::{Schemas, UNDECIDED},
};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A value of a document and its pointer, after following references.
#[derive(Clone)]
pub(crate) struct Found<'d> {
    pub(super) pointer: String,
    pub(super) value: &'d Value,
    /// The pointers of siblings of references, which the specification says to ignore.
    pub(super) ignored: Vec<String>,
}

/// Parameters or headers, by their names in a message.
pub(crate) type Members<'d> = BTreeMap<String, Found<'d>>;

/// An operation of a document.
pub(crate) struct Operation<'d> {
    /// The method and path, for messages.
    pub(crate) name: String,
    /// The names of the path parameters, in order.
    pub(super) path_names: Vec<String>,
    /// The path item and those that it refers to.
    pub(super) items: Vec<Found<'d>>,
    pub(super) found: Found<'d>,
}

/// The schema of a message, with the pointers of its members in the document.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) schema: Value,
    pub(crate) pointer: String,
    pub(crate) members: BTreeMap<String, String>,
}

/// Messages by media type, which is absent if there is no body.
pub(crate) type Messages = BTreeMap<Option<MediaType>, Message>;

/// An OpenAPI document.
pub(crate) struct OpenApi<'d> {
    pub(super) document: &'d Value,
    pub(crate) schemas: Schemas<'d>,
    /// The number of visited objects that no rule covers.
    pub(super) objects: usize,
}

/// Returns the version of an OpenAPI document.
pub(crate) fn version(document: &Value) -> Option<&Value> {
    document.get("openapi").or_else(|| document.get("swagger"))
}

impl<'d> OpenApi<'d> {
    pub(crate) fn new(document: &'d Value, version: &Value) -> Result<Self, String> {
        let is_of = |version: &str, minor: &str| {
            version.strip_prefix(minor).is_some_and(|patch| patch.is_empty() || patch.starts_with('.'))
        };
        let dialect = match version.as_str() {
            Some(version) if is_of(version, "3.1") => Dialect::Draft202012,
            Some(version) if is_of(version, "3.0") => Dialect::OpenApi30,
            None if document.get("openapi").is_some() => {
                return Err(format!("expected `openapi` to be a string such as \"3.1.0\", found {version}"));
            }
            _ => return Err(format!("OpenAPI {version} is not supported; expected 3.0 or 3.1")),
        };
        if let Some(dialect) = document.get("jsonSchemaDialect")
            && !dialect.as_str().is_some_and(|uri| uri.starts_with("https://spec.openapis.org/oas/3.1/dialect/"))
        {
            Schemas::check_dialect(dialect, "/jsonSchemaDialect")?;
        }
        Ok(OpenApi { document, schemas: Schemas::new(document, dialect), objects: 0 })
    }

    /// The parts of the document itself that no rule covers, as a message.
    pub(crate) fn whole(&mut self) -> Result<Message, String> {
        let whole = Found { pointer: String::new(), value: self.document, ignored: Vec::new() };
        let mut undecided = self.undecided(&OPENAPI, &whole)?;
        // These are compared per operation.
        for name in ["servers", "security"] {
            undecided.remove(name);
        }
        let schema = self.schemas.define(json!({UNDECIDED: undecided}), "");
        Ok(Message { schema, pointer: String::new(), members: BTreeMap::new() })
    }

    /// The operations by method and path. Names of path parameters are ignored.
    pub(crate) fn operations(&self) -> Result<BTreeMap<(String, &'static str), Operation<'d>>, String> {
        let mut operations = BTreeMap::new();
        if self.document.get("paths").is_none() && self.schemas.dialect() == Dialect::Draft202012 {
            return Ok(operations);
        }
        for path in self.object_at("/paths")?.keys().filter(|path| !path.starts_with("x-")) {
            let items = self.items(&child("/paths", path))?;
            let (template, path_names) = template(path);
            for method in METHODS {
                let mut having = items.iter().filter(|item| item.value.get(method).is_some());
                let Some(item) = having.next() else { continue };
                if let Some(other) = having.next() {
                    return Err(format!(
                        "`{method}` is defined at `#{}` and at `#{}`, which refers to it; define it once",
                        other.pointer, item.pointer
                    ));
                }
                let operation = Operation {
                    name: format!("{} {path}", method.to_uppercase()),
                    path_names: path_names.clone(),
                    found: self.find(&child(&item.pointer, method))?,
                    items: items.clone(),
                };
                if let Some(Operation { name, .. }) = operations.insert((template.clone(), method), operation) {
                    return Err(format!("duplicate operation `{name}`, ignoring the names of path parameters"));
                }
            }
        }
        Ok(operations)
    }

    /// A path item and those that it refers to, all of which apply.
    fn items(&self, pointer: &str) -> Result<Vec<Found<'d>>, String> {
        let mut pointer = pointer.to_owned();
        let mut items = Vec::<Found<'d>>::new();
        loop {
            let value = self.value(&pointer)?;
            if items.iter().any(|item| item.pointer == pointer) {
                return Err(format!("`#{pointer}` has a circular reference"));
            }
            let reference = value.get("$ref").and_then(Value::as_str);
            let target = reference.map(|reference| self.schemas.target(reference, &pointer)).transpose()?;
            items.push(Found { pointer, value, ignored: Vec::new() });
            match target {
                Some(target) => pointer = target,
                None => return Ok(items),
            }
        }
    }

    /// Returns the value at a pointer, following references.
    pub(super) fn find(&self, pointer: &str) -> Result<Found<'d>, String> {
        let mut pointer = pointer.to_owned();
        let mut passed = Vec::new();
        let mut ignored = Vec::new();
        loop {
            let value = self.value(&pointer)?;
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok(Found { pointer, value, ignored });
            };
            let names = value.as_object().into_iter().flat_map(Map::keys);
            let names = names.filter(|name| !["$ref", "summary", "description"].contains(&name.as_str()));
            ignored.extend(names.filter(|name| !name.starts_with("x-")).map(|name| child(&pointer, name)));
            let target = self.schemas.target(reference, &pointer)?;
            passed.push(pointer);
            if passed.contains(&target) {
                return Err(format!("`#{target}` has a circular reference"));
            }
            pointer = target;
        }
    }

    /// Returns the object at a pointer, which may be a reference.
    fn value(&self, pointer: &str) -> Result<&'d Value, String> {
        let value = self.document.pointer(pointer).ok_or_else(|| format!("`#{pointer}` does not exist"))?;
        if value.is_object() { Ok(value) } else { Err(format!("expected an object at `#{pointer}`")) }
    }

    pub(super) fn object_at(&self, pointer: &str) -> Result<&'d Map<String, Value>, String> {
        let object = self.document.pointer(pointer).and_then(Value::as_object);
        object.ok_or_else(|| format!("expected an object at `#{pointer}`"))
    }
}
