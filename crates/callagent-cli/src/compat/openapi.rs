//! OpenAPI documents as messages: what is sent and answered by each operation, as schemas of one object.
//!
//! A request is an object of its parameters (`header x-workspace-id`, `path agentId`) and its `body`; so is a response
//! of its headers and its body. Thus one comparison does for all of it, and a witness is a whole message.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    dialect::Dialect,
    matching::{template, without_charset},
    schemas::Schemas,
    text::child,
};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Headers that OpenAPI leaves to other parts of a document.
const ELSEWHERE: [&str; 3] = ["accept", "content-type", "authorization"];

/// What the name of a body is in a message.
pub(crate) const BODY: &str = "body";

/// Where something stands, and what it is: references are followed.
#[derive(Clone)]
pub(crate) struct Found<'d> {
    pointer: String,
    value: &'d Value,
}

/// Parameters, or headers, by their names in a message.
pub(crate) type Members<'d> = BTreeMap<String, Found<'d>>;

/// An operation of a document.
pub(crate) struct Operation<'d> {
    /// The method and the path, as people write them.
    pub(crate) name: String,
    /// The names of the path's parameters, in their order.
    path_names: Vec<String>,
    path: Found<'d>,
    item: Found<'d>,
}

/// A schema of messages, and where its members stand in the document.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) schema: Value,
    pub(crate) pointer: String,
    pub(crate) members: BTreeMap<String, String>,
}

/// Messages by their media type; without a body, there is none.
pub(crate) type Messages = BTreeMap<Option<String>, Message>;

/// An OpenAPI document.
pub(crate) struct OpenApi<'d> {
    document: &'d Value,
    pub(crate) schemas: Schemas<'d>,
}

/// Whether a document is of this kind, and its version.
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
                return Err(format!("its `openapi` is {version}; it must be a string, such as \"3.1.0\""));
            }
            _ => return Err(format!("it is OpenAPI {version}; only 3.0 and 3.1 are compared")),
        };
        if let Some(dialect) = document.get("jsonSchemaDialect")
            && !dialect.as_str().is_some_and(|uri| uri.starts_with("https://spec.openapis.org/oas/3.1/dialect/"))
        {
            Schemas::check_dialect(dialect, "/jsonSchemaDialect")?;
        }
        let mut schemas = Schemas::new(document, dialect);
        for (owner, name) in [("", "security"), ("", "servers"), ("", "webhooks"), ("/components", "securitySchemes")] {
            if let Some(value) = document.pointer(&child(owner, name)) {
                schemas.note(child(owner, name), value);
            }
        }
        Ok(OpenApi { document, schemas })
    }

    /// The operations, by method and path; what a parameter of the path is called is left out of it.
    pub(crate) fn operations(&self) -> Result<BTreeMap<(String, &'static str), Operation<'d>>, String> {
        let mut operations = BTreeMap::new();
        if self.document.get("paths").is_none() && self.schemas.dialect() == Dialect::Draft202012 {
            return Ok(operations);
        }
        for path in self.object("/paths")?.keys().filter(|path| !path.starts_with("x-")) {
            let item = self.find(&child("/paths", path))?;
            let (template, path_names) = template(path);
            for method in METHODS {
                if item.value.get(method).is_none() {
                    continue;
                }
                let operation = Operation {
                    name: format!("{} {path}", method.to_uppercase()),
                    path_names: path_names.clone(),
                    item: self.find(&child(&item.pointer, method))?,
                    path: item.clone(),
                };
                if let Some(Operation { name, .. }) = operations.insert((template.clone(), method), operation) {
                    return Err(format!("`{name}` is there twice but for the names in its path"));
                }
            }
        }
        Ok(operations)
    }

    /// What an operation accepts. `like` is the same operation in the other document, whose names the parameters of the
    /// path take. The parameters `others` are not sent, unless they are its own.
    pub(crate) fn requests(
        &mut self,
        operation: &Operation<'d>,
        like: &Operation<'_>,
        others: &Members<'d>,
    ) -> Result<Messages, String> {
        let Operation { path, item: found, .. } = operation;
        for name in ["security", "servers", "callbacks"] {
            self.note(found, name);
        }
        self.note(path, "servers");
        let mut parts = Parts::without(others);
        for (name, parameter) in self.parameters(operation, like)? {
            let is_required = parameter.value.get("required") == Some(&Value::Bool(true));
            parts.add(name, is_required, &parameter, self.schema_of(&parameter)?);
        }
        let mut body = found.clone();
        let mut content = BTreeMap::new();
        if found.value.get("requestBody").is_some() {
            body = self.find(&child(&found.pointer, "requestBody"))?;
            content = self.content(&body)?;
        }
        if content.is_empty() {
            parts.properties.insert(BODY.into(), Value::Bool(false));
            return Ok(BTreeMap::from([(None, self.message(&parts, &body))]));
        }
        let is_required = body.value.get("required") == Some(&Value::Bool(true));
        let mut messages = BTreeMap::new();
        for (media_type, content) in content {
            let mut parts = parts.clone();
            self.note(&content, "encoding");
            parts.add(BODY.to_owned(), is_required, &content, self.schema_of(&content)?);
            messages.insert(Some(media_type), self.message(&parts, &body));
        }
        Ok(messages)
    }

    /// The statuses that an operation answers, as the document has them.
    pub(crate) fn statuses(&self, operation: &Operation<'d>) -> Result<Vec<String>, String> {
        let pointer = child(&operation.item.pointer, "responses");
        if self.document.pointer(&pointer).is_none() {
            return Ok(Vec::new());
        }
        let statuses = self.object(&pointer)?;
        Ok(statuses.keys().filter(|status| !status.starts_with("x-")).cloned().collect())
    }

    fn response(&self, operation: &Operation<'d>, status: &str) -> Result<Found<'d>, String> {
        self.find(&child(&child(&operation.item.pointer, "responses"), status))
    }

    /// The headers of a response by their names in a message.
    pub(crate) fn headers(&self, operation: &Operation<'d>, status: &str) -> Result<Members<'d>, String> {
        let pointer = child(&self.response(operation, status)?.pointer, "headers");
        if self.document.pointer(&pointer).is_none() {
            return Ok(Members::new());
        }
        let names = self.object(&pointer)?.keys();
        let names = names.filter(|name| !ELSEWHERE.contains(&name.to_lowercase().as_str()));
        names.map(|name| Ok((format!("header {}", name.to_lowercase()), self.find(&child(&pointer, name))?))).collect()
    }

    /// What an operation answers with a status. Where it answers no body, `refuses_body` says whether one would be more
    /// than it may answer, or what a reader lets pass. The headers `others` are not sent, unless they are its own.
    pub(crate) fn responses(
        &mut self,
        operation: &Operation<'d>,
        status: &str,
        refuses_body: bool,
        others: &Members<'d>,
    ) -> Result<Messages, String> {
        let response = self.response(operation, status)?;
        let mut parts = Parts::without(others);
        for (name, header) in self.headers(operation, status)? {
            let is_required = header.value.get("required") == Some(&Value::Bool(true));
            parts.add(name, is_required, &header, self.schema_of(&header)?);
        }
        let content = self.content(&response)?;
        if content.is_empty() {
            parts.properties.insert(BODY.into(), Value::Bool(!refuses_body));
            return Ok(BTreeMap::from([(None, self.message(&parts, &response))]));
        }
        let mut messages = BTreeMap::new();
        for (media_type, content) in content {
            let mut parts = parts.clone();
            parts.add(BODY.to_owned(), true, &content, self.schema_of(&content)?);
            messages.insert(Some(media_type), self.message(&parts, &response));
        }
        Ok(messages)
    }

    /// The parameters of an operation by their names in a message.
    pub(crate) fn parameters(&self, operation: &Operation<'d>, like: &Operation<'_>) -> Result<Members<'d>, String> {
        let mut parameters = Members::new();
        // Those of the operation replace those of the path.
        for Found { pointer, value } in [&operation.path, &operation.item] {
            let list = child(pointer, "parameters");
            let count = value.get("parameters").and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                let parameter = self.find(&child(&list, &index.to_string()))?;
                let text = |name: &str| parameter.value.get(name).and_then(Value::as_str);
                let (Some(place), Some(name)) = (text("in"), text("name")) else {
                    return Err(format!("the parameter at `#{}` lacks `in` or `name`", parameter.pointer));
                };
                let name = match place {
                    "header" => name.to_lowercase(),
                    "path" => {
                        let position = operation.path_names.iter().position(|other| other == name);
                        position.and_then(|position| like.path_names.get(position)).cloned().unwrap_or(name.to_owned())
                    }
                    _ => name.to_owned(),
                };
                if place != "header" || !ELSEWHERE.contains(&name.as_str()) {
                    parameters.insert(format!("{place} {name}"), parameter);
                }
            }
        }
        Ok(parameters)
    }

    /// The media types of a body, or of a parameter that has some.
    fn content(&self, of: &Found<'d>) -> Result<BTreeMap<String, Found<'d>>, String> {
        let pointer = child(&of.pointer, "content");
        if self.document.pointer(&pointer).is_none() {
            return Ok(BTreeMap::new());
        }
        let types = self.object(&pointer)?.keys();
        types.map(|name| Ok((name.to_lowercase(), self.find(&child(&pointer, name))?))).collect()
    }

    /// A reference to the schema of a parameter, a header or a media type.
    fn schema_of(&mut self, of: &Found<'d>) -> Result<Value, String> {
        let content = self.content(of)?;
        let of = content.values().next().unwrap_or(of);
        match of.value.get("schema") {
            Some(_) => self.schemas.reference(&child(&of.pointer, "schema")),
            None => Ok(Value::Bool(true)),
        }
    }

    fn message(&mut self, parts: &Parts, at: &Found<'_>) -> Message {
        let Parts { properties, required, members } = parts;
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = required.clone().into();
        }
        Message {
            schema: self.schemas.define(schema, &at.pointer),
            pointer: at.pointer.clone(),
            members: members.clone(),
        }
    }

    /// Notes how the values of parameters or headers are written, where the other document writes them otherwise:
    /// schemas say nothing of it.
    pub(crate) fn note_written(&mut self, members: &Members<'d>, others: &Members<'d>) {
        for (member, other) in members.iter().filter_map(|(name, member)| Some((member, others.get(name)?))) {
            for name in ["style", "explode", "allowReserved", "allowEmptyValue"] {
                if member.value.get(name) != other.value.get(name) {
                    self.note(member, name);
                }
            }
            if media_types(member) != media_types(other) {
                self.note(member, "content");
            }
        }
    }

    fn note(&mut self, of: &Found<'_>, name: &str) {
        if let Some(value) = of.value.get(name) {
            self.schemas.note(child(&of.pointer, name), value);
        }
    }

    /// What stands at a pointer, its references followed.
    fn find(&self, pointer: &str) -> Result<Found<'d>, String> {
        let mut pointer = pointer.to_owned();
        let mut passed = Vec::new();
        loop {
            let value = self.document.pointer(&pointer).ok_or_else(|| format!("there is nothing at `#{pointer}`"))?;
            if !value.is_object() {
                return Err(format!("at `#{pointer}`, an object is due"));
            }
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok(Found { pointer, value });
            };
            let target = self.schemas.target(reference, &pointer)?;
            passed.push(pointer);
            if passed.contains(&target) {
                return Err(format!("the references from `{target}` lead back to it"));
            }
            pointer = target;
        }
    }

    fn object(&self, pointer: &str) -> Result<&'d Map<String, Value>, String> {
        let object = self.document.pointer(pointer).and_then(Value::as_object);
        object.ok_or_else(|| format!("at `#{pointer}`, an object is due"))
    }
}

/// The parts of a message.
#[derive(Clone, Default)]
struct Parts {
    properties: Map<String, Value>,
    required: Vec<String>,
    members: BTreeMap<String, String>,
}

impl Parts {
    /// No part yet, and never those of these names, unless they are added.
    fn without(names: &Members<'_>) -> Self {
        let properties = names.keys().map(|name| (name.clone(), Value::Bool(false))).collect();
        Parts { properties, ..Parts::default() }
    }

    fn add(&mut self, name: String, is_required: bool, at: &Found<'_>, schema: Value) {
        if is_required {
            self.required.push(name.clone());
        }
        self.members.insert(name.clone(), at.pointer.clone());
        self.properties.insert(name, schema);
    }
}

/// The media types of a parameter or a header.
fn media_types(member: &Found<'_>) -> Vec<String> {
    let content = member.value.get("content").and_then(Value::as_object);
    content.into_iter().flat_map(Map::keys).map(|name| without_charset(&name.to_lowercase())).collect()
}
