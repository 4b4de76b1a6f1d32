//! The ids outside the body: the agent id in the path and the workspace id in a header.

use std::{
    borrow::Borrow,
    fmt::{self, Write as _},
};

use super::operation::{AGENT_ID, AGENT_ID_PATTERN, UPDATE_AGENT, WORKSPACE_ID, WORKSPACE_ID_PATTERN};
use crate::{model::string_type, values::FieldError};

/// The header with the API key of the caller, for servers that require one.
pub const ACCESS_KEY_HEADER: &str = UPDATE_AGENT.credential.header;

/// The id of an agent. It is not empty, and neither `.` nor `..`, which are special in a path.
///
/// ```
/// use callagent::AgentId;
///
/// let id = AgentId::new("north/1 ü")?;
/// assert_eq!(id.path(), "/v1/api/agents/north%2F1%20%C3%BC");
/// assert_eq!(AgentId::from_segment("north%2F1%20%C3%BC")?, id);
/// assert!(AgentId::new("..").is_err());
/// # Ok::<(), callagent::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgentId(String);

impl AgentId {
    /// The name of the path parameter.
    pub const PARAMETER: &'static str = AGENT_ID.name;
    /// An ECMA-262 regular expression that matches exactly the valid ids. It has the same meaning in other dialects in
    /// which `$` matches only the end of the text.
    pub const PATTERN: &'static str = AGENT_ID_PATTERN;
    /// The path up to the parameter.
    pub const PATH_PREFIX: &'static str = UPDATE_AGENT.path.prefix;

    /// Returns the path with the parameter in braces, as in OpenAPI: `/v1/api/agents/{agentId}`.
    #[must_use]
    pub fn path_template() -> String {
        UPDATE_AGENT.path.template()
    }

    /// Creates an id.
    ///
    /// # Errors
    /// If it is empty, `.` or `..`.
    pub fn new(id: impl Into<String>) -> Result<Self, FieldError> {
        let id = id.into();
        match id.as_str() {
            "" => Err(FieldError::new(Self::PARAMETER, "must not be empty")),
            "." | ".." => Err(FieldError::new(Self::PARAMETER, format_args!("must not be `{id}`"))),
            _ => Ok(AgentId(id)),
        }
    }

    /// Parses a path segment, which is percent-encoded UTF-8.
    ///
    /// # Errors
    /// If the segment or the id is invalid.
    pub fn from_segment(segment: &str) -> Result<Self, FieldError> {
        let malformed = || FieldError::new(Self::PARAMETER, "must be a path segment of percent-encoded UTF-8");
        let mut id = Vec::with_capacity(segment.len());
        let mut rest = segment.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'%' => {
                    let (digits, after) = rest.split_at_checked(2).ok_or_else(malformed)?;
                    rest = after;
                    let digits = digits.iter().map(|&digit| char::from(digit).to_digit(16));
                    let byte = digits.into_iter().try_fold(0, |byte, digit| Some(byte * 16 + digit?));
                    id.push(byte.and_then(|byte| u8::try_from(byte).ok()).ok_or_else(malformed)?);
                }
                b'/' | b'?' | b'#' => return Err(malformed()),
                byte => id.push(byte),
            }
        }
        AgentId::new(String::from_utf8(id).map_err(|_| malformed())?)
    }

    /// Returns the id as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the id as a path segment. All but the unreserved characters (RFC 3986, section 2.3) are percent-encoded.
    #[must_use]
    pub fn segment(&self) -> String {
        let mut segment = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => segment.push(char::from(byte)),
                // Writing to a `String` cannot fail.
                _ => drop(write!(segment, "%{byte:02X}")),
            }
        }
        segment
    }

    /// Returns the path of the call.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}{}", Self::PATH_PREFIX, self.segment())
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

/// The id of a workspace. It consists of visible ASCII characters, and of spaces and tabs that are neither first nor last,
/// so every HTTP library can send it as a header value.
///
/// ```
/// use callagent::WorkspaceId;
///
/// assert_eq!(WorkspaceId::new("acme-42")?.as_str(), "acme-42");
/// assert!(WorkspaceId::new("a\nb").is_err());
/// # Ok::<(), callagent::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkspaceId(String);

impl WorkspaceId {
    /// The name of the header.
    pub const HEADER: &'static str = WORKSPACE_ID.name;
    /// An ECMA-262 regular expression that matches exactly the valid ids. It has the same meaning in other dialects in
    /// which `$` matches only the end of the text.
    pub const PATTERN: &'static str = WORKSPACE_ID_PATTERN;

    /// Creates an id.
    ///
    /// # Errors
    /// If it is empty, contains any character other than visible ASCII, space and tab, or begins or ends with a space or
    /// tab, which HTTP would strip.
    pub fn new(id: impl Into<String>) -> Result<Self, FieldError> {
        let id = id.into();
        let is_space = |character| matches!(character, ' ' | '\t');
        if id.is_empty() {
            return Err(FieldError::new(Self::HEADER, "must not be empty"));
        }
        if !id.chars().all(|character| character.is_ascii_graphic() || is_space(character)) {
            return Err(FieldError::new(Self::HEADER, "must contain only visible ASCII characters, spaces and tabs"));
        }
        if id.starts_with(is_space) || id.ends_with(is_space) {
            return Err(FieldError::new(Self::HEADER, "must not begin or end with a space or tab"));
        }
        Ok(WorkspaceId(id))
    }

    /// Returns the id as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkspaceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

/// Implements the common traits of ids by `new` and `as_str`.
macro_rules! id {
    ($id:ident) => {
        string_type!($id, FieldError, |id| $id::new(id));

        impl TryFrom<String> for $id {
            type Error = FieldError;

            fn try_from(id: String) -> Result<Self, FieldError> {
                $id::new(id)
            }
        }

        impl From<$id> for String {
            fn from(id: $id) -> Self {
                id.0
            }
        }

        impl Borrow<str> for $id {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(AgentId);
id!(WorkspaceId);
