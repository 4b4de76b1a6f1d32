//! The operation Update Call Agent, and the problems that answer it.

use super::{agent::Agent, update::UpdateAgent};
use crate::{
    macros::{operation, parameters, problem_types},
    model::{Method, ProblemType},
    problem::Problem,
    report::InvalidDocument,
};

pub(super) const AGENT_ID_PATTERN: &str = r"^([^.]|\.{1,2}[^.]|\.{3})[\s\S]*$";
pub(super) const WORKSPACE_ID_PATTERN: &str = r"^[\x21-\x7E]([\t\x20-\x7E]*[\x21-\x7E])?$";
const METHOD: Method = Method::Put;

const ABOUT: &str = "\
The contract of one call of a voice-agent service, which changes an agent.

A request is closed: it may have documented fields and words only, and null only where null has a meaning. A field that \
is left out stays as it is; that is why few fields have a `default` here, and why no client may send one of its own \
accord. A response is open: any field may be missing or null, and there may be further fields and words.

What no schema can say: a name may stand once in an object, and a number must be within the range of an IEEE double.";

parameters! {
    /// The agent's id, percent-encoded as one segment of the path.
    AGENT_ID = "agentId" required, pattern AGENT_ID_PATTERN, example "agent_1";
    /// The id of the workspace that the agent belongs to.
    WORKSPACE_ID = "x-workspace-id" required, pattern WORKSPACE_ID_PATTERN, example "workspace_1";
    /// The `ETag` of an earlier answer: the agent is changed only if it is still as it was then, or already as the update
    /// would make it (RFC 9110, section 13.1.1).
    IF_MATCH = "If-Match", example "\"5\"";
    /// What stands for the agent as it is now, to be sent as `If-Match`.
    ETAG = "ETag", example "\"6\"";
    /// Keeps proxies from compressing the answer, which would make its `ETag` a weak one.
    CACHE_CONTROL = "Cache-Control", example "no-transform";
    /// The methods that the path takes.
    ALLOW = "Allow" required, example METHOD.as_str();
    /// When to try again: in so many seconds, or a date.
    RETRY_AFTER = "Retry-After", example "30";
    /// How the server would have the key.
    WWW_AUTHENTICATE = "WWW-Authenticate", example "ApiKey";
}

problem_types! {
    impl ProblemType, "urn:callagent:problem:" {
        /// The body is not JSON.
        MALFORMED = "malformed", 400;
        /// The path holds no agent's id.
        BAD_PATH = "bad-path", 400;
        /// The workspace's header is missing, or holds no workspace's id.
        BAD_WORKSPACE = "bad-workspace", 400;
        /// The header `If-Match` is empty, or is not a list of entity tags.
        BAD_PRECONDITION = "bad-precondition", 400;
        /// The key is missing, or is none that the server knows.
        UNAUTHORIZED = "unauthorized", 401, [WWW_AUTHENTICATE];
        /// The key is not one for this workspace.
        FORBIDDEN = "forbidden", 403;
        /// There is no such agent in this workspace.
        NOT_FOUND = "not-found", 404;
        /// The path does not take this method.
        METHOD_NOT_ALLOWED = "method-not-allowed", 405, [ALLOW];
        /// The request was not complete in time.
        REQUEST_TIMEOUT = "request-timeout", 408;
        /// The agent is not as the request says that it must be.
        PRECONDITION_FAILED = "precondition-failed", 412;
        /// The body is larger than the server takes.
        CONTENT_TOO_LARGE = "content-too-large", 413;
        /// The body is not declared to be JSON.
        UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415;
        /// The update breaks the contract.
        INVALID_UPDATE = "invalid-update", 422;
        /// There were too many requests in a short time.
        TOO_MANY_REQUESTS = "too-many-requests", 429, [RETRY_AFTER];
        /// The server failed.
        INTERNAL = "internal", 500;
        /// The server cannot answer now.
        UNAVAILABLE = "unavailable", 503, [RETRY_AFTER];
    }
}

operation! {
    /// Changes an agent, and answers with the agent as it is then. What the update leaves out stays as it is; every update
    /// names the language model. Lists and `variables` are replaced whole, `ttsModel` and `settings` field by field. The
    /// same update may be sent again: it changes nothing more.
    ///
    /// The path, the headers, the bodies and all responses of the operation are data:
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
    tag "agents", "Agents, which call people and answer their calls.";
    method METHOD;
    path "/v1/api/agents/", AGENT_ID;
    headers [WORKSPACE_ID, IF_MATCH];
    /// The caller's key, where the server asks for one.
    credential "key" = "x-api-key";
    /// What to change.
    request UpdateAgent, malformed ProblemType::MALFORMED, invalid ProblemType::INVALID_UPDATE;
    /// The agent as it is after the update.
    response 200 Agent, headers [CACHE_CONTROL, ETAG];
    problems ProblemType::ALL;
}

/// The response to a request whose body is invalid: 400 if it is not JSON, else 422 with its violations.
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
    /// The type, if it is one of this contract.
    #[must_use]
    pub fn problem_type(&self) -> Option<ProblemType> {
        UPDATE_AGENT.problem_type(&self.r#type)
    }
}
