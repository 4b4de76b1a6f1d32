//! The published JSON Schemas and OpenAPI documents, as in the folder `schemas`.

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

/// Returns the published JSON Schema (Draft 2020-12) of the request.
#[must_use]
pub fn update_agent() -> Schema {
    published::<UpdateAgent>("urn:callagent:schema:update-agent", examples::updates())
}

/// Returns the published JSON Schema (Draft 2020-12) of the response.
#[must_use]
pub fn agent() -> Schema {
    published::<Agent>("urn:callagent:schema:agent", examples::agents())
}

/// Returns the published JSON Schema (Draft 2020-12) of a problem.
#[must_use]
pub fn problem() -> Schema {
    published::<Problem>("urn:callagent:schema:problem", examples::problems().into_iter().map(|(_, example)| example))
}

/// Returns the OpenAPI 3.1 document of the call, with every rule that a schema can express.
#[must_use]
pub fn openapi() -> Value {
    schema::openapi::<UpdateAgent, Agent>(UPDATE_AGENT, &examples(), Version::V3_1)
}

/// Returns the OpenAPI 3.0.3 document of the call. OpenAPI 3.0 has no `if`, so conditionally required fields are only
/// described in the description of the object. All other rules are the same as in [`openapi`].
#[must_use]
pub fn openapi_3_0() -> Value {
    schema::openapi::<UpdateAgent, Agent>(UPDATE_AGENT, &examples(), Version::V3_0)
}

json_schema!(Problem, |generator| schema::problem(ProblemType::ALL, generator));
json_schema!(FindingDetails as "Violation", |generator| schema::violation(Code::ALL, generator));
