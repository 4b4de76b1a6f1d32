//! What the contract says of the call, as data. The fields of the bodies are in [`declaration`](crate::declaration).
//!
//! ```
//! use callagent::UPDATE_AGENT;
//!
//! assert_eq!(UPDATE_AGENT.method.as_str(), "PUT");
//! assert_eq!(UPDATE_AGENT.path.template(), "/v1/api/agents/{agentId}");
//! let required: Vec<_> = UPDATE_AGENT.headers.iter().filter(|header| header.required).collect();
//! assert_eq!(required.len(), 1);
//! assert_eq!(required[0].name, "x-workspace-id");
//! assert!(UPDATE_AGENT.problems.iter().any(|problem| problem.status() == 422));
//! ```

mod operation;

pub(crate) use self::operation::ProblemData;
pub use self::operation::{Credential, Method, Operation, Parameter, Path, ProblemType, RequestBody, Response, Tag};
