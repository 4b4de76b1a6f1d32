//! The messages of operations: each request and response as the schema of one object.
//!
//! A request is an object of its parameters (`header x-workspace-id`, `path agentId`) and its `body`, and a response is an
//! object of its headers and its `body`. So one comparison covers all parts, and a witness is a whole message.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::direction::Direction;
use crate::{
    fields::{HEADER, MEDIA_TYPE, OPERATION, Object, PARAMETER, PATH_ITEM, REQUEST_BODY, RESPONSE},
    matching::MediaType,
    openapi::{Found, Members, Message, Messages, OpenApi, Operation},
    plain::Undecided,
    pointer::child,
    schemas::UNDECIDED,
};

/// Headers that OpenAPI describes in other parts of a document.
const ELSEWHERE: [&str; 3] = ["accept", "content-type", "authorization"];

/// The name of the body in a message.
pub(crate) const BODY: &str = "body";

impl<'d> OpenApi<'d> {
    /// The requests that an operation accepts. Path parameters take their names from `like`, the same operation of the old
    /// version. The parameters `others` are not sent unless the operation has them.
    pub(crate) fn requests(
        &mut self,
        operation: &Operation<'d>,
        like: &Operation<'_>,
        others: &Members<'d>,
    ) -> Result<Messages, String> {
        let mut parts = Parts::without(others);
        parts.whole = self.undecided_of_operation(operation)?;
        for (name, parameter) in self.parameters(operation, like)? {
            let is_required = parameter.value.get("required") == Some(&Value::Bool(true));
            let schema = self.written_schema(&PARAMETER, &parameter, Direction::Request)?;
            parts.add(name, is_required, &parameter, schema);
        }
        let mut body = operation.found.clone();
        let mut content = BTreeMap::new();
        if body.value.get("requestBody").is_some() {
            body = self.find(&child(&body.pointer, "requestBody"))?;
            content = self.content(&body)?;
            parts.whole.extend(self.undecided_at(&REQUEST_BODY, &body)?);
        }
        if content.is_empty() {
            parts.properties.insert(BODY.into(), Value::Bool(false));
            return Ok(BTreeMap::from([(None, self.message(&parts, &body))]));
        }
        let is_required = body.value.get("required") == Some(&Value::Bool(true));
        self.bodies(&parts, content, is_required, &body, Direction::Request)
    }

    /// The statuses of an operation, as in the document.
    pub(crate) fn statuses(&self, operation: &Operation<'d>) -> Result<Vec<String>, String> {
        let pointer = child(&operation.found.pointer, "responses");
        if self.document.pointer(&pointer).is_none() {
            return Ok(Vec::new());
        }
        let statuses = self.object_at(&pointer)?;
        Ok(statuses.keys().filter(|status| !status.starts_with("x-")).cloned().collect())
    }

    fn response(&self, operation: &Operation<'d>, status: &str) -> Result<Found<'d>, String> {
        self.find(&child(&child(&operation.found.pointer, "responses"), status))
    }

    /// The headers of a response, by their names in a message.
    pub(crate) fn headers(&self, operation: &Operation<'d>, status: &str) -> Result<Members<'d>, String> {
        let pointer = child(&self.response(operation, status)?.pointer, "headers");
        if self.document.pointer(&pointer).is_none() {
            return Ok(Members::new());
        }
        let names = self.object_at(&pointer)?.keys();
        let names = names.filter(|name| !ELSEWHERE.contains(&name.to_lowercase().as_str()));
        names.map(|name| Ok((format!("header {}", name.to_lowercase()), self.find(&child(&pointer, name))?))).collect()
    }

    /// The responses of an operation with a status. For responses without a body, `rejects_body` is whether a body is
    /// forbidden. The headers `others` are not sent unless the operation has them.
    pub(crate) fn responses(
        &mut self,
        operation: &Operation<'d>,
        status: &str,
        rejects_body: bool,
        others: &Members<'d>,
    ) -> Result<Messages, String> {
        let response = self.response(operation, status)?;
        let mut parts = Parts::without(others);
        parts.whole.extend(self.undecided_at(&RESPONSE, &response)?);
        for (name, header) in self.headers(operation, status)? {
            let is_required = header.value.get("required") == Some(&Value::Bool(true));
            let schema = self.written_schema(&HEADER, &header, Direction::Response)?;
            parts.add(name, is_required, &header, schema);
        }
        let content = self.content(&response)?;
        if content.is_empty() {
            parts.properties.insert(BODY.into(), Value::Bool(!rejects_body));
            return Ok(BTreeMap::from([(None, self.message(&parts, &response))]));
        }
        self.bodies(&parts, content, true, &response, Direction::Response)
    }

    /// The parameters of an operation, by their names in a message.
    pub(crate) fn parameters(&self, operation: &Operation<'d>, like: &Operation<'_>) -> Result<Members<'d>, String> {
        // Parameters of the operation override those of the path.
        let mut parameters = Members::new();
        for item in &operation.items {
            for (name, parameter) in self.parameters_of(item, operation, like)? {
                if let Some(other) = parameters.insert(name.clone(), parameter) {
                    return Err(format!(
                        "the parameter `{name}` is defined at `#{}` and in the path item that refers to it",
                        other.pointer
                    ));
                }
            }
        }
        parameters.extend(self.parameters_of(&operation.found, operation, like)?);
        Ok(parameters)
    }

    fn parameters_of(
        &self,
        owner: &Found<'d>,
        operation: &Operation<'d>,
        like: &Operation<'_>,
    ) -> Result<Members<'d>, String> {
        let mut parameters = Members::new();
        let list = child(&owner.pointer, "parameters");
        let count = match owner.value.get("parameters") {
            None => 0,
            Some(Value::Array(parameters)) => parameters.len(),
            Some(_) => return Err(format!("expected an array at `#{list}`")),
        };
        for index in 0..count {
            let parameter = self.find(&child(&list, &index.to_string()))?;
            let text = |name: &str| parameter.value.get(name).and_then(Value::as_str);
            let (Some(place), Some(name)) = (text("in"), text("name")) else {
                return Err(format!("expected `in` and `name` in the parameter at `#{}`", parameter.pointer));
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
        Ok(parameters)
    }

    /// The media types of a body, parameter or header.
    fn content(&self, of: &Found<'d>) -> Result<BTreeMap<MediaType, Found<'d>>, String> {
        let pointer = child(&of.pointer, "content");
        if self.document.pointer(&pointer).is_none() {
            return Ok(BTreeMap::new());
        }
        let mut content = BTreeMap::new();
        for name in self.object_at(&pointer)?.keys() {
            let media_type = MediaType::new(name);
            let exact = media_type.exact();
            if content.insert(media_type, self.find(&child(&pointer, name))?).is_some() {
                return Err(format!("duplicate media type `{exact}` at `#{pointer}`"));
            }
        }
        Ok(content)
    }

    /// The messages by media type of the body.
    fn bodies(
        &mut self,
        parts: &Parts,
        content: BTreeMap<MediaType, Found<'d>>,
        is_required: bool,
        at: &Found<'d>,
        direction: Direction,
    ) -> Result<Messages, String> {
        let mut messages = BTreeMap::new();
        for (media_type, content) in content {
            let mut parts = parts.clone();
            let mut undecided = self.undecided(&MEDIA_TYPE, &content)?;
            if let Some(exact) = media_type.with_case() {
                undecided.insert("media type".into(), exact.into());
            }
            let schema = self.schema_of(&content, direction)?;
            parts.add(BODY.to_owned(), is_required, &content, self.with_undecided(schema, &undecided, &content));
            messages.insert(Some(media_type), self.message(&parts, at));
        }
        Ok(messages)
    }

    /// Returns a reference to the schema of a parameter, header or media type.
    fn schema_of(&mut self, of: &Found<'d>, direction: Direction) -> Result<Value, String> {
        match of.value.get("schema") {
            Some(_) => self.schemas.reference(&child(&of.pointer, "schema"), direction),
            None => Ok(Value::Bool(true)),
        }
    }

    /// The schema of a parameter or header, with the serialization of its value.
    fn written_schema(
        &mut self,
        object: &'static Object,
        found: &Found<'d>,
        direction: Direction,
    ) -> Result<Value, String> {
        let mut undecided = self.written(object, found)?;
        let content = self.content(found)?;
        let mut of = found;
        if let Some(content) = content.values().next() {
            undecided.extend(self.undecided(&MEDIA_TYPE, content)?);
            of = content;
        }
        let schema = self.schema_of(of, direction)?;
        Ok(self.with_undecided(schema, &undecided, found))
    }

    /// Adds values that no rule covers to a schema.
    fn with_undecided(&mut self, schema: Value, undecided: &Undecided, at: &Found<'_>) -> Value {
        if undecided.is_empty() {
            return schema;
        }
        self.schemas.define(json!({"allOf": [schema], UNDECIDED: undecided}), &at.pointer)
    }

    fn undecided_at(&mut self, object: &'static Object, found: &Found<'_>) -> Result<Option<Value>, String> {
        let undecided = self.undecided(object, found)?;
        Ok((!undecided.is_empty()).then(|| self.schemas.define(json!({UNDECIDED: undecided}), &found.pointer)))
    }

    /// The parts of an operation that no rule covers.
    fn undecided_of_operation(&mut self, operation: &Operation<'d>) -> Result<Vec<Value>, String> {
        let Operation { items, found, .. } = operation;
        let root = Found { pointer: String::new(), value: self.document, ignored: Vec::new() };
        let mut owners = vec![found];
        owners.extend(items);
        owners.push(&root);
        let (servers, servers_at) = self.servers(&owners)?;
        let (security, security_at) = self.security(&[found, &root])?;
        let mut all = Vec::new();
        for (name, value, pointer) in [("servers", servers, servers_at), ("security", security, security_at)] {
            let owner = pointer.strip_suffix(&child("", name)).unwrap_or_default();
            all.push(self.schemas.define(json!({UNDECIDED: {name: value}}), owner));
        }
        let objects = items.iter().map(|item| (&PATH_ITEM, item)).chain([(&OPERATION, found)]);
        for (object, found) in objects {
            let mut undecided = self.undecided(object, found)?;
            undecided.remove("servers");
            undecided.remove("security");
            if !undecided.is_empty() {
                all.push(self.schemas.define(json!({UNDECIDED: undecided}), &found.pointer));
            }
        }
        Ok(all)
    }

    fn message(&mut self, parts: &Parts, at: &Found<'_>) -> Message {
        let Parts { properties, required, members, whole } = parts;
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = required.clone().into();
        }
        if !whole.is_empty() {
            schema["allOf"] = whole.clone().into();
        }
        Message {
            schema: self.schemas.define(schema, &at.pointer),
            pointer: at.pointer.clone(),
            members: members.clone(),
        }
    }
}

/// The parts of a message.
#[derive(Clone, Default)]
struct Parts {
    properties: Map<String, Value>,
    required: Vec<String>,
    members: BTreeMap<String, String>,
    /// Schemas of the whole message, with the parts that no rule covers.
    whole: Vec<Value>,
}

impl Parts {
    /// Creates parts that forbid these names until they are added.
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
