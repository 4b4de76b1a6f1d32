//! The "Update Call Agent" contract of [`callagent`] for [`axum`] servers.
//!
//! A handler takes an [`UpdateRequest`] and returns an [`UpdateResponse`] or a [`ProblemResponse`]. [`routes()`] puts it at
//! the path and method of the contract:
//!
//! ```
//! use axum::{Router, middleware::from_fn, routing::get};
//! use callagent::{Agent, ETag, ProblemType};
//! use callagent_axum::{ProblemResponse, UpdateRequest, UpdateResponse, problems, routes};
//!
//! async fn update(request: UpdateRequest) -> Result<UpdateResponse, ProblemResponse> {
//!     if request.agent_id != "agent_1" || request.workspace_id != "acme" {
//!         return Err(ProblemType::NOT_FOUND.into());
//!     }
//!     let mut agent = Agent::default();
//!     request.update.apply(&mut agent);
//!     Ok(UpdateResponse::new(agent.for_response().without_key(), ETag::from(1)))
//! }
//!
//! let app: Router = Router::new()
//!     .route("/health", get(async || "healthy"))
//!     .merge(routes(update))
//!     .layer(from_fn(problems));
//! ```
//!
//! Two examples run: `cargo run --example in_memory` keeps agents in memory, and `cargo run --example own_store` has a
//! store of its own and access keys.
//!
//! # What is answered, and in which order
//! If a request has several faults, the first in this table is answered. Every error is a problem document (RFC 9457).
//!
//! | status | fault | checked by |
//! | --- | --- | --- |
//! | 404, 400 | the path is another one; the agent's id is invalid | [`AgentPath`] |
//! | 405 | the method is another one, `HEAD` and `OPTIONS` included | [`routes()`], [`UpdateHead`] |
//! | 400 | `x-workspace-id` is missing, repeated or invalid | [`Workspace`] |
//! | 400 | `If-Match` is empty or not a list of entity tags | [`Precondition`] |
//! | 401, 403 | the access key is missing or unknown; it is for another workspace | your extractor |
//! | 415, 413 | the media type is not JSON, or the content is encoded; the body is too large | [`AcceptableContent`] |
//! | 429 | there are too many requests | your extractor |
//! | 413, 408 | the body turns out to be too large; it is not complete in time | [`UpdateBody`] |
//! | 400, 422 | the body is not JSON; it violates the contract | [`UpdateBody`] |
//! | 404, 412 | the agent does not exist; it does not match `If-Match`, and the update would change it | your handler |
//!
//! [`UpdateHead`] is the first four rows, and [`UpdateRequest`] is [`UpdateHead`] and [`UpdateBody`]. A handler that checks
//! access or limits the rate takes the pieces as arguments, which axum extracts in order:
//! `(head: UpdateHead, access: Access, content: AcceptableContent, rate: RateLimit, UpdateBody(update): UpdateBody)`.
//! [`UpdateHead`] has an example.
//!
//! Everything before the third last row is decided from the head. The server then does not send `100 Continue`, and a
//! client that waits for it does not send the body.
//!
//! # Configuration
//! The extractors are strict. [`UpdateConfig`] has tolerances and limits.
//!
//! # What is left to the server
//! - The limits on the size of a request's head, on the time that it takes to arrive, and on the number of connections.
//! - What hyper answers before it understands a request: 400, 414 or 431 without a body.
//! - Finishing an update whose client disconnects. Axum then drops the handler at its next `await`; spawn a task for what
//!   must be completed.

mod config;
mod extract;
mod linger;
mod middleware;
mod problem;
mod response;
mod routes;

pub use config::UpdateConfig;
pub use extract::{AcceptableContent, AgentPath, Precondition, UpdateBody, UpdateHead, UpdateRequest, Workspace};
pub use middleware::problems;
pub use problem::ProblemResponse;
pub use response::UpdateResponse;
pub use routes::{method_router, routes};
