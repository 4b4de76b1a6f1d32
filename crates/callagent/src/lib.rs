//! The contract of one call of a voice-agent service, `PUT /v1/api/agents/{agentId}` ("Update Call Agent"): types that
//! cannot hold an invalid value, and a reader that reports every violation with its place.
//!
//! - [`UpdateAgent`] is the request, read strictly; [`Agent`] is the response, read liberally. A value that exists is
//!   valid, whether it was built by hand, read from text, or deserialised by `serde` from any format that says what its
//!   values are.
//! - [`read()`] gives the document or the [`Report`] of all violations; [`check`] gives the report alone and builds
//!   nothing. [`Reader`] has the tolerances.
//! - [`UpdateAgent::apply`] changes an agent as an update says.
//! - [`Problem`] is what a server answers where it cannot answer with an agent.
//! - [`UPDATE_AGENT`] is the call itself as data: method, path, headers, bodies and problems.
//!
//! ```
//! use callagent::{LlmModel, UpdateAgent};
//!
//! let report = callagent::read::<UpdateAgent>(r#"{"name": 7, "llmModel": "gpt-6"}"#).unwrap_err().into_report();
//! let lines: Vec<String> = report.violations().map(|violation| violation.to_string()).collect();
//! assert_eq!(lines[0], "/name: invalid type for `name`: expected a string, found 7");
//! assert!(lines[1].starts_with("/llmModel: unknown value \"gpt-6\" for `llmModel`; expected one of `gpt-4o-mini`"));
//!
//! let update = UpdateAgent::new(LlmModel::Gpt5).name("Support");
//! assert_eq!(serde_json::to_string(&update)?, r#"{"name":"Support","llmModel":"gpt-5"}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Features
//! - `schema`: `schemars::JsonSchema` for the documents and what they hold, and the OpenAPI documents of the call.
//! - `proptest`: strategies for valid documents, and for invalid ones with known violations.
//!
//! The features of `serde_json` change no verdict. But with its `arbitrary_precision`, `#[serde(flatten)]` and untagged enums
//! give numbers to no type as numbers, so that documents with numbers cannot stand there.

mod contract;
mod fix;
mod json;
mod macros;
pub mod model;
mod problem;
mod read;
mod reader;
mod report;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "proptest")]
pub mod testing;
mod values;

#[cfg(feature = "schema")]
pub use contract::schemas;
pub use contract::{
    ACCESS_KEY_HEADER, Agent, AgentGap, AgentId, AgentResponse, AgentSession, AgentSettings, AgentStatus, AgentTts,
    Attempts, Days, ElevenLabsKey, Explanation, Fraction, Gap, Hours, KeyChange, LlmModel, REFERENCE, SettingsUpdate,
    TtsProvider, TtsUpdate, UPDATE_AGENT, UnknownCode, UpdateAgent, WorkspaceId, contains_secret_name, is_secret_name,
};
pub use fix::normalize_name;
pub use model::{Code, ProblemType, Severity};
pub use problem::{FindingDetails, Problem};
pub use reader::{Document, Reader, check, check_json, read};
pub use report::{EscapeControl, Finding, InvalidDocument, Location, Report, Suggestion};
pub use values::{
    ClosedEnum, ETag, FieldError, FreeForm, IfMatch, InvalidETag, OpenEnum, OutOfRange, Secret, SecretChange,
    UnknownValue,
};

/// The example of the project's README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
