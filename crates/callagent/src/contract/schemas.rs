//! The published JSON Schemas and OpenAPI documents, as in the folder `schemas`.

use schemars::Schema;
use serde_json::Value;

use super::{
    agent::Agent,
    examples::{self, examples},
    ids::{AgentId, WorkspaceId},
    operation::{AGENT_ID, UPDATE_AGENT, WORKSPACE_ID},
    update::UpdateAgent,
};
use crate::{
    model::{Code, ProblemType, Severity},
    problem::Problem,
    report::{FindingDetails, ReportDetails},
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
    schema::openapi::<UpdateAgent, Agent, Violation>(UPDATE_AGENT, &examples(), Version::V3_1)
}

/// Returns the OpenAPI 3.0.3 document of the call. OpenAPI 3.0 has no `if`, so conditionally required fields are only
/// described in the description of the object. All other rules are the same as in [`openapi`].
#[must_use]
pub fn openapi_3_0() -> Value {
    schema::openapi::<UpdateAgent, Agent, Violation>(UPDATE_AGENT, &examples(), Version::V3_0)
}

/// A violation in a problem.
pub(super) struct Violation;

/// The names that the schemas of findings use for a finding and for the text.
const VIOLATION: [&str; 3] = ["Violation", "A violation of the contract, with its location in the body.", "body"];
const FINDING: [&str; 3] = ["Finding", "A violation or an advisory, with its location in the text.", "text"];

json_schema!(Violation, |generator| {
    let codes = Code::ALL.iter().filter(|code| code.severity() != Severity::Advisory);
    schema::finding(VIOLATION, codes, generator)
});
json_schema!(Problem, |generator| schema::problem::<Violation>(ProblemType::ALL, generator));
json_schema!(FindingDetails as "Finding", |generator| schema::finding(FINDING, Code::ALL, generator));
json_schema!(ReportDetails as "Report", schema::report);
json_schema!(Code, |_| schema::like(
    "Code",
    "The kind of a violation or advisory.",
    Code::ALL.iter().map(|code| code.as_str())
));
json_schema!(ProblemType, |_| {
    schema::like("ProblemType", "The type of a problem, a URN.", ProblemType::ALL.iter().map(|known| known.as_str()))
});
json_schema!(AgentId, |_| schema::matching("AgentId", AGENT_ID.doc, AgentId::PATTERN));
json_schema!(WorkspaceId, |_| schema::matching("WorkspaceId", WORKSPACE_ID.doc, WorkspaceId::PATTERN));
