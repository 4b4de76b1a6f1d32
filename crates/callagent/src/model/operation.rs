//! An HTTP operation as data: method, path, headers, bodies, and the problems that answer it.

use std::fmt;

use super::{Object, summary};

/// An operation of an HTTP API: a JSON document is sent to a path, and another one or a problem is the response.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The name that is unique in the API. Generated clients name their method after it.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What the operation does, in a few words.
    pub summary: &'static str,
    /// What the operation does; see [`Operation::description`].
    pub doc: &'static str,
    /// The introduction to a document about the operation, in Markdown.
    pub about: &'static str,
    /// The group that the operation belongs to.
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
    /// The responses to requests that fail, in the order of their statuses.
    pub problems: &'static [ProblemType],
}

/// A group of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tag {
    /// Its name.
    pub name: &'static str,
    /// What the operations are about.
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

/// A named value next to a body: the parameter of a path, or a header. It is never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means; see [`Parameter::description`].
    pub doc: &'static str,
    /// Whether every such request or response has it.
    pub required: bool,
    /// What its decoded value matches, as a regular expression of ECMA-262, if a pattern can say it.
    pub pattern: Option<&'static str>,
    /// A value.
    pub example: &'static str,
}

/// A secret in a header of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credential {
    /// The name of the security scheme in an OpenAPI document.
    pub scheme: &'static str,
    /// The header's name.
    pub header: &'static str,
    /// What the secret is; see [`Credential::description`].
    pub doc: &'static str,
}

/// The body of a request, and the problems that answer an invalid one.
#[derive(Debug)]
#[non_exhaustive]
pub struct RequestBody {
    /// What the body says; see [`RequestBody::description`].
    pub doc: &'static str,
    /// The fields.
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
    /// What the response says; see [`Response::description`].
    pub doc: &'static str,
    /// The headers, except those that describe the body.
    pub headers: &'static [Parameter],
    /// The fields of the body.
    pub object: &'static Object,
}

/// The kind of a [`Problem`](crate::Problem): a status with a name of its own.
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

/// What a problem type is.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct ProblemData {
    pub(crate) urn: &'static str,
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    pub(crate) headers: &'static [Parameter],
}

impl Operation {
    /// The media type of the request and of the response that succeeds.
    pub const MEDIA_TYPE: &'static str = "application/json";

    /// The type of the problems with that URN, if it is one of this operation.
    #[must_use]
    pub fn problem_type(&self, urn: &str) -> Option<ProblemType> {
        self.problems.iter().copied().find(|known| known.urn() == urn)
    }
}

impl Method {
    /// The method as a request has it.
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
    /// The path with the parameter's name in braces: `/v1/things/{thingId}`.
    #[must_use]
    pub fn template(&self) -> String {
        format!("{}{{{}}}", self.prefix, self.parameter.name)
    }
}

impl ProblemType {
    /// The URN that problems of this type have as their `type`.
    #[must_use]
    pub const fn urn(self) -> &'static str {
        self.0.urn
    }

    /// The name that the URN ends with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The HTTP status of the response.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.0.status
    }

    /// What the problem is, in one sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// The headers of the response, except those that describe the body.
    #[must_use]
    pub const fn headers(self) -> &'static [Parameter] {
        self.0.headers
    }
}

impl fmt::Debug for ProblemType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("ProblemType").field(&self.name()).finish()
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// `description` for types with a doc comment.
macro_rules! described {
    ($($name:ident)+) => {
        $(
            impl $name {
                /// What it means, in one paragraph of Markdown.
                #[must_use]
                pub fn description(&self) -> String {
                    summary(self.doc)
                }
            }
        )+
    };
}

described! { Operation Parameter Credential RequestBody Response }
