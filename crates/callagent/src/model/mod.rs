//! What the contract says of the call, as data: [`UPDATE_AGENT`](crate::UPDATE_AGENT) is the value. The fields of its
//! bodies are in [`declaration`](crate::declaration).

mod operation;

pub(crate) use self::operation::ProblemData;
pub use self::operation::{Credential, Method, Operation, Parameter, Path, ProblemType, RequestBody, Response, Tag};
