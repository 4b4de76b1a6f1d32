//! The rules that findings name, each with an example that the tests run.
//!
//! A row is one kind of constraint of the reader that the writer may not satisfy. It has a rule for each direction,
//! because the causes are opposite changes: a request breaks if the new version accepts less, a response if the new
//! version may send more.

use crate::direction::Direction;

/// A rule that a finding names.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name, in kebab case.
    pub name: &'static str,
    /// A sentence about the change, without a period.
    pub title: &'static str,
}

/// A kind of constraint, with its rule for each direction.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The new version accepts less, which breaks requests.
    pub(crate) request: Option<Rule>,
    /// The new version may send more, which breaks clients of the old version.
    pub(crate) response: Option<Rule>,
    /// The specification of the constraint.
    pub reference: &'static str,
    /// Two example versions. `superset` accepts everything that `subset` accepts, and more.
    pub(crate) subset: &'static str,
    pub(crate) superset: &'static str,
}

impl Row {
    /// Returns the rule for a direction. A constraint of requests only has none for responses, and vice versa.
    #[must_use]
    pub fn rule(&self, direction: Direction) -> Option<&Rule> {
        match direction {
            Direction::Request => self.request.as_ref(),
            Direction::Response => self.response.as_ref(),
        }
    }

    /// Returns the old and the new example in the order that breaks the direction.
    #[must_use]
    pub fn versions(&self, direction: Direction) -> (&'static str, &'static str) {
        match direction {
            Direction::Request => (self.superset, self.subset),
            Direction::Response => (self.subset, self.superset),
        }
    }
}

/// The rule of undecided findings.
pub const UNDECIDED: Rule = Rule { name: "undecided", title: "Compatibility could not be decided" };

/// The explanation of [`UNDECIDED`].
pub const UNDECIDED_HELP: &str = "\
    The change may break requests or responses, or nothing. Either compatibility was not proven and no document was found \
    that shows a break, or the comparison reached its limit of steps, or no rule covers the change: a format, an unknown keyword or field, a keyword that is left to \
    the implementation, the serialization of parameters and body parts, security, servers, webhooks, callbacks or links. \
    Compare both versions by hand.";

/// Returns the advice on a breaking change of a direction.
#[must_use]
pub fn fix(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => {
            "Keep accepting what the old version accepts, at least for a transition period. Or release it as a breaking \
             change and say so in the changelog."
        }
        Direction::Response => {
            "Send only what the old version documents until clients have been updated. Or release it as a breaking \
             change and say so in the changelog."
        }
    }
}

/// Returns every rule, with its row and its direction.
pub fn all() -> impl Iterator<Item = (&'static Row, Direction, &'static Rule)> {
    let of = |row: &'static Row| {
        [Direction::Request, Direction::Response]
            .into_iter()
            .filter_map(move |direction| Some((row, direction, row.rule(direction)?)))
    };
    ROWS.iter().copied().flat_map(of)
}

/// An optional rule.
macro_rules! rule {
    () => {
        None
    };
    ($name:literal $title:literal) => {
        Some(Rule { name: $name, title: $title })
    };
}

/// The table of rows: the constant, the rules for requests and responses, the reference, and the two examples.
macro_rules! rows {
    ($(
        $row:ident {
            $(request $request:literal: $request_title:literal,)?
            $(response $response:literal: $response_title:literal,)?
            see $reference:literal,
            subset $subset:literal,
            superset $superset:literal,
        }
    )+) => {
        $(pub(crate) const $row: &Row = &Row {
            request: rule!($($request $request_title)?),
            response: rule!($($response $response_title)?),
            reference: $reference,
            subset: $subset,
            superset: $superset,
        };)+

        const ROWS: &[&Row] = &[$($row),+];
    };
}

rows! {
    TYPE {
        request "type-narrowed": "A type is no longer accepted",
        response "type-widened": "A value may have a new type",
        see "JSON Schema Validation, section 6.1.1",
        subset r#"{"type": "string"}"#,
        superset r#"{"type": ["string", "boolean"]}"#,
    }
    NULL {
        request "null-refused": "Null is no longer accepted",
        response "null-added": "A value may be null",
        see "JSON Schema Validation, section 6.1.1",
        subset r#"{"type": "string"}"#,
        superset r#"{"type": ["string", "null"]}"#,
    }
    VALUE {
        request "value-removed": "A listed value is no longer accepted",
        response "value-added": "A value may be one that was not listed before",
        see "JSON Schema Validation, section 6.1.2",
        subset r#"{"enum": ["a"]}"#,
        superset r#"{"enum": ["a", "b"]}"#,
    }
    VALUES {
        request "values-closed": "Only listed values are accepted",
        response "values-opened": "Values are no longer limited to a list",
        see "JSON Schema Validation, section 6.1.2",
        subset r#"{"type": "string", "enum": ["a"]}"#,
        superset r#"{"type": "string"}"#,
    }
    REQUIRED {
        request "field-became-required": "An optional field became required",
        response "field-became-optional": "A required field became optional",
        see "JSON Schema Validation, section 6.5.3",
        subset r#"{"properties": {"a": {}}, "required": ["a"]}"#,
        superset r#"{"properties": {"a": {}}}"#,
    }
    NEW_REQUIRED {
        request "required-field-added": "A new field is required",
        response "required-field-removed": "A required field was removed",
        see "JSON Schema Validation, section 6.5.3",
        subset r#"{"properties": {"a": {}}, "required": ["a"]}"#,
        superset "{}",
    }
    FIELD {
        request "field-removed": "A field is no longer accepted",
        response "field-added": "A new field may occur that clients reject",
        see "JSON Schema Core, section 10.3.2.3",
        subset r#"{"properties": {}, "additionalProperties": false}"#,
        superset r#"{"properties": {"a": {}}, "additionalProperties": false}"#,
    }
    CLOSED {
        request "object-closed": "Undocumented fields are no longer accepted",
        response "object-opened": "Undocumented fields may occur",
        see "JSON Schema Core, section 10.3.2.3",
        subset r#"{"additionalProperties": false}"#,
        superset "{}",
    }
    MINIMUM {
        request "minimum-raised": "The lower bound was raised",
        response "minimum-lowered": "The lower bound was lowered",
        see "JSON Schema Validation, section 6.2.4",
        subset r#"{"minimum": 1}"#,
        superset r#"{"minimum": 0}"#,
    }
    MAXIMUM {
        request "maximum-lowered": "The upper bound was lowered",
        response "maximum-raised": "The upper bound was raised",
        see "JSON Schema Validation, section 6.2.2",
        subset r#"{"maximum": 30}"#,
        superset r#"{"maximum": 31}"#,
    }
    MULTIPLE {
        request "step-added": "Numbers must be multiples of a new number",
        response "step-removed": "Numbers need not be multiples of the documented number",
        see "JSON Schema Validation, section 6.2.1",
        subset r#"{"multipleOf": 6}"#,
        superset r#"{"multipleOf": 3}"#,
    }
    MIN_LENGTH {
        request "min-length-raised": "The minimum length was raised",
        response "min-length-lowered": "The minimum length was lowered",
        see "JSON Schema Validation, section 6.3.2",
        subset r#"{"minLength": 1}"#,
        superset "{}",
    }
    MAX_LENGTH {
        request "max-length-lowered": "The maximum length was lowered",
        response "max-length-raised": "The maximum length was raised",
        see "JSON Schema Validation, section 6.3.1",
        subset r#"{"maxLength": 5}"#,
        superset r#"{"maxLength": 6}"#,
    }
    PATTERN {
        request "pattern-narrowed": "Strings must match a new pattern",
        response "pattern-widened": "Strings need not match the documented pattern",
        see "JSON Schema Validation, section 6.3.3",
        subset r#"{"pattern": "^[a-z]+$"}"#,
        superset "{}",
    }
    MIN_ITEMS {
        request "min-items-raised": "The minimum number of items was raised",
        response "min-items-lowered": "The minimum number of items was lowered",
        see "JSON Schema Validation, section 6.4.2",
        subset r#"{"minItems": 2}"#,
        superset r#"{"minItems": 1}"#,
    }
    MAX_ITEMS {
        request "max-items-lowered": "The maximum number of items was lowered",
        response "max-items-raised": "The maximum number of items was raised",
        see "JSON Schema Validation, section 6.4.1",
        subset r#"{"maxItems": 2}"#,
        superset r#"{"maxItems": 3}"#,
    }
    UNIQUE {
        request "items-must-differ": "Duplicate items are no longer accepted",
        response "items-may-repeat": "Duplicate items may occur",
        see "JSON Schema Validation, section 6.4.3",
        subset r#"{"uniqueItems": true}"#,
        superset "{}",
    }
    ITEMS {
        request "items-refused": "Items are no longer accepted",
        response "items-added": "Items may occur that clients reject",
        see "JSON Schema Core, section 10.3.1",
        subset r#"{"items": false}"#,
        superset r#"{"items": {"type": "string"}}"#,
    }
    TUPLE {
        request "items-narrowed": "Fewer values are accepted at some position of an array",
        response "items-widened": "More values may occur at some position of an array",
        see "JSON Schema Core, section 10.3.1.1",
        subset r#"{"prefixItems": [{"type": "string"}]}"#,
        superset r#"{"prefixItems": [{}]}"#,
    }
    CONTAINS {
        request "contains-narrowed": "An array must contain certain items",
        response "contains-widened": "An array need not contain the documented items",
        see "JSON Schema Core, section 10.3.1.3",
        subset r#"{"contains": {"type": "string"}}"#,
        superset "{}",
    }
    MIN_FIELDS {
        request "min-fields-raised": "The minimum number of fields was raised",
        response "min-fields-lowered": "The minimum number of fields was lowered",
        see "JSON Schema Validation, section 6.5.2",
        subset r#"{"minProperties": 1}"#,
        superset "{}",
    }
    MAX_FIELDS {
        request "max-fields-lowered": "The maximum number of fields was lowered",
        response "max-fields-raised": "The maximum number of fields was raised",
        see "JSON Schema Validation, section 6.5.1",
        subset r#"{"maxProperties": 1}"#,
        superset r#"{"maxProperties": 2}"#,
    }
    NAMES {
        request "names-narrowed": "Fewer field names are accepted",
        response "names-widened": "More field names may occur",
        see "JSON Schema Core, section 10.3.2.4",
        subset r#"{"propertyNames": {"maxLength": 3}}"#,
        superset "{}",
    }
    NAMED {
        request "named-fields-narrowed": "Fewer values are accepted in fields whose names match a pattern",
        response "named-fields-widened": "More values may occur in fields whose names match a pattern",
        see "JSON Schema Core, section 10.3.2.2",
        subset r#"{"patternProperties": {"^a": {"type": "string"}}}"#,
        superset "{}",
    }
    DEPENDENCY {
        request "dependency-added": "A field requires something of other fields",
        response "dependency-removed": "A field no longer requires something of other fields",
        see "JSON Schema Validation, section 6.5.4",
        subset r#"{"dependentRequired": {"a": ["b"]}}"#,
        superset "{}",
    }
    CONDITION {
        request "condition-narrowed": "Fewer values are accepted under a condition",
        response "condition-widened": "More values may occur under a condition",
        see "JSON Schema Core, section 10.2.2",
        subset r#"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
        superset "{}",
    }
    ALTERNATIVES {
        request "alternatives-narrowed": "Fewer alternatives are accepted",
        response "alternatives-widened": "More alternatives may occur",
        see "JSON Schema Core, section 10.2.1",
        subset r#"{"anyOf": [{"type": "string"}, {"maximum": 5, "type": "number"}]}"#,
        superset r#"{"anyOf": [{"type": "string"}, {"maximum": 6, "type": "number"}]}"#,
    }
    EXCLUSION {
        request "exclusion-added": "Accepted values are now excluded",
        response "exclusion-removed": "Excluded values may now occur",
        see "JSON Schema Core, section 10.2.1.4",
        subset r#"{"not": {"const": 1}}"#,
        superset "{}",
    }
    NOTHING {
        request "nothing-accepted": "No value is accepted",
        response "something-answered": "A value may occur where there was none",
        see "JSON Schema Core, section 4.3.2",
        subset "false",
        superset r#"{"const": 1}"#,
    }
    OPERATION {
        request "operation-removed": "An operation was removed",
        see "OpenAPI 3.1.1, 4.8.9",
        subset r#"{"openapi": "3.1.0", "paths": {}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {}}}}}"#,
    }
    REQUEST_MEDIA {
        request "request-media-type-removed": "A media type is no longer accepted",
        see "OpenAPI 3.1.1, 4.8.13",
        subset r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}}}}}}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}, "text/b": {}}}}}}}"#,
    }
    RESPONSE_MEDIA {
        response "response-media-type-added": "A response may have a new media type",
        see "OpenAPI 3.1.1, 4.8.17",
        subset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"content": {"text/a": {}}}}}}}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"content": {"text/a": {}, "text/b": {}}}}}}}}"#,
    }
    SUCCESS {
        response "success-status-added": "A successful response may have a new status",
        see "OpenAPI 3.1.1, 4.8.16",
        subset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {}}}}}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {}, "201": {}}}}}}"#,
    }
    BODY {
        request "body-became-required": "An optional body became required",
        response "body-became-optional": "A response may have no body",
        see "OpenAPI 3.1.1, 4.8.13",
        subset r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"required": true, "content": {"text/a": {}}}, "responses": {"200": {"content": {"text/a": {}}}}}}}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}}}, "responses": {"200": {}}}}}}"#,
    }
    BODY_REMOVED {
        request "body-removed": "A body is no longer accepted",
        see "OpenAPI 3.1.1, 4.8.13",
        subset r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {}}}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"put": {"requestBody": {"content": {"text/a": {}}}}}}}"#,
    }
    PARAMETER {
        request "parameter-became-required": "An optional parameter became required",
        response "header-became-optional": "A required header became optional",
        see "OpenAPI 3.1.1, 4.8.12",
        subset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"in": "query", "name": "q", "required": true, "schema": {}}], "responses": {"200": {"headers": {"x-a": {"required": true, "schema": {}}}}}}}}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"in": "query", "name": "q", "schema": {}}], "responses": {"200": {"headers": {"x-a": {"schema": {}}}}}}}}}"#,
    }
    NEW_PARAMETER {
        request "required-parameter-added": "A new parameter is required",
        response "required-header-removed": "A required header was removed",
        see "OpenAPI 3.1.1, 4.8.12",
        subset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [{"in": "query", "name": "q", "required": true, "schema": {}}], "responses": {"200": {"headers": {"x-a": {"required": true, "schema": {}}}}}}}}}"#,
        superset r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {}}}}}}"#,
    }
}
