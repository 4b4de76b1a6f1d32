//! The crate over sockets: the contract's table "HTTP", case by case.

mod app;
mod cases;
mod client;
mod errors;
mod limits;
mod order;
mod server;

#[path = "../../examples/in_memory.rs"]
#[expect(dead_code, reason = "the tests start the application themselves")]
mod in_memory;
#[path = "../../examples/own_store.rs"]
#[expect(dead_code, reason = "the tests start the application themselves")]
mod own_store;
