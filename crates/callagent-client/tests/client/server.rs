//! The server of the project, on a port of this machine.

use std::net::SocketAddr;

use callagent::{LlmModel, UpdateAgent, WorkspaceId};
use callagent_client::{Client, Updated};
use callagent_server::{Database, ImportOptions, KeySource, Server, ServerOptions, Stop, Store};
use tokio::net::TcpListener;

use crate::{AGENT, WORKSPACE, client};

/// A server with an agent.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) client: Client,
    _stop: Stop,
}

pub(crate) async fn start() -> Running {
    let store = Store::open(&Database::Memory, &KeySource::NextToDatabase).expect("a store");
    let workspace = WorkspaceId::new(WORKSPACE).expect("the id is valid");
    let agent = format!(r#"{{"_id": "{AGENT}", "workspaceId": "{WORKSPACE}", "llmModel": "gpt-5"}}"#);
    store.import(&workspace, "agents", agent.as_bytes(), ImportOptions::new(), |_| {}).expect("an import");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (server, stop) = Server::new(store, ServerOptions::new());
    tokio::spawn(server.serve(listener));
    Running { address, client: client(&format!("http://{address}")), _stop: stop }
}

impl Running {
    /// Reads the agent, by an update that changes nothing.
    pub(crate) async fn read(&self) -> Updated {
        self.client.update(AGENT, UpdateAgent::new(LlmModel::Gpt5)).await.expect("the server works")
    }
}
