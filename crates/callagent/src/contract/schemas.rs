//! JSON Schemas of the documents, and OpenAPI documents of the call, as they are published in the folder `schemas`.

use schemars::Schema;
use serde_json::Value;

use super::{
    agent::Agent,
    examples::{self, examples},
    operation::UPDATE_AGENT,
    update::UpdateAgent,
};
use crate::{
    model::{Code, ProblemType},
    problem::{FindingDetails, Problem},
    schema::{self, Version, json_schema, published},
};

/// The JSON Schema (Draft 2020-12) of the request, as it is published.
#[must_use]
pub fn update_agent() -> Schema {
    published::<UpdateAgent>("urn:callagent:schema:update-agent", examples::updates())
}

/// The JSON Schema (Draft 2020-12) of the response, as it is published.
#[must_use]
pub fn agent() -> Schema {
    published::<Agent>("urn:callagent:schema:agent", examples::agents())
}

/// The JSON Schema (Draft 2020-12) of a problem, as it is published.
#[must_use]
pub fn problem() -> Schema {
    published::<Problem>("urn:callagent:schema:problem", examples::problems().into_iter().map(|(_, example)| example))
}

/// The OpenAPI 3.1 document of the call: all rules that a schema can say.
#[must_use]
pub fn openapi() -> Value {
    schema::openapi::<UpdateAgent, Agent>(UPDATE_AGENT, &examples(), Version::V3_1)
}

/// The OpenAPI 3.0.3 document of the call. It has no `if`: that a field is due where another has a certain value stands
/// in the description of the object. All other rules are those of [`openapi`].
#[must_use]
pub fn openapi_3_0() -> Value {
    schema::openapi::<UpdateAgent, Agent>(UPDATE_AGENT, &examples(), Version::V3_0)
}

json_schema!(Problem, |generator| schema::problem(ProblemType::ALL, generator));
json_schema!(FindingDetails as "Violation", |generator| schema::violation(Code::ALL, generator));
