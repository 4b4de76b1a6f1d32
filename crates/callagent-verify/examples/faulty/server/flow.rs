//! The handler: the checks in their order, then the update.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{self, Bytes},
    extract::{FromRequestParts as _, Request, State},
    http::request::Parts,
    response::{IntoResponse as _, Response},
};
use callagent::{ACCESS_KEY_HEADER, Agent, AgentId, IfMatch, Problem, ProblemType, Reader, UpdateAgent, WorkspaceId};
use callagent_axum::{
    AcceptableContent, AgentPath, Precondition, ProblemResponse, UpdateConfig, UpdateResponse, Workspace,
};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::{
    Server,
    body::{parse, read, salvage},
    fault::{Access, Change, Flaw, Kind, Stage},
    store::{Key, Stored, seal},
};

/// The order of the contract.
const ORDER: &[Stage] = {
    use Stage::{Body, Content, Find, Grant, Key, Path, Precondition, Workspace};
    &[Path, Workspace, Precondition, Key, Grant, Content, Body, Find]
};

/// How long a body may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a fault of concurrency waits.
const PAUSE: Duration = Duration::from_millis(8);

/// The body that was read, as an extension of the response.
#[derive(Clone)]
pub(super) struct ReadBody(pub(super) Bytes);

/// A call, as far as it has been read.
struct Call {
    parts: Parts,
    body: body::Body,
    agent_id: Option<AgentId>,
    workspace_id: Option<WorkspaceId>,
    if_match: Option<IfMatch>,
    text: Option<Bytes>,
    update: Option<UpdateAgent>,
}

pub(super) async fn handle(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut call = Call { parts, body, agent_id: None, workspace_id: None, if_match: None, text: None, update: None };
    let mut response = match call.run(&server).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    };
    if let Some(text) = call.text {
        response.extensions_mut().insert(ReadBody(text));
    }
    response
}

impl Call {
    async fn run(&mut self, server: &Server) -> Result<Response, ProblemResponse> {
        let order = if let Some(Kind::Order(order)) = server.kind() { order } else { ORDER };
        for stage in order {
            self.check(*stage, server).await?;
        }
        let key = self.key().ok_or(ProblemType::INTERNAL)?;
        let update = self.update.take().ok_or(ProblemType::INTERNAL)?;
        self.update(server, &key, update).await
    }

    fn key(&self) -> Option<Key> {
        Some((self.workspace_id.clone()?, self.agent_id.clone()?))
    }

    async fn check(&mut self, stage: Stage, server: &Server) -> Result<(), ProblemResponse> {
        let parts = &mut self.parts;
        match stage {
            Stage::Path => self.agent_id = Some(AgentPath::from_request_parts(parts, &()).await?.0),
            Stage::Workspace => self.workspace_id = Some(Workspace::from_request_parts(parts, &()).await?.0),
            Stage::Precondition => self.if_match = Precondition::from_request_parts(parts, &()).await?.0,
            Stage::Key if !has_access(parts, server) => return Err(ProblemType::UNAUTHORIZED.into()),
            Stage::Grant => {
                let is_foreign = self.workspace_id.as_ref().is_some_and(|id| id != "acme");
                if server.access_key.is_some() && is_foreign {
                    return Err(ProblemType::FORBIDDEN.into());
                }
            }
            Stage::Content => drop(AcceptableContent::from_request_parts(parts, &()).await?),
            Stage::Body => self.read(server).await?,
            Stage::Find => self.find(server)?,
            Stage::Key => {}
        }
        Ok(())
    }

    async fn read(&mut self, server: &Server) -> Result<(), ProblemResponse> {
        let body = body::to_bytes(std::mem::take(&mut self.body), UpdateConfig::MIN_BODY_LIMIT);
        let text = match timeout(BODY_TIMEOUT, body).await {
            Err(_) => return Err(ProblemType::REQUEST_TIMEOUT.into()),
            Ok(Err(_)) => return Err(ProblemType::CONTENT_TOO_LARGE.into()),
            Ok(Ok(text)) => self.text.insert(text),
        };
        match read(server.kind(), &server.reader, text) {
            Ok(update) => self.update = Some(update),
            Err(problem) => {
                let refused = salvage(text).filter(|_| server.kind().is_some_and(|kind| kind.is(Flaw::AppliesRefused)));
                if let (Some(update), Some(key)) = (refused, self.key())
                    && let Some(stored) = server.agents.lock().get_mut(&key)
                {
                    self.apply(server, stored, update).ok();
                }
                return Err(problem.into());
            }
        }
        Ok(())
    }

    fn find(&self, server: &Server) -> Result<(), ProblemResponse> {
        let key = self.key().ok_or(ProblemType::INTERNAL)?;
        if server.agents.lock().contains_key(&key) {
            return Ok(());
        }
        let is_foreign = server.agents.has_id(&key.1);
        match server.kind() {
            Some(Kind::Flaw(Flaw::ForbidsForeignAgent)) if is_foreign => Err(ProblemType::FORBIDDEN.into()),
            Some(Kind::Flaw(Flaw::RevealsForeignAgent)) if is_foreign => {
                let detail = "the agent belongs to another workspace";
                Err(Problem::new(ProblemType::NOT_FOUND).detail(detail).into())
            }
            Some(Kind::Flaw(Flaw::PreconditionOfNothing)) if self.if_match.is_some() => {
                Err(ProblemType::PRECONDITION_FAILED.into())
            }
            _ => Err(ProblemType::NOT_FOUND.into()),
        }
    }

    async fn update(&mut self, server: &Server, key: &Key, update: UpdateAgent) -> Result<Response, ProblemResponse> {
        let current = || server.agents.lock().get(key).cloned().ok_or(ProblemType::NOT_FOUND);
        let flaw = if let Some(Kind::Flaw(flaw)) = server.kind() { Some(flaw) } else { None };
        let before = current()?;
        let mut stored = match flaw {
            Some(Flaw::LosesUpdates) => {
                let mut stored = before.clone();
                self.apply(server, &mut stored, update)?;
                sleep(PAUSE).await;
                server.agents.lock().insert(key.clone(), stored.clone());
                stored
            }
            Some(Flaw::RacesPrecondition) => {
                sleep(PAUSE).await;
                self.if_match.take_if(|condition| condition.permits(&before.tag()));
                self.change(server, key, update)?
            }
            Some(Flaw::TearsUpdates) => {
                let mut first = update.clone();
                (first.variables, first.settings, first.tts) = (None, None, None);
                self.change(server, key, first)?;
                sleep(PAUSE).await;
                self.if_match = None;
                self.change(server, key, update)?
            }
            _ => self.change(server, key, update)?,
        };
        match flaw {
            Some(Flaw::AnswersBefore) => stored.agent = before.agent,
            Some(Flaw::AnswersLater) => {
                sleep(PAUSE).await;
                stored.agent = current()?.agent;
            }
            Some(Flaw::TagsLater) => {
                sleep(PAUSE).await;
                stored.version = current()?.version;
            }
            _ => {}
        }
        Ok(respond(stored, flaw == Some(Flaw::DisclosedKey)))
    }

    /// Applies the update to the stored agent, and returns it.
    fn change(&self, server: &Server, key: &Key, update: UpdateAgent) -> Result<Stored, ProblemType> {
        let mut agents = server.agents.lock();
        let stored = agents.get_mut(key).ok_or(ProblemType::NOT_FOUND)?;
        self.apply(server, stored, update)?;
        Ok(stored.clone())
    }

    /// Applies the update to an agent.
    fn apply(&self, server: &Server, stored: &mut Stored, mut update: UpdateAgent) -> Result<(), ProblemType> {
        let is = |flaw| server.kind().is_some_and(|kind| kind.is(flaw));
        if !is(Flaw::ClearKey) {
            seal(&mut update, &stored.agent).map_err(|_| ProblemType::INTERNAL)?;
        }
        let (tag, condition) = (stored.tag(), self.if_match.as_ref());
        if is(Flaw::PreconditionFirst) && condition.is_some_and(|condition| !condition.permits(&tag)) {
            return Err(ProblemType::PRECONDITION_FAILED);
        }
        let mut agent = stored.agent.clone();
        let outcome = update.clone().apply_if(condition, &tag, &mut agent);
        if outcome.is_err() && is(Flaw::AppliesUnmatched) {
            update.apply(&mut agent);
        } else {
            outcome?;
        }
        agent = self.distort(server, &stored.agent, agent).ok_or(ProblemType::INTERNAL)?;
        let is_changed = agent != stored.agent;
        stored.agent = agent;
        if is_changed || is(Flaw::TouchesTime) {
            stored.touch();
        }
        stored.version += u64::from((is_changed || is(Flaw::TouchesTag)) && !is(Flaw::KeepsTag));
        outcome.map(drop)
    }

    /// Makes the fault change the updated agent.
    fn distort(&self, server: &Server, before: &Agent, after: Agent) -> Option<Agent> {
        let to_value = |agent: &Agent| serde_json::to_value(agent).ok();
        let update = parse(self.text.as_deref().unwrap_or_default());
        let mut value = to_value(&after)?;
        match server.kind() {
            Some(Kind::Apply(distort)) => distort(&Change { before: to_value(before)?, update }, &mut value),
            Some(Kind::Ignore(pointer)) => restore(pointer, &to_value(before)?, &mut value),
            _ => return Some(after),
        }
        Reader::new().read_value(&value).ok()
    }
}

fn has_access(parts: &Parts, server: &Server) -> bool {
    let Some(expected) = &server.access_key else { return true };
    let given = parts.headers.get(ACCESS_KEY_HEADER).and_then(|given| given.to_str().ok());
    let access = Access { given, expected };
    match server.kind() {
        Some(Kind::Grant(grants)) if grants(&access) => true,
        _ => given == Some(expected),
    }
}

/// Restores the value at a pointer.
fn restore(pointer: &str, before: &Value, after: &mut Value) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    let Some(Value::Object(fields)) = after.pointer_mut(parent) else { return };
    match before.pointer(pointer) {
        Some(value) => drop(fields.insert(name.to_owned(), value.clone())),
        None => drop(fields.remove(name)),
    }
}

fn respond(stored: Stored, discloses_key: bool) -> Response {
    let tag = stored.tag();
    let body = serde_json::to_vec(&stored.agent).ok().filter(|_| discloses_key);
    let mut response = UpdateResponse::new(stored.agent, tag).into_response();
    if let Some(body) = body {
        *response.body_mut() = body.into();
    }
    response
}
