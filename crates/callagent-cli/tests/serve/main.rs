//! `callagent serve` as a process, over sockets: what clients, operators and attackers rely on.

#![cfg(all(unix, feature = "server"))]

mod access;
mod configuration;
mod disturbances;
mod durability;
mod histories;
mod hostile;
mod limits;
mod logs;
#[cfg(feature = "postgres")]
mod postgres;
mod program;
#[cfg(feature = "client")]
mod put;
mod rate_limit;
mod secrets;
mod stop;
mod synced;
mod tls;
mod tour;

#[path = "../../../callagent-axum/tests/http/client.rs"]
mod client;
#[cfg(feature = "postgres")]
#[path = "../../../callagent-server/tests/server/cluster.rs"]
#[expect(dead_code, reason = "the tests of the store use more of it")]
mod cluster;
#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "the tests create their directories themselves")]
mod common;
#[path = "../../../callagent-server/tests/server/history.rs"]
mod history;
