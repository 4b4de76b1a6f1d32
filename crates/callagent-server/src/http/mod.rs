//! The HTTP server.

mod connections;
mod faults;
mod log;
mod memory;
mod options;
mod pages;
mod router;
mod server;

pub use faults::{Fault, InvalidFault};
pub use options::ServerOptions;
pub use server::{Server, Stop};
