//! The contract of one call of a voice-agent service, `PUT /v1/api/agents/{agentId}` ("Update Call Agent"): types that
//! cannot hold an invalid value, and a reader that reports every violation with its location.
//!
//! - [`UpdateAgent`] is the request and is closed: unknown fields are violations. [`Agent`] is the response and is open:
//!   fields that the service adds are kept. Every value is valid, whether it was built by hand, read from text, or
//!   deserialized by `serde` from a self-describing format.
//! - [`read()`] returns the document, or an [`InvalidDocument`] with the [`Report`] of all violations. [`check`] returns
//!   the report alone and builds nothing. [`Reader`] has options.
//! - [`UpdateAgent::apply`] updates an agent, and [`Agent::for_response`] makes it safe to send.
//! - [`Problem`] is an error response: problem details (RFC 9457).
//! - [`UPDATE_AGENT`] describes the call itself as data: method, path, headers, bodies and problems.
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
//! - `schema`: `schemars::JsonSchema` for the documents and their parts, and the OpenAPI documents of the call.
//! - `proptest`: strategies for valid documents, and for invalid documents with known violations.
//!
//! # `serde_json`
//! The features of `serde_json` change no verdict. With its feature `arbitrary_precision`, documents that contain numbers
//! cannot be deserialized inside `#[serde(flatten)]` or untagged enums, because `serde` passes the numbers on as maps.
//!
//! `serde_json` itself rounds some numbers of more than 768 digits wrongly. [`read()`] and [`check`] read them exactly.

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

pub use contract::published;
#[cfg(feature = "schema")]
pub use contract::schemas;
pub use contract::{
    ACCESS_KEY_HEADER, Agent, AgentGap, AgentId, AgentResponse, AgentSession, AgentSettings, AgentStatus, AgentTts,
    Attempts, Days, ElevenLabsKey, Explanation, Fraction, Gap, Hours, KeyChange, LlmModel, SettingsUpdate, TtsProvider,
    TtsUpdate, UPDATE_AGENT, UnknownCode, UnknownProblemType, UpdateAgent, WorkspaceId,
};
pub use json::Span;
pub use model::{Code, ProblemType, Severity};
pub use problem::Problem;
pub use reader::{Document, Reader, check, check_json, read};
pub use report::{Finding, FindingDetails, InvalidDocument, Location, Report, ReportDetails, Suggestion};
pub use values::{
    ClosedEnum, ETag, FieldError, FreeForm, IfMatch, InvalidETag, OpenEnum, OutOfRange, Secret, SecretChange,
    UnknownValue,
};

/// Items for tools that show documents and reports, such as the command `callagent`.
pub mod tools {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    pub use crate::json::seed_hashing;
    pub use crate::{
        contract::{AcceptedValue, DocumentKind, InvalidAcceptedValue, REFERENCE, UnknownKind},
        fix::normalize_name,
        json::child_pointer,
        reader::{USUAL_LIMIT, secret_ranges},
        report::EscapeControl,
    };
}
