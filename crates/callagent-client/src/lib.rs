//! A client of the call "Update Call Agent" of [`callagent`].
//!
//! ```no_run
//! use callagent::{LlmModel, UpdateAgent};
//! use callagent_client::Client;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder()
//!     .base_url("https://agents.example.com")
//!     .workspace("acme")
//!     .access_key(std::env::var("CALLAGENT_ACCESS_KEY")?)
//!     .build()?;
//!
//! let updated = client.update("agent_1", UpdateAgent::new(LlmModel::Gpt5).name("Support")).await?;
//!
//! // Only if nobody has changed the agent in between.
//! let again = client.update("agent_1", UpdateAgent::new(LlmModel::Gpt5).name("Sales"));
//! match updated.etag {
//!     Some(tag) => again.if_match(tag).await?,
//!     None => again.await?,
//! };
//! # Ok(())
//! # }
//! ```
//!
//! - What the contract refuses is not sent: the update is checked first.
//! - A response is read openly, so fields and values that are new do not fail. What violates the contract is an error with
//!   a report.
//! - [`UpdateError`] says what went wrong as an [`ErrorKind`], keeps the response, and never contains a secret.
//! - A timeout always applies. Redirects are not followed.
//!
//! # Repeated updates
//! An update is repeated if an attempt fails in a way that may pass; see [`RetryPolicy`]. A repeat of the same update has
//! no further effect, with one exception:
//!
//! **A repeat can overwrite the change of another writer.** If the first attempt was applied but its response was lost, and
//! another writer changes the agent before the second attempt, the second attempt sets the fields of the update again.
//! [`UpdateCall::if_match`] prevents that: the second attempt then fails with [`ErrorKind::PreconditionFailed`], and
//! [`UpdateError::may_be_applied`] says that an earlier attempt may be in effect. With [`IfMatch::ANY`](callagent::IfMatch),
//! which any state satisfies, it does not.
//!
//! # Errors
//! [`UpdateError::may_be_applied`] tells apart an update that is not in effect from one that may be: the response was lost,
//! or the server failed while it worked. A status of 4xx means that the update had no effect.
//!
//! # Tracing
//! Each attempt is a span of `tracing` with the attributes of OpenTelemetry for HTTP clients: `http.request.method`,
//! `http.request.resend_count`, `http.response.status_code`, `url.full`, `server.address`, `server.port` and `error.type`.
//! Headers and bodies are never recorded.
//!
//! # Features
//! - `blocking`: a client for programs without an async runtime.
//!
//! # Other clients of `reqwest`
//! This crate brings its own TLS provider, and enables TLS in [`reqwest`] without one. In a program that builds other
//! `reqwest` clients but enables no feature of `reqwest` for TLS, building them panics from then on, even for `http`. Such a
//! program enables one, such as `rustls`, or installs a provider first:
//! `rustls::crypto::ring::default_provider().install_default()`.

mod attempt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
mod client;
mod error;
mod policy;
mod redact;
mod retry_after;
mod tls;

pub use builder::ClientBuilder;
pub use call::{UpdateCall, Updated};
pub use client::Client;
pub use error::{BuildError, ErrorKind, UpdateError};
pub use policy::RetryPolicy;
pub use reqwest;

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

/// Compiles the examples of the page on the client.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/client.md")]
mod page {}
