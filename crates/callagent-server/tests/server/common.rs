//! What several tests need.

use std::path::Path;

use callagent::{Agent, AgentId, UpdateAgent, WorkspaceId};
use callagent_server::{Database, ExportOptions, ImportOptions, KeySource, Outcome, Store, StoredAgent, export_file};
use serde_json::Value;

/// A result whose error any error becomes.
pub(crate) type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

pub(crate) fn workspace() -> WorkspaceId {
    WorkspaceId::new("acme").expect("a workspace's id")
}

pub(crate) fn id(id: &str) -> AgentId {
    AgentId::new(id).expect("an agent's id")
}

pub(crate) fn update(update: &Value) -> UpdateAgent {
    callagent::read(update.to_string()).expect("a valid update")
}

/// A store in memory, or in a folder.
pub(crate) fn open(folder: Option<&Path>) -> Store {
    let database = folder.map_or(Database::Memory, |folder| Database::File(folder.join("agents.sqlite")));
    Store::open(&database, &KeySource::NextToDatabase).expect("a store")
}

/// Imports agents into the workspace.
pub(crate) fn import(store: &Store, agents: &Value) {
    let agents = agents.to_string();
    store.import(&workspace(), "agents", agents.as_bytes(), ImportOptions::new(), |_| {}).expect("an import");
}

/// Updates an agent of the workspace.
pub(crate) async fn put(store: &Store, agent: &str, change: &Value) -> Outcome {
    store.update(workspace(), id(agent), update(change), None).await.expect("an outcome")
}

/// The agent after an update that changed it.
pub(crate) fn changed(outcome: Outcome) -> StoredAgent {
    let Outcome::Changed(agent) = outcome else { panic!("expected a change, found {outcome:?}") };
    agent
}

/// The agents of a database file.
pub(crate) fn exported(folder: &Path) -> Vec<Agent> {
    let mut lines = Vec::new();
    export_file(folder.join("agents.sqlite"), &ExportOptions::new(), &mut lines, |_| {}).expect("an export");
    lines.split_inclusive(|&byte| byte == b'\n').map(|line| callagent::read(line).expect("an agent")).collect()
}
