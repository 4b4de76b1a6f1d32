//! The objects of OpenAPI 3.0 and 3.1, with the role of each field in a comparison.

use Content::{Annotation, Listed, Map, Names, Of, Schema, Set, Value};
use Role::{Checked, Compared, Silent};

/// A kind of object.
pub(super) struct Object {
    /// The name in the specification, without "Object".
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
    /// The objects in fields with arbitrary names.
    pub(super) others: Option<&'static Object>,
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) content: Content,
    pub(super) role: Role,
}

/// The value of a field.
pub(super) enum Content {
    /// Has no effect on messages.
    Annotation,
    Value,
    /// An array without order.
    Set,
    /// An object of which only the names matter.
    Names,
    Schema,
    Of(&'static Object),
    Map(&'static Object),
    /// An array of objects, without order.
    Listed(&'static Object),
}

/// How changes of a field are treated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Ignored.
    Silent,
    /// Checked by a rule.
    Checked,
    /// Compared, and undecided if different.
    Compared,
}

macro_rules! objects {
    ($($constant:ident $name:literal $(of $others:ident)? { $($role:ident $($field:literal)+: $content:expr;)* })+) => {
        $(pub(super) static $constant: Object = Object {
            name: $name,
            fields: &[$($(Field { name: $field, content: $content, role: $role },)+)*],
            others: objects!(@others $($others)?),
        };)+

        #[cfg(test)]
        pub(super) static OBJECTS: &[&Object] = &[$(&$constant),+];
    };
    (@others) => { None };
    (@others $others:ident) => { Some(&$others) };
}

objects! {
    OPENAPI "OpenAPI" {
        Silent "info" "tags" "externalDocs": Annotation;
        // The version selects the dialect. Other dialects are rejected.
        Checked "openapi" "jsonSchemaDialect": Annotation;
        Checked "paths": Map(&PATH_ITEM);
        // Effective only where something refers to it.
        Checked "components": Annotation;
        Compared "servers": Listed(&SERVER);
        Compared "security": Value;
        Compared "webhooks": Map(&PATH_ITEM);
    }
    PATH_ITEM "Path Item" {
        Silent "summary" "description": Annotation;
        Checked "$ref": Annotation;
        Checked "get" "put" "post" "delete" "options" "head" "patch" "trace": Of(&OPERATION);
        Checked "parameters": Listed(&PARAMETER);
        Compared "servers": Listed(&SERVER);
    }
    OPERATION "Operation" {
        Silent "tags" "summary" "description" "externalDocs" "operationId" "deprecated": Annotation;
        Checked "parameters": Listed(&PARAMETER);
        Checked "requestBody": Of(&REQUEST_BODY);
        Checked "responses": Of(&RESPONSES);
        Compared "callbacks": Map(&CALLBACK);
        Compared "security": Value;
        Compared "servers": Listed(&SERVER);
    }
    PARAMETER "Parameter" {
        Silent "description" "deprecated" "example" "examples": Annotation;
        Checked "name" "in" "required": Value;
        Checked "schema": Schema;
        Checked "content": Map(&MEDIA_TYPE);
        Compared "style" "explode" "allowReserved" "allowEmptyValue": Value;
    }
    HEADER "Header" {
        Silent "description" "deprecated" "example" "examples": Annotation;
        Checked "required": Value;
        Checked "schema": Schema;
        Checked "content": Map(&MEDIA_TYPE);
        Compared "style" "explode" "allowReserved" "allowEmptyValue": Value;
    }
    REQUEST_BODY "Request Body" {
        Silent "description": Annotation;
        Checked "required": Value;
        Checked "content": Map(&MEDIA_TYPE);
    }
    MEDIA_TYPE "Media Type" {
        Silent "example" "examples": Annotation;
        Checked "schema": Schema;
        Compared "encoding": Map(&ENCODING);
    }
    ENCODING "Encoding" {
        Compared "contentType" "style" "explode" "allowReserved": Value;
        Compared "headers": Map(&HEADER);
    }
    RESPONSES "Responses" of RESPONSE {
        Checked "default": Of(&RESPONSE);
    }
    RESPONSE "Response" {
        Silent "description": Annotation;
        Checked "headers": Map(&HEADER);
        Checked "content": Map(&MEDIA_TYPE);
        Compared "links": Map(&LINK);
    }
    LINK "Link" {
        Silent "description": Annotation;
        Compared "operationRef" "operationId" "parameters" "requestBody": Value;
        Compared "server": Of(&SERVER);
    }
    CALLBACK "Callback" of PATH_ITEM {}
    SERVER "Server" {
        Silent "description": Annotation;
        Compared "url": Value;
        Compared "variables": Map(&SERVER_VARIABLE);
    }
    SERVER_VARIABLE "Server Variable" {
        Silent "description": Annotation;
        Compared "enum": Set;
        Compared "default": Value;
    }
    SECURITY_SCHEME "Security Scheme" {
        Silent "description": Annotation;
        Compared "type" "name" "in" "scheme" "bearerFormat" "openIdConnectUrl": Value;
        Compared "flows": Of(&FLOWS);
    }
    FLOWS "OAuth Flows" {
        Compared "implicit" "password" "clientCredentials" "authorizationCode": Of(&FLOW);
    }
    FLOW "OAuth Flow" {
        Compared "authorizationUrl" "tokenUrl" "refreshUrl": Value;
        Compared "scopes": Names;
    }
}

impl Object {
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
