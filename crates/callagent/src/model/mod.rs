//! A contract as data: the fields of each object with their types, bounds, vocabularies and defaults.
//!
//! Every document type has an [`Object`]. The reader, the schemas, the messages and the generated documents derive from
//! it, and so can documentation, tests and code generators. The enums are exhaustive on purpose: a generator must handle
//! every type.
//!
//! ```
//! use callagent::{UpdateAgent, model::Type};
//!
//! let required: Vec<_> = UpdateAgent::OBJECT.fields.iter().filter(|field| field.is_required()).collect();
//! assert_eq!(required.len(), 1);
//! assert_eq!(required[0].name, "llmModel");
//! assert!(matches!(required[0].r#type, Type::Enum(vocabulary) if vocabulary.values.contains(&"gpt-5")));
//! ```

mod bounds;
mod code;
mod direction;
mod operation;
mod secrets;
mod strings;

use std::fmt;

use serde_json::Value;

pub use bounds::Bounds;
pub use code::{Code, Severity};
pub(crate) use code::{CodeData, codes};
pub use direction::Direction;
pub(crate) use operation::ProblemData;
pub use operation::{Credential, Method, Operation, Parameter, Path, ProblemType, RequestBody, Response, Tag};
pub use secrets::Secrets;
pub(crate) use strings::{as_str, string_type};

/// The JSON type of a value, with its constraints.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// A string.
    Text,
    /// An API key: a string that is never shown in reports.
    Key,
    /// An API key to set, or null to remove the stored one.
    KeyOrNull,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction, in any notation.
    Integer(&'static Bounds<i128>),
    /// A number.
    Number(&'static Bounds<f64>),
    /// A string from a vocabulary.
    Enum(&'static Vocabulary),
    /// An array.
    List(&'static Type),
    /// An object with documented fields.
    Object(&'static Object),
    /// An object with arbitrary names and values.
    FreeForm,
}

/// The documented values of a string.
#[non_exhaustive]
pub struct Vocabulary {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The documentation of the values.
    pub doc: &'static str,
    /// Whether other values are accepted when a value is read on its own. True for vocabularies that occur only in
    /// responses.
    pub open: bool,
    /// The values, in the documented order.
    pub values: &'static [&'static str],
}

/// An object with documented fields.
#[non_exhaustive]
pub struct Object {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The documentation of the object.
    pub doc: &'static str,
    /// The direction of the document.
    pub direction: Direction,
    /// The documented fields, in the documented order.
    pub fields: &'static [Field],
    /// How undocumented fields are treated.
    pub additional_properties: AdditionalProperties,
    /// The fields that are required depending on the value of another field.
    pub required_if: &'static [RequiredIf],
    /// The corresponding object of the response.
    pub response: Option<&'static Object>,
}

/// How undocumented fields of an object are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdditionalProperties {
    /// They are violations.
    Refused,
    /// They are kept, with any value.
    Kept,
}

/// A documented field.
#[non_exhaustive]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// The documentation of the field.
    pub doc: &'static str,
    /// The type of the value.
    pub r#type: Type,
    /// Whether the field may be absent, and what that means.
    pub presence: Presence,
    /// The meaning of null.
    pub null: Null,
    /// Whether a string from a vocabulary may have any other value.
    pub open: bool,
    /// The documented default.
    pub default: Option<DefaultValue>,
    /// The beginning of the sentence that states the default, if an absent value is not read as the default.
    pub unset: &'static str,
    pub(crate) advisory: Option<FieldAdvisory>,
}

/// Whether a field may be absent, and what that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The field must be present.
    Required,
    /// The field may be absent.
    Optional,
    /// The field may be absent, which is read as its default.
    Defaulted,
    /// The field is documented for the response; its absence is an advisory.
    Documented,
}

/// The meaning of null as the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// Null has the wrong type.
    Refused,
    /// Null means that the field is absent.
    Absent,
    /// Null has a meaning of its own, given by the type of the field.
    Value,
}

/// A field that is required if another field has a certain value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RequiredIf {
    /// The required field. If it is a string, it must not be empty.
    pub field: &'static Field,
    /// The field with the condition.
    pub if_field: &'static Field,
    /// The value for which `field` is required.
    pub equals: &'static str,
    /// How the absence is treated: [`Presence::Required`] or [`Presence::Documented`].
    pub presence: Presence,
    /// A note where the documented page is ambiguous and the contract is not.
    pub note: Option<&'static str>,
}

/// The data shared by all parts of a contract.
#[derive(Debug)]
#[non_exhaustive]
pub struct Contract {
    /// The names of the fields that hold secrets.
    pub secrets: Secrets,
    /// The maximum number of objects and arrays around a part of a document.
    pub part_depth: u32,
}

/// A documented default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultValue {
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(u64),
    /// A value from a vocabulary.
    String(&'static str),
}

/// An advisory about the text of a field.
#[derive(Clone, Copy)]
pub(crate) enum FieldAdvisory {
    /// The text matches a predicate.
    If(Code, fn(&str) -> bool),
    /// The list contains a string more than once.
    Repeated(Code),
}

impl Vocabulary {
    /// Returns the documentation of the values, as one paragraph of Markdown.
    #[must_use]
    pub fn description(&self) -> String {
        summary(self.doc)
    }
}

impl Object {
    /// Returns the documentation of the object, as one paragraph of Markdown.
    #[must_use]
    pub fn description(&self) -> String {
        summary(self.doc)
    }

    /// Returns the documented field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the rules that require a field of a request if another field has a certain value.
    pub fn conditions(&self) -> impl Iterator<Item = &'static RequiredIf> {
        self.required_if.iter().filter(|rule| rule.presence == Presence::Required)
    }

    /// Returns the fields with a vocabulary, in this object and the objects in it.
    #[must_use]
    pub fn vocabularies(&self) -> Vec<(&'static str, &'static Vocabulary)> {
        let with_vocabulary = |field: &'static Field| match field.r#type {
            Type::Enum(vocabulary) => Some((field.name, vocabulary)),
            _ => None,
        };
        self.all_fields().into_iter().filter_map(with_vocabulary).collect()
    }

    /// Returns the maximum number of objects and arrays around the objects in this one.
    pub(crate) const fn part_depth(&self) -> u32 {
        let mut deepest = 0;
        let mut index = 0;
        while index < self.fields.len() {
            let (mut depth_of_item, mut r#type) = (1, &self.fields[index].r#type);
            while let Type::List(item) = r#type {
                (depth_of_item, r#type) = (depth_of_item + 1, *item);
            }
            if let Type::Object(object) = r#type {
                let depth = depth_of_item + object.part_depth();
                deepest = if depth > deepest { depth } else { deepest };
            }
            index += 1;
        }
        deepest
    }

    /// Returns the fields of this object, each followed by the fields of the object in it.
    fn all_fields(&self) -> Vec<&'static Field> {
        let below = |field: &'static Field| field.r#type.object().map(Object::all_fields).unwrap_or_default();
        self.fields.iter().flat_map(|field| [vec![field], below(field)].concat()).collect()
    }
}

impl Field {
    /// Returns the documentation of the field, as one paragraph of Markdown. It includes the default unless an absent
    /// value is read as the default.
    #[must_use]
    pub fn description(&self) -> String {
        let mut description = summary(self.doc);
        if let (Some(default), true) = (self.default, self.presence != Presence::Defaulted) {
            description.push_str(&format!(" {} `{default}`.", self.unset));
        }
        description
    }

    /// Returns the accepted type: any string for an open vocabulary.
    pub(crate) const fn accepted(&self) -> &Type {
        match &self.r#type {
            Type::Enum(_) if self.open => &Type::Text,
            r#type => r#type,
        }
    }

    /// Returns whether the field is unconditionally required.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }
}

impl RequiredIf {
    /// Returns a noun phrase for the expected value.
    pub(crate) fn expected(&self) -> String {
        match self.field.r#type.json_type() {
            "string" => "a non-empty string".to_owned(),
            _ => self.field.r#type.to_string(),
        }
    }
}

impl Type {
    /// Returns whether values of this type are secrets.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self, Type::Key | Type::KeyOrNull)
    }

    /// Returns the object type of the value or of its items.
    #[must_use]
    pub const fn object(&self) -> Option<&'static Object> {
        match self {
            Type::Object(object) => Some(object),
            Type::List(item) => item.object(),
            _ => None,
        }
    }

    /// Returns the minimum and the maximum as JSON numbers.
    #[must_use]
    pub fn bounds(&self) -> [Option<Value>; 2] {
        match self {
            Type::Integer(bounds) => bounds.to_json(),
            Type::Number(bounds) => bounds.to_json(),
            _ => [None, None],
        }
    }

    /// Returns the meaning of null in place of a value of this type.
    pub(crate) const fn null(&self, direction: Direction) -> Null {
        match (self, direction) {
            (Type::KeyOrNull, _) => Null::Value,
            (_, Direction::Request) => Null::Refused,
            (_, Direction::Response) => Null::Absent,
        }
    }

    /// Returns the name of the type in JSON Schema, ignoring null.
    ///
    /// ```
    /// use callagent::{Document, UpdateAgent};
    ///
    /// let name = UpdateAgent::OBJECT.field("name").map(|field| field.r#type.json_type());
    /// assert_eq!(name, Some("string"));
    /// ```
    #[must_use]
    pub const fn json_type(&self) -> &'static str {
        match self {
            Type::Text | Type::Key | Type::KeyOrNull | Type::Enum(_) => "string",
            Type::Boolean => "boolean",
            Type::Integer(_) => "integer",
            Type::Number(_) => "number",
            Type::List(_) => "array",
            Type::Object(_) | Type::FreeForm => "object",
        }
    }
}

impl From<DefaultValue> for Value {
    fn from(constant: DefaultValue) -> Self {
        match constant {
            DefaultValue::Boolean(value) => value.into(),
            DefaultValue::Integer(value) => value.into(),
            DefaultValue::String(value) => value.into(),
        }
    }
}

/// Returns the first paragraph of a doc comment, on one line.
pub(crate) fn summary(doc: &str) -> String {
    let lines = doc.lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// A noun phrase: `a string`, `an integer from 0 to 30`.
impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Text | Type::Key => out.write_str("a string"),
            Type::KeyOrNull => out.write_str("a string or null"),
            Type::Boolean => out.write_str("true or false"),
            Type::Integer(bounds) => write!(out, "an integer{bounds}"),
            Type::Number(bounds) => write!(out, "a number{bounds}"),
            Type::Enum(vocabulary) => {
                out.write_str("one of ")?;
                Listing(vocabulary.values.iter().copied()).fmt(out)
            }
            Type::List(Type::Object(_)) => out.write_str("an array of objects"),
            Type::List(Type::Text) => out.write_str("an array of strings"),
            Type::List(_) => out.write_str("an array"),
            Type::Object(_) | Type::FreeForm => out.write_str("an object"),
        }
    }
}

/// A predicate: `must be a non-empty string when …`.
impl fmt::Display for RequiredIf {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "must be {} when `{}` is `{}`", self.expected(), self.if_field.name, self.equals)
    }
}

impl fmt::Display for DefaultValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DefaultValue::Boolean(value) => value.fmt(out),
            DefaultValue::Integer(value) => value.fmt(out),
            DefaultValue::String(value) => value.fmt(out),
        }
    }
}

/// A list of names or values in a sentence: `a`, `b`, `c`.
pub(crate) struct Listing<I>(pub(crate) I);

impl<I: Iterator<Item = &'static str> + Clone> fmt::Display for Listing<I> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.clone().enumerate() {
            out.write_str(if index == 0 { "`" } else { ", `" })?;
            out.write_str(name)?;
            out.write_str("`")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Vocabulary").field("name", &self.name).field("values", &self.values).finish_non_exhaustive()
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Object").field("name", &self.name).field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Field").field("name", &self.name).field("type", &self.r#type).finish_non_exhaustive()
    }
}
