//! Tests of the store, as a single program.

mod access;
#[expect(dead_code, reason = "the tests of the HTTP server need less of it")]
#[path = "../../../callagent-axum/tests/http/client.rs"]
mod client;
#[cfg(feature = "postgres")]
mod cluster;
mod common;
mod databases;
mod decisions;
mod durability;
mod histories;
mod history;
mod keys;
mod metrics;
mod opening;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod proxy;
mod readiness;
mod rekey;
mod serving;
mod store;
mod transfer;
#[cfg(feature = "postgres")]
mod urls;
