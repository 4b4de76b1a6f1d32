//! Tests of the store, as a single program.

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
mod store;
mod transfer;
#[cfg(feature = "postgres")]
mod urls;
