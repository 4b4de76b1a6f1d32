//! The rules: what can break, under which name, with an example that the tests run.
//!
//! A row is one constraint that the reading side has and the writing side does not keep to. It has a name for each
//! direction, since it comes about by opposite changes: a request breaks where the new version accepts less, a
//! response where the new version may answer more.

use crate::Direction;

/// What a finding is of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    /// What changed, as a sentence without its period.
    pub(crate) title: &'static str,
}

/// A constraint, with the rules of both directions.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The new version accepts less: requests break.
    pub(crate) request: Option<Rule>,
    /// The new version may answer more: old readers break.
    pub(crate) response: Option<Rule>,
    /// Where the constraint is defined.
    pub(crate) reference: &'static str,
    /// Two versions: what the first one accepts, the second one accepts too, but not the other way round.
    pub(crate) narrow: &'static str,
    pub(crate) wide: &'static str,
}

impl Row {
    pub(crate) fn rule(&self, direction: Direction) -> Option<&Rule> {
        match direction {
            Direction::Update => self.request.as_ref(),
            Direction::Agent => self.response.as_ref(),
        }
    }

    /// The examples in the order in which they break that direction.
    pub(crate) fn versions(&self, direction: Direction) -> (&'static str, &'static str) {
        match direction {
            Direction::Update => (self.wide, self.narrow),
            Direction::Agent => (self.narrow, self.wide),
        }
    }
}

/// What stands in for a rule where nothing can be said.
pub(crate) const UNDECIDED: Rule = Rule { name: "undecided", title: "Whether this breaks anything is not known" };

/// What that means, and what to do about it.
pub(crate) const UNDECIDED_HELP: &str = "\
    It may break requests or responses, or nothing. Either it is neither proven to be fine nor was a document found that \
    shows a break, or no rule judges it: a format, a keyword or field that is unknown or left to the reader, \
    how parameters and parts of a body are written, security, servers, webhooks, callbacks, links. Compare both versions \
    there by hand.";

/// What to do about a break, by its direction.
pub(crate) fn mend(direction: Direction) -> &'static str {
    match direction {
        Direction::Update => {
            "Go on accepting what was accepted, at least for a while; or release the change as one that breaks clients, \
             and say so in the changelog."
        }
        Direction::Agent => {
            "Answer only what was documented until readers have been told; or release the change as one that breaks \
             them, and say so in the changelog."
        }
    }
}

/// Every rule, with its row and its direction.
pub(crate) fn all() -> impl Iterator<Item = (&'static Row, Direction, &'static Rule)> {
    let of = |row: &'static Row| {
        [Direction::Update, Direction::Agent]
            .into_iter()
            .filter_map(move |direction| Some((row, direction, row.rule(direction)?)))
    };
    ROWS.iter().copied().flat_map(of)
}

/// A rule that is there or not.
macro_rules! rule {
    () => {
        None
    };
    ($name:literal $title:literal) => {
        Some(Rule { name: $name, title: $title })
    };
}

/// A table of rows: the constant; names and titles for requests and for responses; the reference; the narrow and the
/// wide example.
macro_rules! rows {
    ($(
        $row:ident {
            $(request $request:literal: $request_title:literal,)?
            $(response $response:literal: $response_title:literal,)?
            see $reference:literal,
            narrow $narrow:literal,
            wide $wide:literal,
        }
    )+) => {
        $(pub(crate) const $row: &Row = &Row {
            request: rule!($($request $request_title)?),
            response: rule!($($response $response_title)?),
            reference: $reference,
            narrow: $narrow,
            wide: $wide,
        };)+

        const ROWS: &[&Row] = &[$($row),+];
    };
}

rows! {
    TYPE {
        request "type-narrowed": "A type of value is no longer accepted",
        response "type-widened": "A value may have another type",
        see "JSON Schema Validation, section 6.1.1",
        narrow r#"{"type": "string"}"#,
        wide r#"{"type": ["string", "boolean"]}"#,
    }
    NULL {
        request "null-refused": "Null is no longer accepted",
        response "null-added": "A value may be null",
        see "JSON Schema Validation, section 6.1.1",
        narrow r#"{"type": "string"}"#,
        wide r#"{"type": ["string", "null"]}"#,
    }
    VALUE {
        request "value-removed": "A listed value is no longer accepted",
        response "value-added": "A value may be one that was not listed",
        see "JSON Schema Validation, section 6.1.2",
        narrow r#"{"enum": ["a"]}"#,
        wide r#"{"enum": ["a", "b"]}"#,
    }
    VALUES {
        request "values-closed": "Only listed values are accepted from now on",
        response "values-opened": "A value may be any, no longer a listed one",
        see "JSON Schema Validation, section 6.1.2",
        narrow r#"{"type": "string", "enum": ["a"]}"#,
        wide r#"{"type": "string"}"#,
    }
    REQUIRED {
        request "field-became-required": "A field that could be left out must be given",
        response "field-became-optional": "A field that was always there may be left out",
        see "JSON Schema Validation, section 6.5.3",
        narrow r#"{"properties": {"a": {}}, "required": ["a"]}"#,
        wide r#"{"properties": {"a": {}}}"#,
    }
    NEW_REQUIRED {
        request "required-field-added": "A new field must be given",
        response "required-field-removed": "A field that was always there is gone",
        see "JSON Schema Validation, section 6.5.3",
        narrow r#"{"properties": {"a": {}}, "required": ["a"]}"#,
        wide "{}",
    }
    FIELD {
        request "field-removed": "A field is no longer accepted",
        response "field-added": "There may be a field that readers refuse",
        see "JSON Schema Core, section 10.3.2.3",
        narrow r#"{"properties": {}, "additionalProperties": false}"#,
        wide r#"{"properties": {"a": {}}, "additionalProperties": false}"#,
    }
    CLOSED {
        request "object-closed": "Fields that are not documented are no longer accepted",
        response "object-opened": "There may be fields that are not documented",
        see "JSON Schema Core, section 10.3.2.3",
        narrow r#"{"additionalProperties": false}"#,
        wide "{}",
    }
    MINIMUM {
        request "minimum-raised": "The lower bound is higher",
        response "minimum-lowered": "The lower bound is lower",
        see "JSON Schema Validation, section 6.2.4",
        narrow r#"{"minimum": 1}"#,
        wide r#"{"minimum": 0}"#,
    }
    MAXIMUM {
        request "maximum-lowered": "The upper bound is lower",
        response "maximum-raised": "The upper bound is higher",
        see "JSON Schema Validation, section 6.2.2",
        narrow r#"{"maximum": 30}"#,
        wide r#"{"maximum": 31}"#,
    }
    MULTIPLE {
        request "step-added": "Fewer numbers are accepted: the multiples of another one",
        response "step-removed": "There may be numbers that are not multiples of the documented one",
        see "JSON Schema Validation, section 6.2.1",
        narrow r#"{"multipleOf": 6}"#,
        wide r#"{"multipleOf": 3}"#,
    }
    MIN_LENGTH {
        request "min-length-raised": "A text must be longer",
        response "min-length-lowered": "A text may be shorter",
        see "JSON Schema Validation, section 6.3.2",
        narrow r#"{"minLength": 1}"#,
        wide "{}",
    }
    MAX_LENGTH {
        request "max-length-lowered": "A text must be shorter",
        response "max-length-raised": "A text may be longer",
        see "JSON Schema Validation, section 6.3.1",
        narrow r#"{"maxLength": 5}"#,
        wide r#"{"maxLength": 6}"#,
    }
    PATTERN {
        request "pattern-narrowed": "A text must match a pattern",
        response "pattern-widened": "A text need not match a pattern",
        see "JSON Schema Validation, section 6.3.3",
        narrow r#"{"pattern": "^[a-z]+$"}"#,
        wide "{}",
    }
    MIN_ITEMS {
        request "min-items-raised": "An array must have more items",
        response "min-items-lowered": "An array may have fewer items",
        see "JSON Schema Validation, section 6.4.2",
        narrow r#"{"minItems": 2}"#,
        wide r#"{"minItems": 1}"#,
    }
    MAX_ITEMS {
        request "max-items-lowered": "An array must have fewer items",
        response "max-items-raised": "An array may have more items",
        see "JSON Schema Validation, section 6.4.1",
        narrow r#"{"maxItems": 2}"#,
        wide r#"{"maxItems": 3}"#,
    }
    UNIQUE {
        request "items-must-differ": "Equal items are no longer accepted",
        response "items-may-repeat": "An array may have equal items",
        see "JSON Schema Validation, section 6.4.3",
        narrow r#"{"uniqueItems": true}"#,
        wide "{}",
    }
    ITEMS {
        request "items-refused": "Items are no longer accepted",
        response "items-added": "There may be items that readers refuse",
        see "JSON Schema Core, section 10.3.1",
        narrow r#"{"items": false}"#,
        wide r#"{"items": {"type": "string"}}"#,
    }
    TUPLE {
        request "items-narrowed": "Items are accepted by their position",
        response "items-widened": "Items may be others than documented by their position",
        see "JSON Schema Core, section 10.3.1.1",
        narrow r#"{"prefixItems": [{"type": "string"}]}"#,
        wide r#"{"prefixItems": [{}]}"#,
    }
    CONTAINS {
        request "contains-narrowed": "Some items must be of a certain kind",
        response "contains-widened": "An array may lack items of a certain kind",
        see "JSON Schema Core, section 10.3.1.3",
        narrow r#"{"contains": {"type": "string"}}"#,
        wide "{}",
    }
    MIN_FIELDS {
        request "min-fields-raised": "An object must have more fields",
        response "min-fields-lowered": "An object may have fewer fields",
        see "JSON Schema Validation, section 6.5.2",
        narrow r#"{"minProperties": 1}"#,
        wide "{}",
    }
    MAX_FIELDS {
        request "max-fields-lowered": "An object must have fewer fields",
        response "max-fields-raised": "An object may have more fields",
        see "JSON Schema Validation, section 6.5.1",
        narrow r#"{"maxProperties": 1}"#,
        wide r#"{"maxProperties": 2}"#,
    }
    NAMES {
        request "names-narrowed": "Fewer names of fields are accepted",
        response "names-widened": "Fields may have other names",
        see "JSON Schema Core, section 10.3.2.4",
        narrow r#"{"propertyNames": {"maxLength": 3}}"#,
        wide "{}",
    }
    NAMED {
        request "named-fields-narrowed": "Less is accepted in fields by the pattern of their names",
        response "named-fields-widened": "Fields may hold more, by the pattern of their names",
        see "JSON Schema Core, section 10.3.2.2",
        narrow r#"{"patternProperties": {"^a": {"type": "string"}}}"#,
        wide "{}",
    }
    DEPENDENCY {
        request "dependency-added": "A field demands something of the others",
        response "dependency-removed": "A field no longer demands something of the others",
        see "JSON Schema Validation, section 6.5.4",
        narrow r#"{"dependentRequired": {"a": ["b"]}}"#,
        wide "{}",
    }
    CONDITION {
        request "condition-narrowed": "Under a condition, less is accepted",
        response "condition-widened": "Under a condition, there may be more",
        see "JSON Schema Core, section 10.2.2",
        narrow r#"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
        wide "{}",
    }
    ALTERNATIVES {
        request "alternatives-narrowed": "Fewer alternatives are accepted",
        response "alternatives-widened": "There may be further alternatives",
        see "JSON Schema Core, section 10.2.1",
        narrow r#"{"anyOf": [{"type": "string"}, {"maximum": 5, "type": "number"}]}"#,
        wide r#"{"anyOf": [{"type": "string"}, {"maximum": 6, "type": "number"}]}"#,
    }
    EXCLUSION {
        request "exclusion-added": "What was accepted is ruled out",
        response "exclusion-removed": "There may be what was ruled out",
        see "JSON Schema Core, section 10.2.1.4",
        narrow r#"{"not": {"const": 1}}"#,
        wide "{}",
    }
    NOTHING {
        request "nothing-accepted": "Nothing is accepted any more",
        response "something-answered": "There may be an answer where there was none",
        see "JSON Schema Core, section 4.3.2",
        narrow "false",
        wide r#"{"const": 1}"#,
    }
    OPERATION {
        request "operation-removed": "An operation is gone",
        see "OpenAPI 3.1.1, 4.8.9",
        narrow r#"{"openapi": "3.1.0", "paths": {}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {}}}}}"#,
    }
    REQUEST_MEDIA {
        request "request-media-type-removed": "A media type is no longer accepted",
        see "OpenAPI 3.1.1, 4.8.13",
        narrow r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}}}}}}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}, "text/b": {}}}}}}}"#,
    }
    RESPONSE_MEDIA {
        response "response-media-type-added": "An answer may have another media type",
        see "OpenAPI 3.1.1, 4.8.17",
        narrow r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"content": {"text/a": {}}}}}}}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"content": {"text/a": {}, "text/b": {}}}}}}}}"#,
    }
    SUCCESS {
        response "success-status-added": "Success may have another status",
        see "OpenAPI 3.1.1, 4.8.16",
        narrow r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {}}}}}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {}, "201": {}}}}}}"#,
    }
    BODY {
        request "body-became-required": "A body that could be left out must be sent",
        response "body-became-optional": "An answer may have no body",
        see "OpenAPI 3.1.1, 4.8.13",
        narrow r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"required": true, "content": {"text/a": {}}}, "responses": {"200": {"content": {"text/a": {}}}}}}}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}}}, "responses": {"200": {}}}}}}"#,
    }
    BODY_GONE {
        request "body-removed": "A body is no longer accepted",
        see "OpenAPI 3.1.1, 4.8.13",
        narrow r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {}}}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}}}}}}}"#,
    }
    PARAMETER {
        request "parameter-became-required": "A parameter that could be left out must be given",
        response "header-became-optional": "A header that was always there may be left out",
        see "OpenAPI 3.1.1, 4.8.12",
        narrow r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"in": "query", "name": "q", "required": true, "schema": {}}], "responses": {"200": {"headers": {"x-a": {"required": true, "schema": {}}}}}}}}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"in": "query", "name": "q", "schema": {}}], "responses": {"200": {"headers": {"x-a": {"schema": {}}}}}}}}}"#,
    }
    NEW_PARAMETER {
        request "required-parameter-added": "A new parameter must be given",
        response "required-header-removed": "A header that was always there is gone",
        see "OpenAPI 3.1.1, 4.8.12",
        narrow r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"in": "query", "name": "q", "required": true, "schema": {}}], "responses": {"200": {"headers": {"x-a": {"required": true, "schema": {}}}}}}}}}"#,
        wide r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {}}}}}}"#,
    }
}
