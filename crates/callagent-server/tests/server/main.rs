//! Tests of the store, as a single program.

mod access;
mod common;
mod decisions;
mod durability;
mod histories;
mod history;
mod keys;
mod opening;
mod rekey;
mod store;
mod transfer;
