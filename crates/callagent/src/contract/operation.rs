//! The operation "Update Call Agent" and its problem types.

use std::{error::Error, fmt};

use super::{agent::Agent, update::UpdateAgent};
use crate::{
    macros::{operation, parameters, problem_types},
    model::{Method, ProblemType, string_type},
    problem::Problem,
    report::InvalidDocument,
    values::IfMatch,
};

pub(super) const AGENT_ID_PATTERN: &str = r"^([^.]|\.{1,2}[^.]|\.{3})[\s\S]*$";
pub(super) const WORKSPACE_ID_PATTERN: &str = r"^[\x21-\x7E]([\t\x20-\x7E]*[\x21-\x7E])?$";
const METHOD: Method = Method::Put;

const ABOUT: &str = "\
The contract of the call that updates an agent of a voice-agent service.

Requests are closed: they have documented fields and values only, and null only where it has a meaning. Omitted fields \
stay unchanged. Therefore few fields have a `default` here, and clients must not insert defaults. Responses are open: any \
field may be absent or null, and undocumented fields and values may appear.

Two rules cannot be expressed in a schema: field names are unique within an object, and numbers are within the range of \
an IEEE 754 double.";

parameters! {
    /// The id of the agent. In a URL, it is percent-encoded as one path segment.
    AGENT_ID = "agentId" required, pattern AGENT_ID_PATTERN, example "agent_1";
    /// The id of the workspace that the agent belongs to.
    WORKSPACE_ID = "x-workspace-id" required, pattern WORKSPACE_ID_PATTERN, example "workspace_1";
    /// The `ETag` of an earlier response. The update succeeds only if the agent has not changed since, or if the update
    /// is already in effect (RFC 9110, section 13.1.1).
    IF_MATCH = "If-Match", pattern IfMatch::PATTERN, example "\"5\"";
    /// The entity tag of the current state of the agent, for use in `If-Match`.
    ETAG = "ETag", example "\"6\"";
    /// Keeps proxies from compressing the response, which would make its `ETag` weak.
    CACHE_CONTROL = "Cache-Control", example "no-transform";
    /// The methods that the path supports.
    ALLOW = "Allow" required, example METHOD.as_str();
    /// When to retry: a number of seconds or a date.
    RETRY_AFTER = "Retry-After", example "5";
    /// The authentication scheme of the server.
    WWW_AUTHENTICATE = "WWW-Authenticate", example "ApiKey";
}

problem_types! {
    impl ProblemType, "urn:callagent:problem:" {
        /// The body is not JSON.
        MALFORMED = "malformed", 400;
        /// The path has no valid agent id.
        BAD_PATH = "bad-path", 400;
        /// The workspace header is missing or is not a valid workspace id.
        BAD_WORKSPACE = "bad-workspace", 400;
        /// The header `If-Match` is empty or is not a list of entity tags.
        BAD_PRECONDITION = "bad-precondition", 400;
        /// The key is missing or unknown.
        UNAUTHORIZED = "unauthorized", 401, [WWW_AUTHENTICATE];
        /// The key does not grant access to this workspace.
        FORBIDDEN = "forbidden", 403;
        /// The path is unknown, or the workspace has no agent with this id.
        NOT_FOUND = "not-found", 404;
        /// The path does not support this method.
        METHOD_NOT_ALLOWED = "method-not-allowed", 405, [ALLOW];
        /// The request was not complete in time.
        REQUEST_TIMEOUT = "request-timeout", 408;
        /// The agent does not match the precondition of the request.
        PRECONDITION_FAILED = "precondition-failed", 412;
        /// The body exceeds the size limit of the server.
        CONTENT_TOO_LARGE = "content-too-large", 413;
        /// The media type of the body is not JSON.
        UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415;
        /// The update violates the contract.
        INVALID_UPDATE = "invalid-update", 422;
        /// The client sent too many requests.
        TOO_MANY_REQUESTS = "too-many-requests", 429, [RETRY_AFTER];
        /// The server failed.
        INTERNAL = "internal", 500;
        /// The server is temporarily unavailable.
        UNAVAILABLE = "unavailable", 503, [RETRY_AFTER];
    }
}

/// The error of parsing a [`ProblemType`]: this version of the contract has no such type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownProblemType(());

impl fmt::Display for UnknownProblemType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("unknown problem type")
    }
}

impl Error for UnknownProblemType {}

string_type!(ProblemType, UnknownProblemType, |urn| UPDATE_AGENT.problem_type(urn).ok_or(UnknownProblemType(())));

operation! {
    /// Updates an agent and returns the updated agent. Omitted fields stay unchanged; the language model is always
    /// required. Lists and `variables` are replaced as a whole, `ttsModel` and `settings` are merged field by field.
    /// Repeating an update has no further effect.
    ///
    /// The path, headers, bodies and responses of the operation are available as data:
    ///
    /// ```
    /// use callagent::{ProblemType, UPDATE_AGENT, UpdateAgent};
    ///
    /// assert_eq!((UPDATE_AGENT.id, UPDATE_AGENT.summary), ("updateAgent", "Update an agent"));
    /// assert_eq!(UPDATE_AGENT.request.object.name, UpdateAgent::OBJECT.name);
    /// assert_eq!(UPDATE_AGENT.response.headers[1].name, "ETag");
    ///
    /// let urn = "urn:callagent:problem:method-not-allowed";
    /// assert_eq!(UPDATE_AGENT.problem_type(urn), Some(ProblemType::METHOD_NOT_ALLOWED));
    /// assert_eq!(ProblemType::METHOD_NOT_ALLOWED.headers()[0].example, UPDATE_AGENT.method.as_str());
    /// ```
    pub const UPDATE_AGENT = "updateAgent", "Update an agent";
    document "Update Call Agent", ABOUT;
    tag "agents", "Agents that make and answer phone calls.";
    method METHOD;
    path "/v1/api/agents/", AGENT_ID;
    headers [WORKSPACE_ID, IF_MATCH];
    /// The API key of the caller, if the server requires one.
    credential "key" = "x-api-key";
    /// The changes.
    request UpdateAgent, malformed ProblemType::MALFORMED, invalid ProblemType::INVALID_UPDATE;
    /// The updated agent.
    response 200 Agent, headers [CACHE_CONTROL, ETAG];
    problems ProblemType::ALL;
}

/// The response to a request whose body is invalid: 400 if it is not JSON, 422 with its violations otherwise.
///
/// ```
/// use callagent::{Problem, ProblemType, UpdateAgent};
///
/// let invalid = callagent::read::<UpdateAgent>(r#"{"llmModel": "gpt-5", "name": 7}"#).unwrap_err();
/// let problem = Problem::from(&invalid);
/// assert_eq!(problem.problem_type(), Some(ProblemType::INVALID_UPDATE));
/// assert_eq!(problem.status, Some(422));
/// assert_eq!(problem.violations[0].pointer, "/name");
///
/// let read: Problem = serde_json::from_str(&serde_json::to_string(&problem)?)?;
/// assert_eq!(read, problem);
/// # Ok::<(), serde_json::Error>(())
/// ```
impl From<&InvalidDocument> for Problem {
    fn from(invalid: &InvalidDocument) -> Self {
        Problem::of_invalid(&UPDATE_AGENT.request, invalid)
    }
}

impl From<InvalidDocument> for Problem {
    fn from(invalid: InvalidDocument) -> Self {
        Problem::from(&invalid)
    }
}

impl Problem {
    /// Returns the problem type, if it belongs to this contract.
    #[must_use]
    pub fn problem_type(&self) -> Option<ProblemType> {
        UPDATE_AGENT.problem_type(&self.r#type)
    }
}
