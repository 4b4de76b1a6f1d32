//! The text of a document to compare: strict JSON of limited size, with locations by pointer.

use std::{collections::BTreeMap, fmt, io::Read as _, path::Path};

use callagent::{Location, Span};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use crate::{failure::Failure, formats::end, input, source::Source};

/// The maximum size of a document in bytes. Schemas of large services have a few MiB.
const MAX_BYTES: usize = 16 << 20;

/// A parsed document.
pub(crate) struct Text {
    pub(crate) source: Source,
    pub(crate) bytes: Vec<u8>,
    pub(crate) value: Value,
}

impl Text {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut text = Vec::new();
        input::open(path)
            .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut text))
            .map_err(|error| Failure::unreadable(path, error))?;
        Text::parse(path, text)
    }

    pub(super) fn parse(path: impl AsRef<Path>, text: Vec<u8>) -> Result<Self, Failure> {
        let path = path.as_ref();
        let refuse = |reason: String| Failure::Uncomparable { path: path.to_owned(), reason };
        if text.len() > MAX_BYTES {
            return Err(refuse(format!("it is larger than the limit of {} MiB", MAX_BYTES >> 20)));
        }
        match serde_json::from_slice(&text) {
            Ok(Strict(value)) => Ok(Text { source: Source::new(path), bytes: text, value }),
            Err(error) if text.iter().any(|byte| !byte.is_ascii_whitespace()) => {
                let hint = if looks_like_yaml(&text) { "; convert YAML to JSON first" } else { "" };
                let error = syntax_error(&text).unwrap_or_else(|| error.to_string());
                Err(refuse(format!("it is not JSON: {error}{hint}")))
            }
            Err(_) => Err(refuse("it is empty".to_owned())),
        }
    }

    /// The location of the value at a pointer, or of its nearest existing parent, with the pointer of that.
    pub(crate) fn location(&self, pointer: &str) -> (String, Location) {
        let (mut slice, mut reached) = (self.bytes.trim_ascii(), String::new());
        for token in pointer.split('/').skip(1).map(unescaped) {
            let Some(inner) = member(slice, &token) else { break };
            (slice, reached) = (inner, child(&reached, &token));
        }
        let offset = slice.as_ptr() as usize - self.bytes.as_ptr() as usize;
        let before = Span { offset: 0, length: offset };
        let (line, column) = end(&self.bytes, Location { span: before, line: 1, column: 1 });
        (reached, Location { span: Span { offset, length: slice.len() }, line, column })
    }
}

/// The text of a member or item of the object or array that the text holds.
fn member<'t>(text: &'t [u8], token: &str) -> Option<&'t [u8]> {
    if text.first() == Some(&b'[') {
        let items: Vec<&RawValue> = serde_json::from_slice(text).ok()?;
        return items.get(token.parse::<usize>().ok()?).map(|item| item.get().as_bytes());
    }
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_slice(text).ok()?;
    members.remove(token).map(|value| value.get().as_bytes())
}

/// The syntax error of a text, as in other reports.
fn syntax_error(text: &[u8]) -> Option<String> {
    let error = callagent::check_json(text).err()?;
    let malformed = error.report().violations().next()?;
    let Location { line, column, .. } = malformed.location()?;
    Some(format!("{} (line {line}, column {column})", malformed.message()))
}

/// Returns whether a text looks like YAML.
fn looks_like_yaml(text: &[u8]) -> bool {
    let first = text.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty() && !line.starts_with(b"#"));
    first.is_some_and(|line| line.starts_with(b"---") || line.starts_with(b"openapi:") || line.starts_with(b"$schema:"))
}

/// Unescapes a token of a pointer (RFC 6901, section 4).
pub(crate) fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Appends a token to a pointer.
pub(crate) fn child(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// A JSON value without duplicate names in objects, which implementations resolve differently.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            let Strict(value) = access.next_value()?;
            members.insert(name, value);
        }
        Ok(members.into())
    }
}
