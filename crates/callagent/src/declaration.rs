//! What a declaration says, as data: the fields of each object with their types, bounds, words and defaults.
//!
//! Every document type has its [`Object`]; the reader, the schemas, the messages and the generated documents all
//! come from it, and so can a page of documentation or a test.
//!
//! ```
//! use callagent::{UpdateAgent, declaration::Type};
//!
//! let required: Vec<_> = UpdateAgent::OBJECT.fields.iter().filter(|field| field.is_required()).collect();
//! assert_eq!(required.len(), 1);
//! assert_eq!(required[0].name, "llmModel");
//! assert!(matches!(required[0].r#type, Type::Word(words) if words.words.contains(&"gpt-5")));
//! ```

use std::fmt;

use serde_json::Value;

use crate::{
    read::Reader,
    report::{Code, Report},
};

/// Which way a document goes, which decides how it is read: a request strictly, a response liberally (P2, P3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// What a client sends: closed objects, closed vocabularies, no null.
    Request,
    /// What a server answers: further fields and words are kept, null reads as absent.
    Response,
}

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
    Integer(&'static Bounds),
    /// A number.
    Number(&'static Bounds),
    /// A string of a vocabulary: closed in a request, open in a response.
    Word(&'static Vocabulary),
    /// An array.
    List(&'static Type),
    /// An object with documented fields.
    Object(&'static Object),
    /// An object of any names and values.
    FreeForm,
}

/// The bounds of a number, both ends included.
#[derive(Debug)]
pub struct Bounds {
    /// The smallest value.
    pub minimum: u64,
    /// The largest value.
    pub maximum: u64,
}

/// The documented words for a string.
#[non_exhaustive]
pub struct Vocabulary {
    /// The name of the Rust type.
    pub name: &'static str,
    /// What the words stand for.
    pub doc: &'static str,
    /// Which way its words go; a request, if they go both. A word that is read alone is read so.
    pub direction: Direction,
    /// The words, in the documented order.
    pub words: &'static [&'static str],
    #[cfg(feature = "schema")]
    pub(crate) subschema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
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
    pub further: Further,
    /// The field that another field's value makes a required one.
    pub due: Option<Due>,
    /// The object that a response has in its place.
    pub answer: Option<&'static Object>,
    /// Reports on the object alone, in JSON text.
    pub(crate) check: fn(&Reader, &[u8]) -> Report,
    #[cfg(feature = "schema")]
    pub(crate) subschema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

/// What becomes of a field that an object does not document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Further {
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
    /// The documented default.
    pub default: Option<Constant>,
    pub(crate) advice: Option<Advice>,
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
    Listed,
}

/// A field that must be given where another one has a certain value.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// The field that is due, of type [`Type::Key`] or [`Type::KeyOrNull`].
    pub field: &'static str,
    /// The field that decides.
    pub when: &'static str,
    /// The word with which it decides so.
    pub is: &'static str,
}

/// A documented default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(u64),
    /// A word of a vocabulary.
    Word(&'static str),
}

/// What may be doubtful about a field's text.
#[derive(Clone, Copy)]
pub(crate) enum Advice {
    /// A text that fails a test.
    Doubt(Code, fn(&str) -> bool),
    /// An item of a list that stands there already.
    Repeated,
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

    /// The fields that hold words, in this object and those below it, with their vocabularies.
    #[must_use]
    pub fn vocabularies(&self) -> Vec<(&'static str, &'static Vocabulary)> {
        let word = |field: &'static Field| match field.r#type {
            Type::Word(vocabulary) => Some((field.name, vocabulary)),
            _ => None,
        };
        self.all_fields().into_iter().filter_map(word).collect()
    }

    /// The names of the fields that hold secrets, in this object and those below it.
    #[must_use]
    pub fn secrets(&self) -> Vec<&'static str> {
        self.all_fields().into_iter().filter(|field| field.r#type.is_secret()).map(|field| field.name).collect()
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
            description.push_str(&format!(" An agent that was never given one has `{default}`."));
        }
        description
    }

    /// Whether the field must be given, whatever the others say.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.presence == Presence::Required
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
            Type::Object(object) | Type::List(Type::Object(object)) => Some(object),
            _ => None,
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
            Type::Text | Type::Key | Type::KeyOrNull | Type::Word(_) => "string",
            Type::Boolean => "boolean",
            Type::Integer(_) => "integer",
            Type::Number(_) => "number",
            Type::List(_) => "array",
            Type::Object(_) | Type::FreeForm => "object",
        }
    }
}

impl From<Constant> for Value {
    fn from(constant: Constant) -> Self {
        match constant {
            Constant::Boolean(value) => value.into(),
            Constant::Integer(value) => value.into(),
            Constant::Word(value) => value.into(),
        }
    }
}

/// The first paragraph of a doc comment, on one line.
pub(crate) fn summary(doc: &str) -> String {
    let lines = doc.lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// A document that goes that way: `a request`, `a response`.
impl fmt::Display for Direction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Direction::Request => "a request",
            Direction::Response => "a response",
        })
    }
}

/// What would be right, as a noun: `a string`, `an integer from 0 to 30`.
impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Text | Type::Key => out.write_str("a string"),
            Type::KeyOrNull => out.write_str("a string or null"),
            Type::Boolean => out.write_str("true or false"),
            Type::Integer(bounds) => write!(out, "an integer {bounds}"),
            Type::Number(bounds) => write!(out, "a number {bounds}"),
            Type::Word(vocabulary) => write!(out, "one of {}", Listing(vocabulary.words.iter().copied())),
            Type::List(Type::Object(_)) => out.write_str("an array of objects"),
            Type::List(Type::Text) => out.write_str("an array of strings"),
            Type::List(_) => out.write_str("an array"),
            Type::Object(_) | Type::FreeForm => out.write_str("an object"),
        }
    }
}

/// What the field must be, and when.
impl fmt::Display for Due {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "must be a string that is not empty where `{}` is `{}`", self.when, self.is)
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "from {} to {}", self.minimum, self.maximum)
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constant::Boolean(value) => value.fmt(out),
            Constant::Integer(value) => value.fmt(out),
            Constant::Word(value) => value.fmt(out),
        }
    }
}

/// Names or words in a sentence: `a`, `b`, `c`.
pub(crate) struct Listing<I>(pub(crate) I);

impl<I: Iterator<Item = &'static str> + Clone> fmt::Display for Listing<I> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.clone().enumerate() {
            write!(out, "{}`{word}`", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Vocabulary").field("name", &self.name).field("words", &self.words).finish_non_exhaustive()
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
