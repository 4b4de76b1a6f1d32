//! OpenAPI 3.1 and 3.0 documents of an operation.

use std::collections::BTreeSet;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::problem::{PROBLEM, problem};
use crate::{
    model::{Object, Operation, Parameter, ProblemType, RequiredIf},
    problem::Problem,
    read::Decode,
};

/// The examples of an operation.
pub(crate) struct Examples {
    pub(crate) requests: Vec<Example>,
    pub(crate) responses: Vec<Example>,
    pub(crate) problems: Vec<(ProblemType, Example)>,
}

/// An example with its name and summary.
#[derive(Clone)]
pub(crate) struct Example {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) value: Value,
    /// The body of the request that leads to this example.
    pub(crate) request: Option<&'static str>,
}

impl Example {
    pub(crate) fn new(name: &'static str, summary: &'static str, value: impl Serialize) -> Self {
        Example { name, summary, value: json!(value), request: None }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V3_0,
    V3_1,
}

/// Returns the OpenAPI document of an operation.
pub(crate) fn openapi<Request: Decode, Response: Decode, Violation: JsonSchema>(
    operation: &Operation,
    examples: &Examples,
    version: Version,
) -> Value {
    let Operation { tag, credential, .. } = operation;
    json!({
        "openapi": match version { Version::V3_0 => "3.0.3", Version::V3_1 => "3.1.0" },
        "info": {
            "title": operation.title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": about(operation, version),
            "contact": {"name": env!("CARGO_PKG_AUTHORS")},
            "license": licence(version),
        },
        "servers": [{"url": "/", "description": "The server of this document."}],
        "tags": [{"name": tag.name, "description": tag.description}],
        "security": [{}, {credential.scheme: []}],
        "paths": {operation.path.template(): {operation.method.as_str().to_lowercase(): call(operation, examples)}},
        "components": {
            "securitySchemes": {
                credential.scheme: {
                    "type": "apiKey",
                    "in": "header",
                    "name": credential.header,
                    "description": credential.description(),
                },
            },
            "schemas": schemas::<Request, Response, Violation>(operation, version),
        },
    })
}

fn about(operation: &Operation, version: Version) -> String {
    let inexpressible = if version == Version::V3_0 { conditions(operation.request.object) } else { Vec::new() };
    if inexpressible.is_empty() {
        return operation.about.to_owned();
    }
    let inexpressible: Vec<_> = inexpressible.into_iter().map(|rule| format!("`{}` {rule}", rule.field.name)).collect();
    format!("{}\n\nOpenAPI 3.0 cannot express this rule: {}.", operation.about, inexpressible.join("; "))
}

/// The conditions of an object and the objects in it.
fn conditions(object: &Object) -> Vec<&'static RequiredIf> {
    let below = object.fields.iter().filter_map(|field| field.r#type.object());
    object.conditions().chain(below.flat_map(conditions)).collect()
}

fn licence(version: Version) -> Value {
    let name = env!("CARGO_PKG_LICENSE");
    match version {
        Version::V3_1 => json!({"name": name, "identifier": name}),
        Version::V3_0 => json!({"name": name, "url": "https://spdx.org/licenses/MIT.html"}),
    }
}

fn call(operation: &Operation, examples: &Examples) -> Value {
    let headers = operation.headers.iter().map(|header| parameter(header, "header"));
    let parameters = std::iter::once(parameter(&operation.path.parameter, "path")).chain(headers);
    json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description(),
        "tags": [operation.tag.name],
        "parameters": parameters.collect::<Value>(),
        "requestBody": {
            "required": true,
            "description": operation.request.description(),
            "content": content(operation.request.object.name, Operation::MEDIA_TYPE, &examples.requests),
        },
        "responses": responses(operation, examples),
    })
}

fn parameter(parameter: &Parameter, location: &str) -> Value {
    let mut schema = Map::from_iter([("type".to_owned(), "string".into()), ("minLength".to_owned(), 1.into())]);
    schema.extend(parameter.pattern.map(|pattern| ("pattern".to_owned(), pattern.into())));
    let mut written = Map::from_iter([("name".to_owned(), parameter.name.into()), ("in".to_owned(), location.into())]);
    if parameter.required {
        written.insert("required".into(), true.into());
    }
    written.insert("description".into(), parameter.description().into());
    written.insert("schema".into(), schema.into());
    written.insert("example".into(), parameter.example.into());
    written.into()
}

fn responses(operation: &Operation, examples: &Examples) -> Map<String, Value> {
    let success = &operation.response;
    let body = content(success.object.name, Operation::MEDIA_TYPE, &examples.responses);
    let mut responses = Map::new();
    responses.insert(success.status.to_string(), response(&success.description(), &[success.headers], body));
    for status in operation.problems.iter().map(|kind| kind.status()).collect::<BTreeSet<_>>() {
        let kinds = operation.problems.iter().filter(|kind| kind.status() == status);
        let (titles, headers): (Vec<_>, Vec<_>) = kinds.map(|kind| (kind.title(), kind.headers())).unzip();
        let examples = examples.problems.iter().filter(|(kind, _)| kind.status() == status);
        let body = content(PROBLEM, Problem::MEDIA_TYPE, examples.map(|(_, example)| example));
        responses.insert(status.to_string(), response(&titles.join(" Or: "), &headers, body));
    }
    responses
}

/// A response with the headers of each of its problem types. A header is required if every type requires it.
fn response(description: &str, kinds: &[&[Parameter]], content: Value) -> Value {
    let is_required =
        |name| kinds.iter().all(|headers| headers.iter().any(|header| header.name == name && header.required));
    let header = |header: &Parameter| {
        let written = json!({
            "description": header.description(),
            "required": is_required(header.name),
            "schema": {"type": "string"},
            "example": header.example,
        });
        (header.name.to_owned(), written)
    };
    let headers: Map<_, _> = kinds.iter().copied().flatten().map(header).collect();
    let mut response = Map::from_iter([("description".to_owned(), description.into())]);
    if !headers.is_empty() {
        response.insert("headers".into(), headers.into());
    }
    response.insert("content".into(), content);
    response.into()
}

fn content<'e>(schema: &str, media_type: &str, examples: impl IntoIterator<Item = &'e Example>) -> Value {
    let named = examples.into_iter().map(|Example { name, summary, value, request }| {
        let mut example = Map::from_iter([("summary".to_owned(), Value::from(*summary))]);
        example
            .extend(request.map(|request| ("description".to_owned(), format!("The response to `{request}`.").into())));
        example.insert("value".into(), value.clone());
        ((*name).to_owned(), example.into())
    });
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    json!({media_type: {"schema": schema, "examples": named.collect::<Map<_, Value>>()}})
}

/// The schemas of the bodies and their parts.
fn schemas<Request: Decode, Response: Decode, Violation: JsonSchema>(
    operation: &Operation,
    version: Version,
) -> Map<String, Value> {
    let mut settings = match version {
        Version::V3_0 => SchemaSettings::openapi3(),
        Version::V3_1 => SchemaSettings::draft2020_12(),
    };
    settings.definitions_path = "/components/schemas".into();
    let mut generator = settings.into_generator();
    Request::definition(&mut generator, false);
    Response::definition(&mut generator, false);
    // Its place is before its parts.
    generator.definitions_mut().insert(PROBLEM.into(), Value::Null);
    let problem = problem::<Violation>(operation.problems, &mut generator);
    generator.definitions_mut().insert(PROBLEM.into(), problem.into());
    generator.take_definitions(true)
}
