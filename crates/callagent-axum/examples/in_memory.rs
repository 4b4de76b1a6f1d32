//! A server with agents in memory. Try it with
//!
//! ```sh
//! curl -i -X PUT http://127.0.0.1:8080/v1/api/agents/agent_1 -H 'x-workspace-id: acme' --json '{"llmModel": "gpt-5"}'
//! ```

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, extract::State, middleware::from_fn};
use callagent::{Agent, AgentId, ETag, ProblemType, WorkspaceId};
use callagent_axum::{ProblemResponse, UpdateRequest, UpdateResponse, problems, routes};

/// The agents with their versions.
type Agents = Arc<Mutex<HashMap<(WorkspaceId, AgentId), (Agent, u64)>>>;

async fn update(State(agents): State<Agents>, request: UpdateRequest) -> Result<UpdateResponse, ProblemResponse> {
    let mut agents = agents.lock().unwrap_or_else(PoisonError::into_inner);
    let stored = agents.get_mut(&(request.workspace_id, request.agent_id));
    let (agent, version) = stored.ok_or(ProblemType::NOT_FOUND)?;
    let changed = request.update.apply_if(request.if_match.as_ref(), &ETag::from(*version), agent)?;
    *version += u64::from(changed);
    Ok(UpdateResponse::new(agent.clone().for_response().without_key(), ETag::from(*version)))
}

/// Creates the application with a single agent.
pub(crate) fn app() -> Result<Router, callagent::FieldError> {
    let key = (WorkspaceId::new("acme")?, AgentId::new("agent_1")?);
    let agents = Agents::new(Mutex::new(HashMap::from([(key, (Agent::default(), 1))])));
    Ok(routes(update).layer(from_fn(problems)).with_state(agents))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, app()?).await?)
}
