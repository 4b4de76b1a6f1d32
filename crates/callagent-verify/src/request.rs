//! A request of the test: what it determines of a request. Credentials are added when it is sent.

use std::fmt::Write as _;

use callagent::{Document as _, UpdateAgent, tools::secret_ranges};
use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header::CONTENT_TYPE};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A request of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, percent-encoded, below the base URL.
    pub path: String,
    /// The headers, except for credentials and those that HTTP itself requires.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the request has the access key, if one is configured.
    pub has_access_key: bool,
}

impl Request {
    /// The longest body that a report shows, in bytes.
    pub const MAX_SHOWN: usize = 4096;

    /// Sets a header to a value, or removes it.
    #[must_use]
    pub(crate) fn header(mut self, name: &HeaderName, value: Option<&[u8]>) -> Self {
        match value.map(HeaderValue::from_bytes) {
            None => drop(self.headers.remove(name)),
            Some(value) => drop(self.headers.insert(name, value.expect("the test sends valid header values"))),
        }
        self
    }

    #[must_use]
    pub(crate) fn content_type(self, value: Option<&str>) -> Self {
        self.header(&CONTENT_TYPE, value.map(str::as_bytes))
    }

    #[must_use]
    pub(crate) fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    #[must_use]
    pub(crate) fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    #[must_use]
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    #[must_use]
    pub(crate) fn without_access_key(mut self) -> Self {
        self.has_access_key = false;
        self
    }

    /// Returns a `curl` line that sends the request. Secrets are variables of the shell. `credentials` are the names of
    /// headers and the variables that hold their values. A body that is longer than `max_body` bytes is left out.
    #[must_use]
    pub fn to_curl(&self, base_url: &str, credentials: &[(String, String)], max_body: usize) -> String {
        let mut line =
            format!("curl -i --path-as-is -X {} {}", self.method, quoted(&format!("{base_url}{}", self.path)));
        let mut write = |argument: &str| {
            // Writing to a `String` cannot fail.
            let _ = write!(line, " {argument}");
        };
        for (name, value) in &self.headers {
            let value = if value.is_sensitive() { "…".into() } else { String::from_utf8_lossy(value.as_bytes()) };
            // curl drops a header without a value unless it ends with a semicolon.
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            write(&format!("-H {}", quoted(&header)));
        }
        if !self.headers.contains_key(CONTENT_TYPE) && !self.body.is_empty() {
            write("-H 'content-type:'");
        }
        for (name, variable) in credentials.iter().filter(|_| self.has_access_key) {
            write(&format!("-H \"{name}: ${variable}\""));
        }
        match &*self.body {
            [] => {}
            body if body.len() > max_body => write(&format!("--data-binary @BODY # {} bytes", body.len())),
            body if body.iter().all(|byte| matches!(byte, b' '..=b'~')) => {
                write(&format!("--data-binary {}", quoted_without_secrets(body)));
            }
            body => return format!("printf {} | {line} --data-binary @-", printf(body)),
        }
        line
    }

    /// Returns the body as text without secrets.
    #[must_use]
    pub fn shown_body(&self) -> String {
        masked(&self.body)
    }
}

/// Returns a text without the values of secret fields.
pub(crate) fn masked(text: &[u8]) -> String {
    let mut shown = String::new();
    let mut position = 0;
    for range in secret_ranges(text, &UpdateAgent::CONTRACT.secrets, None) {
        shown += &String::from_utf8_lossy(text.get(position..range.start).unwrap_or_default());
        shown.push('…');
        position = range.end;
    }
    shown + &String::from_utf8_lossy(text.get(position..).unwrap_or_default())
}

/// Quotes an argument for a POSIX shell.
fn quoted(argument: &str) -> String {
    format!("'{}'", argument.replace('\'', r"'\''"))
}

/// Quotes a text for a POSIX shell. Secret strings are variables, any other secret value is replaced by null.
fn quoted_without_secrets(text: &[u8]) -> String {
    let piece = |piece: &[u8]| String::from_utf8_lossy(piece).replace('\'', r"'\''");
    let (mut line, mut position) = ("'".to_owned(), 0);
    for range in secret_ranges(text, &UpdateAgent::CONTRACT.secrets, None) {
        line += &piece(text.get(position..range.start).unwrap_or_default());
        let secret = text.get(range.clone()).unwrap_or_default().trim_ascii();
        line += match secret {
            b"null" | b"\"\"" => str::from_utf8(secret).unwrap_or_default(),
            _ => "\"'\"$ELEVENLABS_API_KEY\"'\"",
        };
        position = range.end;
    }
    line + &piece(text.get(position..).unwrap_or_default()) + "'"
}

/// Quotes bytes as the format of `printf`, with octal escapes. Values of secrets are left out.
fn printf(body: &[u8]) -> String {
    let secrets = secret_ranges(body, &UpdateAgent::CONTRACT.secrets, None);
    let mut format = "'".to_owned();
    for (index, byte) in body.iter().enumerate() {
        if secrets.iter().any(|range| range.contains(&index)) {
            if secrets.iter().any(|range| range.start == index) {
                format += "\"…\"";
            }
            continue;
        }
        match byte {
            b'%' => format += "%%",
            b'\\' => format += r"\\",
            b' '..=b'~' if *byte != b'\'' => format.push(char::from(*byte)),
            _ => format += &format!("\\{byte:03o}"),
        }
    }
    format + "'"
}

/// A request as it is recorded.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Recorded {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    without_access_key: bool,
}

/// Returns the value of a header with a character for every byte, as in Latin-1.
fn latin1(value: &HeaderValue) -> String {
    let bytes = if value.is_sensitive() { SENSITIVE } else { value.as_bytes() };
    bytes.iter().copied().map(char::from).collect()
}

/// Replaces a value that must not be shown.
const SENSITIVE: &[u8] = b"...";

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = str::from_utf8(&self.body).ok();
        Recorded {
            method: self.method.to_string(),
            path: self.path.clone(),
            headers: self.headers.iter().map(|(name, value)| (name.to_string(), latin1(value))).collect(),
            body: text.map(str::to_owned),
            base64: text.is_none().then(|| BASE64.encode(&self.body)),
            without_access_key: !self.has_access_key,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let recorded = Recorded::deserialize(deserializer)?;
        let mut headers = HeaderMap::new();
        for (name, value) in recorded.headers {
            let bytes: Vec<u8> = value
                .chars()
                .map(|character| u8::try_from(u32::from(character)))
                .collect::<Result<_, _>>()
                .map_err(D::Error::custom)?;
            let name: HeaderName = name.parse().map_err(D::Error::custom)?;
            headers.append(name, HeaderValue::from_bytes(&bytes).map_err(D::Error::custom)?);
        }
        let body = match (recorded.body, recorded.base64) {
            (body, None) => body.unwrap_or_default().into_bytes(),
            (None, Some(base64)) => BASE64.decode(base64.as_bytes()).map_err(D::Error::custom)?,
            (Some(_), Some(_)) => return Err(D::Error::custom("expected either `body` or `base64`")),
        };
        if !recorded.path.starts_with('/') || recorded.path.bytes().any(|byte| !matches!(byte, b'!'..=b'~')) {
            return Err(D::Error::custom("expected a percent-encoded path that begins with `/`"));
        }
        Ok(Request {
            method: recorded.method.parse().map_err(D::Error::custom)?,
            path: recorded.path,
            headers,
            body,
            has_access_key: !recorded.without_access_key,
        })
    }
}
