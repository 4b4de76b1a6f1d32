//! The HTTP server.

mod access;
mod call;
mod connections;
mod faults;
mod log;
mod memory;
mod metrics;
mod options;
mod pages;
mod rate_limit;
mod refusal;
mod router;
mod server;
mod tls;

pub use faults::{Fault, InvalidFault};
pub use options::ServerOptions;
pub use rate_limit::{InvalidRateLimit, RateLimit};
pub use server::{Server, Stop};
pub use tls::{Tls, TlsError};
