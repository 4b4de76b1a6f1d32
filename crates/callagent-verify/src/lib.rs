//! The contract test of a server of the "Update Call Agent" call.
//!
//! It sends requests that follow from the contract of [`callagent`], and judges every response: the status, the media type,
//! the problem document with the code and pointer of each violation, the agent, and what the update changed and left
//! alone. It needs nothing but the call itself: an update with only the current model reads the agent.
//!
//! The command `callagent verify` runs it against a URL. This library also runs it in the tests of a Rust server, against
//! a router within the process:
//!
//! ```
//! use axum::{Router, http::StatusCode, routing::put};
//! use callagent_verify::{Options, Profile, Run, Target, cases};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let app: Router = Router::new().route("/v1/api/agents/{id}", put(async || StatusCode::NOT_FOUND));
//! let target = Target::service(app, "acme".parse()?, "agent_1".parse()?);
//! match Run::start(target, Options::new().profile(Profile::Strict)).await {
//!     Ok(run) => {
//!         let all: Vec<_> = cases().iter().collect();
//!         let (report, _) = run.run(&all, |_| {}, std::future::pending()).await;
//!         assert!(report.is_success());
//!     }
//!     Err(error) => assert!(error.to_string().contains("has no agent `agent_1`")),
//! }
//! # Ok::<(), callagent::FieldError>(())
//! # }).unwrap();
//! ```
//!
//! The test `tests/one_test_per_case.rs` of this crate shows how each case becomes a test of its own.
//!
//! # How a request is judged
//! A case is a named list of requests, such as `applies/absent-fields`. What is expected of a response does not come from
//! the case, but from the request itself: its bytes are judged by the same reader as everywhere else, and the expected
//! agent is the last one that a response showed, with the update applied. Thus every request is judged in the same way,
//! random ones, shrunk ones and recorded ones included.
//!
//! A response may leave out any documented field. A field that no response has ever shown is not judged, except that an
//! response must show what its update gave. What changes without an update (`status`, `currentNode`, `activeSessions`,
//! `updatedAt`) is compared only where nothing else changed.
//!
//! # Profiles
//! [`Profile::Documented`] requires what the vendor's page promises; everything else in the contract is an advisory.
//! [`Profile::Strict`] requires the whole contract. [`Profile::Tolerant`] is for servers that ignore undocumented fields.

mod case;
mod cases;
mod client;
mod contract;
mod expectation;
mod judge;
mod known;
mod log;
mod options;
mod profile;
mod report;
mod request;
mod response;
mod run;
mod sending;
mod session;
mod shrink;
mod target;

pub use case::{Case, Group};
pub use cases::cases;
pub use contract::Sentence;
pub use log::{Exchange, Failure};
pub use options::Options;
pub use profile::Profile;
pub use report::{CaseResult, NOT_OBSERVABLE, Outcome, Report, Summary};
pub use request::Request;
pub use response::Response;
pub use run::{Event, Record, Run, SetupError};
pub use target::{InvalidTarget, Target};
