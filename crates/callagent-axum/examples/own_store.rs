//! A server with a store of its own and an access key. Try it with
//!
//! ```sh
//! curl -i -X PUT http://127.0.0.1:8080/v1/api/agents/agent_1 -H 'x-workspace-id: acme' -H 'x-api-key: key-of-acme' \
//!     --json '{"llmModel": "gpt-5"}'
//! ```

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    Router,
    extract::{FromRequestParts, State},
    http::request::Parts,
    middleware::from_fn,
};
use callagent::{ACCESS_KEY_HEADER, Agent, AgentId, ETag, ProblemType, WorkspaceId};
use callagent_axum::{ProblemResponse, UpdateBody, UpdateHead, UpdateResponse, problems, routes};

/// A store of agents. A version identifies a state of an agent.
trait Store: Send + Sync {
    /// Returns an agent and its version.
    fn find(&self, workspace: &WorkspaceId, id: &AgentId) -> Result<Option<(Agent, u64)>, StoreError>;

    /// Replaces an agent and returns its new version; `None` if the version of the stored agent is another one by now.
    fn replace(
        &self,
        workspace: &WorkspaceId,
        id: &AgentId,
        version: u64,
        agent: &Agent,
    ) -> Result<Option<u64>, StoreError>;
}

/// The store cannot answer now.
struct StoreError;

impl From<StoreError> for ProblemResponse {
    fn from(_: StoreError) -> Self {
        ProblemType::UNAVAILABLE.into()
    }
}

/// The access of a caller to the workspace of the request.
struct Access;

impl<S: Send + Sync> FromRequestParts<S> for Access {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ProblemResponse> {
        let head = UpdateHead::from_request_parts(parts, state).await?;
        // A real server stores digests of random keys, and compares them in constant time.
        match parts.headers.get(ACCESS_KEY_HEADER) {
            Some(key) if key == "key-of-acme" && head.workspace_id == "acme" => Ok(Access),
            Some(key) if key == "key-of-acme" => Err(ProblemType::FORBIDDEN.into()),
            _ => Err(ProblemType::UNAUTHORIZED.into()),
        }
    }
}

async fn update(
    State(store): State<Arc<dyn Store>>,
    head: UpdateHead,
    _: Access,
    UpdateBody(update): UpdateBody,
) -> Result<UpdateResponse, ProblemResponse> {
    loop {
        let stored = store.find(&head.workspace_id, &head.agent_id)?;
        let (mut agent, version) = stored.ok_or(ProblemType::NOT_FOUND)?;
        if !update.clone().apply_if(head.if_match.as_ref(), &ETag::from(version), &mut agent)? {
            return Ok(UpdateResponse::new(agent.for_response().without_key(), ETag::from(version)));
        }
        // If another request changed the agent in between, this one is applied to the changed agent.
        if let Some(version) = store.replace(&head.workspace_id, &head.agent_id, version, &agent)? {
            return Ok(UpdateResponse::new(agent.for_response().without_key(), ETag::from(version)));
        }
    }
}

/// Agents as rows of text, as a database has them.
struct Rows(RwLock<Vec<Row>>);

struct Row {
    workspace: String,
    id: String,
    version: u64,
    document: String,
}

impl Row {
    fn is(&self, workspace: &WorkspaceId, id: &AgentId) -> bool {
        self.workspace == *workspace.as_str() && self.id == *id.as_str()
    }
}

impl Store for Rows {
    fn find(&self, workspace: &WorkspaceId, id: &AgentId) -> Result<Option<(Agent, u64)>, StoreError> {
        let rows = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(row) = rows.iter().find(|row| row.is(workspace, id)) else { return Ok(None) };
        let agent = callagent::read(&row.document).map_err(|_| StoreError)?;
        Ok(Some((agent, row.version)))
    }

    fn replace(
        &self,
        workspace: &WorkspaceId,
        id: &AgentId,
        version: u64,
        agent: &Agent,
    ) -> Result<Option<u64>, StoreError> {
        let document = serde_json::to_string(agent).map_err(|_| StoreError)?;
        let mut rows = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(row) = rows.iter_mut().find(|row| row.is(workspace, id) && row.version == version) else {
            return Ok(None);
        };
        (row.version, row.document) = (version + 1, document);
        Ok(Some(row.version))
    }
}

/// Creates the application with a single agent.
pub(crate) fn app() -> Router {
    let document = r#"{"_id": "agent_1", "workspaceId": "acme", "name": "Support"}"#.to_owned();
    let row = Row { workspace: "acme".to_owned(), id: "agent_1".to_owned(), version: 1, document };
    let store: Arc<dyn Store> = Arc::new(Rows(RwLock::new(vec![row])));
    routes(update).layer(from_fn(problems)).with_state(store)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, app()).await?)
}
