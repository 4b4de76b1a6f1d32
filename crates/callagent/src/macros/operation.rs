//! The macros `parameters!`, `problem_types!` and `operation!`. Doc comments become descriptions.

/// Defines parameters and headers as constants.
///
/// ```ignore
/// parameters! {
///     /// The thing's id.
///     THING_ID = "thingId" required, pattern "^[a-z]+$", example "a";
///     /// The version of the thing.
///     ETAG = "ETag", example "\"6\"";
/// }
/// ```
macro_rules! parameters {
    ($(
        $(#[doc = $doc:literal])+
        $constant:ident = $name:literal $($required:ident)? $(, pattern $pattern:expr)?, example $example:expr;
    )+) => {$(
        $(#[doc = $doc])+
        pub(crate) const $constant: $crate::model::Parameter = $crate::model::Parameter {
            name: $name,
            doc: concat!($($doc, "\n"),+),
            required: $crate::macros::required!($($required)?),
            pattern: $crate::macros::last!(None $(, Some($pattern))?),
            example: $example,
        };
    )+};
}

macro_rules! required {
    () => {
        false
    };
    (required) => {
        true
    };
}

/// Defines problem types, sorted by status, as constants of the type in the first line. A row has the title, the
/// constant, the name, the status, and the headers of the response.
///
/// ```ignore
/// problem_types! {
///     impl ThingProblem, "urn:things:problem:" {
///         /// There is no such thing.
///         NOT_FOUND = "not-found", 404;
///         /// The server cannot respond now.
///         UNAVAILABLE = "unavailable", 503, [RETRY_AFTER];
///     }
/// }
/// ```
macro_rules! problem_types {
    (impl $parent:ty, $prefix:literal {$(
        #[doc = $title:literal]
        $constant:ident = $name:literal, $status:literal $(, [$($header:expr),+])?;
    )+}) => {
        impl $parent {
            /// All types, sorted by status.
            pub const ALL: &'static [$crate::model::ProblemType] = &[$(<$parent>::$constant),+];

            $(
                #[doc = $title]
                pub const $constant: $crate::model::ProblemType =
                    $crate::model::ProblemType(&$crate::model::ProblemData {
                        urn: concat!($prefix, $name),
                        name: $name,
                        status: $status,
                        title: $title.trim_ascii(),
                        headers: &[$($($header),+)?],
                    });
            )+
        }
    };
}

/// Defines an operation as a constant.
///
/// ```ignore
/// operation! {
///     /// Changes a thing, and returns the changed thing.
///     pub const UPDATE_THING = "updateThing", "Update a thing";
///     document "Update Thing", "An introduction in Markdown.";
///     tag "things", "Things.";
///     method Method::Put;
///     path "/v1/things/", THING_ID;
///     headers [IF_MATCH];
///     /// The caller's token.
///     credential "token" = "x-token";
///     /// The changes.
///     request ThingUpdate, malformed ThingProblem::MALFORMED, invalid ThingProblem::INVALID;
///     /// The changed thing.
///     response 200 Thing, headers [ETAG];
///     problems ThingProblem::ALL;
/// }
/// ```
macro_rules! operation {
    (
        $(#[doc = $doc:literal])+
        pub const $constant:ident = $id:literal, $summary:literal;
        document $title:literal, $about:expr;
        tag $tag:literal, $tag_description:literal;
        method $method:expr;
        path $prefix:literal, $parameter:expr;
        headers [$($header:expr),*];
        $(#[doc = $credential_doc:literal])+
        credential $scheme:literal = $credential:literal;
        $(#[doc = $request_doc:literal])+
        request $request:ty, malformed $malformed:expr, invalid $invalid:expr;
        $(#[doc = $response_doc:literal])+
        response $status:literal $response:ty, headers [$($response_header:expr),*];
        problems $problems:expr;
    ) => {
        $(#[doc = $doc])+
        pub const $constant: &$crate::model::Operation = {
            use $crate::model::{Credential, Operation, Path, RequestBody, Response, Tag};
            assert!($parameter.required, "a parameter of a path is always required");
            &Operation {
                id: $id,
                title: $title,
                summary: $summary,
                doc: concat!($($doc, "\n"),+),
                about: $about,
                tag: Tag { name: $tag, description: $tag_description },
                method: $method,
                path: Path { prefix: $prefix, parameter: $parameter },
                headers: &[$($header),*],
                credential: Credential {
                    scheme: $scheme,
                    header: $credential,
                    doc: concat!($($credential_doc, "\n"),+),
                },
                request: RequestBody {
                    doc: concat!($($request_doc, "\n"),+),
                    object: <$request>::OBJECT,
                    malformed: $malformed,
                    invalid: $invalid,
                },
                response: Response {
                    status: $status,
                    doc: concat!($($response_doc, "\n"),+),
                    headers: &[$($response_header),*],
                    object: <$response>::OBJECT,
                },
                problems: $problems,
            }
        };
    };
}

pub(crate) use {operation, parameters, problem_types, required};
