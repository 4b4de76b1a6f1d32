//! An HTTP operation as data: method, path, headers, bodies and problem types.

use std::fmt;

use super::{Object, summary};

/// An operation of an HTTP API that sends a JSON document to a path and receives another one or a problem.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The unique name in the API. Generated clients name their method after it.
    pub id: &'static str,
    /// The display name.
    pub title: &'static str,
    /// A summary of the operation in a few words.
    pub summary: &'static str,
    /// The documentation of the operation. See [`Operation::description`].
    pub doc: &'static str,
    /// The introduction of a document about the operation, in Markdown.
    pub about: &'static str,
    /// The group of the operation.
    pub tag: Tag,
    /// The method.
    pub method: Method,
    /// The path.
    pub path: Path,
    /// The headers of the request, except the credential and those that describe the body.
    pub headers: &'static [Parameter],
    /// The credential, which a server may require.
    pub credential: Credential,
    /// The body of the request.
    pub request: RequestBody,
    /// The response to a request that succeeds.
    pub response: Response,
    /// The responses to requests that fail, sorted by status.
    pub problems: &'static [ProblemType],
}

/// A group of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tag {
    /// The name.
    pub name: &'static str,
    /// The description of the group.
    pub description: &'static str,
}

/// A method whose requests have a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `PATCH`
    Patch,
    /// `POST`
    Post,
    /// `PUT`
    Put,
}

/// A path that ends with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Path {
    /// The path up to the parameter: `/v1/things/`.
    pub prefix: &'static str,
    /// The last segment, which is percent-encoded. It is always required.
    pub parameter: Parameter,
}

/// A named value outside the body: a path parameter or a header. It is never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// The documentation of the parameter. See [`Parameter::description`].
    pub doc: &'static str,
    /// Whether the parameter is required.
    pub required: bool,
    /// The ECMA-262 regular expression that decoded values match, if there is one.
    pub pattern: Option<&'static str>,
    /// An example value.
    pub example: &'static str,
}

/// A secret in a header of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credential {
    /// The name of the security scheme in an OpenAPI document.
    pub scheme: &'static str,
    /// The name of the header.
    pub header: &'static str,
    /// The documentation of the secret. See [`Credential::description`].
    pub doc: &'static str,
}

/// The body of a request, and the problem types for an invalid body.
#[derive(Debug)]
#[non_exhaustive]
pub struct RequestBody {
    /// The documentation of the body. See [`RequestBody::description`].
    pub doc: &'static str,
    /// The fields of the body.
    pub object: &'static Object,
    /// The response to a body that is not JSON.
    pub malformed: ProblemType,
    /// The response to a body that is JSON with violations.
    pub invalid: ProblemType,
}

/// The response to a request that succeeds.
#[derive(Debug)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The documentation of the response. See [`Response::description`].
    pub doc: &'static str,
    /// The headers, except those that describe the body.
    pub headers: &'static [Parameter],
    /// The fields of the body.
    pub object: &'static Object,
}

/// The type of a [`Problem`](crate::Problem): a named HTTP error status.
///
/// ```
/// use callagent::ProblemType;
///
/// let kind = ProblemType::NOT_FOUND;
/// assert_eq!((kind.name(), kind.status()), ("not-found", 404));
/// assert!(ProblemType::ALL.contains(&kind));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProblemType(pub(crate) &'static ProblemData);

/// The data of a problem type.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct ProblemData {
    pub(crate) urn: &'static str,
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    pub(crate) headers: &'static [Parameter],
}

impl Operation {
    /// The media type of the request and of the successful response.
    pub const MEDIA_TYPE: &'static str = "application/json";

    /// Returns the problem type with this URN, if it belongs to this operation.
    #[must_use]
    pub fn problem_type(&self, urn: &str) -> Option<ProblemType> {
        self.problems.iter().copied().find(|known| known.as_str() == urn)
    }
}

impl Method {
    /// Returns the name of the method.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Patch => "PATCH",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }
}

impl Path {
    /// Returns the path with the name of the parameter in braces, such as `/v1/things/{thingId}`.
    #[must_use]
    pub fn template(&self) -> String {
        format!("{}{{{}}}", self.prefix, self.parameter.name)
    }
}

impl ProblemType {
    /// Returns the URN in the `type` member of problems.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0.urn
    }

    /// Returns the name, which is the last part of the URN.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns the HTTP status of the response.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.0.status
    }

    /// Returns a one-sentence description.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// Returns the headers of the response, except those that describe the body.
    #[must_use]
    pub const fn headers(self) -> &'static [Parameter] {
        self.0.headers
    }
}

impl fmt::Debug for ProblemType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ProblemType({})", self.name())
    }
}

impl fmt::Display for ProblemType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// Implements `description` for types with a doc comment.
macro_rules! described {
    ($($name:ident)+) => {
        $(
            impl $name {
                /// Returns the documentation, as one paragraph of Markdown.
                #[must_use]
                pub fn description(&self) -> String {
                    summary(self.doc)
                }
            }
        )+
    };
}

described! { Operation Parameter Credential RequestBody Response }
