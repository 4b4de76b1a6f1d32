//! The OpenAPI documents of the call, for OpenAPI 3.1 and, for tools that stop there, 3.0.

use schemars::{JsonSchema as _, generate::SchemaSettings};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::examples::{self, Example};
use crate::{Agent, AgentId, KEY_HEADER, Problem, ProblemType, TtsUpdate, UpdateAgent, WorkspaceId};

/// The OpenAPI 3.1 document of the call: all rules that a schema can say.
#[must_use]
pub fn openapi() -> Value {
    document(Version::V3_1)
}

/// The OpenAPI 3.0.3 document of the call. It has no `if`: that a field is due where another has a certain value stands
/// in the description of the object. All other rules are those of [`openapi`].
#[must_use]
pub fn openapi_3_0() -> Value {
    document(Version::V3_0)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V3_0,
    V3_1,
}

const ABOUT: &str = "\
The contract of one call of a voice-agent service, which changes an agent.

A request is closed: it may have documented fields and words only, and null only where null has a meaning. A field that \
is left out stays as it is; that is why few fields have a `default` here, and why no client may send one of its own \
accord. A response is open: any field may be missing or null, and there may be further fields and words.

What no schema can say: a name may stand once in an object, and a number must be within the range of an IEEE double.";

const KEY: &str = "key";

fn document(version: Version) -> Value {
    let path = AgentId::path_template();
    json!({
        "openapi": match version { Version::V3_0 => "3.0.3", Version::V3_1 => "3.1.0" },
        "info": {
            "title": "Update Call Agent",
            "version": env!("CARGO_PKG_VERSION"),
            "description": about(version),
            "contact": {"name": env!("CARGO_PKG_AUTHORS")},
            "license": licence(version),
        },
        "servers": [{"url": "/", "description": "The server that gives this document."}],
        "tags": [{"name": "agents", "description": "Agents, which call people and answer their calls."}],
        "security": [{}, {KEY: []}],
        "paths": {path: {"put": operation()}},
        "components": {
            "securitySchemes": {
                KEY: {
                    "type": "apiKey",
                    "in": "header",
                    "name": KEY_HEADER,
                    "description": "The caller's key, where the server asks for one.",
                },
            },
            "schemas": schemas(version),
        },
    })
}

fn about(version: Version) -> String {
    let unsaid = TtsUpdate::OBJECT.due.first().filter(|_| version == Version::V3_0);
    let unsaid = unsaid.map(|due| format!("\n\nWhat OpenAPI 3.0 cannot say: `{}` {due}.", due.field.name));
    ABOUT.to_owned() + &unsaid.unwrap_or_default()
}

fn licence(version: Version) -> Value {
    let name = env!("CARGO_PKG_LICENSE");
    match version {
        Version::V3_1 => json!({"name": name, "identifier": name}),
        Version::V3_0 => json!({"name": name, "url": "https://spdx.org/licenses/MIT.html"}),
    }
}

fn operation() -> Value {
    json!({
        "operationId": "updateAgent",
        "summary": "Update an agent",
        "description": "Changes an agent, and answers with the agent as it is then. What the update leaves out stays as \
            it is; every update names the language model. Lists and `variables` are replaced whole, `ttsModel` and \
            `settings` field by field. The same update may be sent again: it changes nothing more.",
        "tags": ["agents"],
        "parameters": [
            {
                "name": AgentId::PARAMETER,
                "in": "path",
                "required": true,
                "description": "The agent's id, percent-encoded as one segment of the path.",
                "schema": {"type": "string", "minLength": 1, "pattern": AgentId::PATTERN},
                "example": "agent_1",
            },
            {
                "name": WorkspaceId::HEADER,
                "in": "header",
                "required": true,
                "description": "The id of the workspace that the agent belongs to.",
                "schema": {"type": "string", "minLength": 1, "pattern": WorkspaceId::PATTERN},
                "example": "workspace_1",
            },
            {
                "name": "If-Match",
                "in": "header",
                "description": "The `ETag` of an earlier answer: the agent is changed only if it is still as it was \
                    then, or already as the update would make it (RFC 9110, section 13.1.1).",
                "schema": {"type": "string", "minLength": 1},
                "example": "\"5\"",
            },
        ],
        "requestBody": {
            "required": true,
            "description": "What to change.",
            "content": content("application/json", UpdateAgent::OBJECT.name, &examples::updates()),
        },
        "responses": responses(),
    })
}

fn responses() -> Map<String, Value> {
    let agent = json!({
        "description": "The agent as it is after the update.",
        "headers": {
            "ETag": header("What stands for the agent as it is now, to be sent as `If-Match`.", "\"6\"", false),
        },
        "content": content("application/json", Agent::OBJECT.name, &examples::agents()),
    });
    let mut responses = Map::from_iter([("200".to_owned(), agent)]);
    for types in ProblemType::ALL.chunk_by(|one, other| one.status() == other.status()) {
        let examples: Vec<_> = types.iter().copied().flat_map(examples::problems_of).collect();
        let titles: Vec<_> = types.iter().map(|known| known.title()).collect();
        let mut response = Map::from_iter([("description".to_owned(), titles.join(" Or: ").into())]);
        response.extend(headers(types).map(|headers| ("headers".to_owned(), headers)));
        response.insert("content".into(), content(Problem::MEDIA_TYPE, &Problem::schema_name(), &examples));
        responses.extend(types.first().map(|known| (known.status().to_string(), response.into())));
    }
    responses
}

/// The headers that go with problems of one status.
fn headers(types: &[ProblemType]) -> Option<Value> {
    match types {
        [ProblemType::Unauthorized] => Some(json!({
            "WWW-Authenticate": header("How the server would have the key.", "ApiKey", false),
        })),
        [ProblemType::MethodNotAllowed] => Some(json!({
            "Allow": header("The methods that the path takes.", "PUT", true),
        })),
        [ProblemType::TooManyRequests | ProblemType::Unavailable] => Some(json!({
            "Retry-After": header("When to try again: in so many seconds, or a date.", "30", false),
        })),
        _ => None,
    }
}

fn header(description: &str, example: &str, required: bool) -> Value {
    let schema = json!({"type": "string"});
    json!({"description": description, "required": required, "schema": schema, "example": example})
}

fn content<T: Serialize>(media_type: &str, schema: &str, examples: &[Example<T>]) -> Value {
    let named = examples.iter().map(|Example { name, summary, value, answers }| {
        let mut example = Map::from_iter([("summary".to_owned(), Value::from(*summary))]);
        example.extend(answers.map(|request| ("description".to_owned(), format!("The answer to `{request}`.").into())));
        example.insert("value".into(), json!(value));
        ((*name).to_owned(), example.into())
    });
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    json!({media_type: {"schema": schema, "examples": named.collect::<Map<_, Value>>()}})
}

/// The schemas of the bodies and of what they hold.
fn schemas(version: Version) -> Map<String, Value> {
    let mut settings = match version {
        Version::V3_0 => SchemaSettings::openapi3(),
        Version::V3_1 => SchemaSettings::draft2020_12(),
    };
    settings.definitions_path = "/components/schemas".into();
    let mut generator = settings.into_generator();
    generator.subschema_for::<UpdateAgent>();
    generator.subschema_for::<Agent>();
    generator.subschema_for::<Problem>();
    generator.take_definitions(true)
}
