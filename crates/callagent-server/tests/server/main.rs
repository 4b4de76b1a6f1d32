//! Tests of the store, as a single program.

mod access;
#[cfg(feature = "postgres")]
mod cluster;
mod common;
mod databases;
mod decisions;
mod durability;
mod histories;
mod history;
mod keys;
mod opening;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod proxy;
mod rekey;
mod store;
mod transfer;
#[cfg(feature = "postgres")]
mod urls;
