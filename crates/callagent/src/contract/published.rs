//! The published schemas, OpenAPI documents and reference page as text, as in the folder `schemas`.

/// A published schema or OpenAPI document as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// The document as JSON.
    pub json: &'static str,
    /// The document as YAML.
    pub yaml: &'static str,
}

macro_rules! published {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$doc])*
        pub const $name: Published = Published {
            json: include_str!(concat!("../../schemas/", $file, ".json")),
            yaml: include_str!(concat!("../../schemas/", $file, ".yaml")),
        };)*
    };
}

published! {
    /// The JSON Schema of the request.
    UPDATE_AGENT = "update-agent.schema";
    /// The JSON Schema of the response.
    AGENT = "agent.schema";
    /// The JSON Schema of an error response.
    PROBLEM = "problem.schema";
    /// The OpenAPI 3.1 document of the call.
    OPENAPI = "openapi";
    /// The OpenAPI 3.0 document, which cannot express when a key is required.
    OPENAPI_3_0 = "openapi-3.0";
}

/// The reference page, which documents every field, code and principle. It loads nothing from other hosts.
pub const REFERENCE_PAGE: &str = include_str!("../../schemas/reference.html");
