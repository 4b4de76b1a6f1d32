//! What a contract says, as data: the fields of each object with their types, bounds, words and defaults.
//!
//! Every document type has its [`Object`]; the reader, the schemas, the messages and the generated documents all
//! come from it, and so can a page of documentation or a test.
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

use std::fmt;

use serde_json::Value;

pub use bounds::Bounds;
pub use code::{Code, Severity};
pub(crate) use code::{CodeData, codes};
pub use direction::Direction;
pub(crate) use operation::ProblemData;
pub use operation::{Credential, Method, Operation, Parameter, Path, ProblemType, RequestBody, Response, Tag};
pub use secrets::Secrets;

/// The JSON type of a value, with what the contract says of it.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// A string.
    Text,
    /// An API key: a string that no report shows.
    Key,
    /// An API key to set, or null to remove the one that is stored.
    KeyOrNull,
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction, however it is written.
    Integer(&'static Bounds<i128>),
    /// A number.
    Number(&'static Bounds<f64>),
    /// A string of a vocabulary.
    Enum(&'static Vocabulary),
    /// An array.
    List(&'static Type),
    /// An object with documented fields.
    Object(&'static Object),
    /// An object of any names and values.
    FreeForm,
}

/// The documented words for a string.
#[non_exhaustive]
pub struct Vocabulary {
    /// The name of the Rust type.
    pub name: &'static str,
    /// What the words stand for.
    pub doc: &'static str,
    /// Whether a word that is read alone may be any other, as those of vocabularies that go in responses only.
    pub open: bool,
    /// The words, in the documented order.
    pub values: &'static [&'static str],
}

/// An object with documented fields.
pub struct Object {
    /// The name of the Rust type.
    pub name: &'static str,
    /// What the object stands for.
    pub doc: &'static str,
    /// Which way it goes.
    pub direction: Direction,
    /// The documented fields, in the documented order.
    pub fields: &'static [Field],
    /// What becomes of a field that is not documented.
    pub additional_properties: AdditionalProperties,
    /// The fields that other fields' values make required ones.
    pub required_if: &'static [RequiredIf],
    /// The object that a response has in its place.
    pub response: Option<&'static Object>,
}

/// What becomes of a field that an object does not document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdditionalProperties {
    /// It is a violation.
    Refused,
    /// It is kept, whatever its value.
    Kept,
}

/// One documented field.
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// The type of its value.
    pub r#type: Type,
    /// Whether it may be left out, and what that means.
    pub presence: Presence,
    /// What null says there.
    pub null: Null,
    /// Whether a string of a vocabulary may be any other word.
    pub open: bool,
    /// The documented default.
    pub default: Option<DefaultValue>,
    /// What has the default, before it in a sentence, where an absent value is not read as it.
    pub unset: &'static str,
    pub(crate) advisory: Option<FieldAdvisory>,
}

/// What it means that a field is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be left out: nothing is said of it.
    Optional,
    /// It may be left out: that reads as its default.
    Defaulted,
    /// A response is documented to have it; that it lacks it is an advisory.
    Documented,
}

/// What null says in a field's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// Nothing: it is of the wrong type.
    Refused,
    /// That the field is absent.
    Absent,
    /// Something of its own, which the field's type knows.
    Value,
}

/// A field that must be given where another one has a certain value.
#[derive(Debug, Clone, Copy)]
pub struct RequiredIf {
    /// The field that is due. A string that is due is not empty.
    pub field: &'static Field,
    /// The field that decides.
    pub if_field: &'static Field,
    /// The word with which it decides so.
    pub equals: &'static str,
    /// What it means that it is left out then: [`Presence::Required`] or [`Presence::Documented`].
    pub presence: Presence,
    /// What the contract settles there, where the documented page leaves a doubt.
    pub note: Option<&'static str>,
}

/// What the parts of one contract share.
#[derive(Debug)]
pub struct Contract {
    /// The names of the fields that hold secrets.
    pub secrets: Secrets,
    /// How many objects and arrays there are around a part of a document, at most.
    pub part_depth: u32,
}

/// A documented default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultValue {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(u64),
    /// A word of a vocabulary.
    String(&'static str),
}

/// What may be doubtful about a field's text.
#[derive(Clone, Copy)]
pub(crate) enum FieldAdvisory {
    /// A text that fails a test.
    If(Code, fn(&str) -> bool),
    /// A string in a list that stands there already.
    Repeated(Code),
}

impl Vocabulary {
    /// What the words stand for, in one paragraph of Markdown.
    #[must_use]
    pub fn description(&self) -> String {
        summary(self.doc)
    }
}

impl Object {
    /// What the object stands for, in one paragraph of Markdown.
    #[must_use]
    pub fn description(&self) -> String {
        summary(self.doc)
    }

    /// The documented field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The rules by which a request must have a field where another one has a certain value.
    pub fn conditions(&self) -> impl Iterator<Item = &'static RequiredIf> {
        self.required_if.iter().filter(|due| due.presence == Presence::Required)
    }

    /// The fields that hold words, in this object and those below it, with their vocabularies.
    #[must_use]
    pub fn vocabularies(&self) -> Vec<(&'static str, &'static Vocabulary)> {
        let word = |field: &'static Field| match field.r#type {
            Type::Enum(vocabulary) => Some((field.name, vocabulary)),
            _ => None,
        };
        self.all_fields().into_iter().filter_map(word).collect()
    }

    /// The names of the fields that hold secrets, in this object and those below it.
    #[must_use]
    pub fn secrets(&self) -> Vec<&'static str> {
        self.all_fields().into_iter().filter(|field| field.r#type.is_secret()).map(|field| field.name).collect()
    }

    /// How many objects and arrays there are around the objects within this one, at most.
    pub(crate) const fn part_depth(&self) -> u32 {
        let mut deepest = 0;
        let mut index = 0;
        while index < self.fields.len() {
            let (mut around, mut r#type) = (1, &self.fields[index].r#type);
            while let Type::List(item) = r#type {
                (around, r#type) = (around + 1, *item);
            }
            if let Type::Object(object) = r#type {
                let depth = around + object.part_depth();
                deepest = if depth > deepest { depth } else { deepest };
            }
            index += 1;
        }
        deepest
    }

    /// The fields of this object, each before those of the object that it holds.
    fn all_fields(&self) -> Vec<&'static Field> {
        let below = |field: &'static Field| field.r#type.object().map(Object::all_fields).unwrap_or_default();
        self.fields.iter().flat_map(|field| [vec![field], below(field)].concat()).collect()
    }
}

impl Field {
    /// What it means, in one paragraph of Markdown, with its default, unless an absent value is read as that.
    #[must_use]
    pub fn description(&self) -> String {
        let mut description = summary(self.doc);
        if let (Some(default), true) = (self.default, self.presence != Presence::Defaulted) {
            description.push_str(&format!(" {} `{default}`.", self.unset));
        }
        description
    }

    /// The type as it is accepted: of a vocabulary that is open any string.
    pub(crate) const fn accepted(&self) -> &Type {
        match &self.r#type {
            Type::Enum(_) if self.open => &Type::Text,
            r#type => r#type,
        }
    }

    /// Whether the field must be given, whatever the others say.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }
}

impl RequiredIf {
    /// What would be right, as a noun.
    pub(crate) fn expected(&self) -> String {
        match self.field.r#type.json_type() {
            "string" => "a non-empty string".to_owned(),
            _ => self.field.r#type.to_string(),
        }
    }
}

impl Type {
    /// Whether values of this type are secrets.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self, Type::Key | Type::KeyOrNull)
    }

    /// The object that a value of this type is, or that each item of it is.
    #[must_use]
    pub const fn object(&self) -> Option<&'static Object> {
        match self {
            Type::Object(object) => Some(object),
            Type::List(item) => item.object(),
            _ => None,
        }
    }

    /// The bounds of a number, as JSON numbers; neither of a value that is none.
    #[must_use]
    pub fn bounds(&self) -> [Option<Value>; 2] {
        match self {
            Type::Integer(bounds) => bounds.to_json(),
            Type::Number(bounds) => bounds.to_json(),
            _ => [None, None],
        }
    }

    /// What null says in the place of such a value, which goes that way.
    pub(crate) const fn null(&self, direction: Direction) -> Null {
        match (self, direction) {
            (Type::KeyOrNull, _) => Null::Value,
            (_, Direction::Request) => Null::Refused,
            (_, Direction::Response) => Null::Absent,
        }
    }

    /// The type by which JSON Schema names these values, but for the null that some take.
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

/// The first paragraph of a doc comment, on one line.
fn summary(doc: &str) -> String {
    let lines = doc.lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// What would be right, as a noun: `a string`, `an integer from 0 to 30`.
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

/// What the field must be, and when.
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

/// Names or words in a sentence: `a`, `b`, `c`.
pub(crate) struct Listing<I>(pub(crate) I);

impl<I: Iterator<Item = &'static str> + Clone> fmt::Display for Listing<I> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.clone().enumerate() {
            out.write_str(if index == 0 { "`" } else { ", `" })?;
            out.write_str(word)?;
            out.write_str("`")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Vocabulary").field("name", &self.name).field("words", &self.values).finish_non_exhaustive()
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
