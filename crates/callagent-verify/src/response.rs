//! What the server answers.

use std::time::Duration;

use bytes::Bytes;
use callagent::ETag;
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, ETAG, HeaderName},
};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use crate::request::masked;

/// The longest part of a body that a report shows, in bytes.
const MAX_SHOWN: usize = 2048;

/// A response of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The time until the response was complete.
    pub time: Duration,
}

impl Response {
    /// Returns the value of a header, if it occurs once and is text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    }

    /// Returns the entity tag, if it is valid and strong.
    pub(crate) fn etag(&self) -> Option<ETag> {
        self.header(&ETAG)?.parse().ok().filter(|tag: &ETag| !tag.is_weak())
    }

    /// Returns the media type without parameters, in lowercase.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header(&CONTENT_TYPE)?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// Returns the beginning of the body as text without secrets.
    #[must_use]
    pub fn shown_body(&self) -> String {
        let shown = masked(&self.body);
        match shown.char_indices().find(|(index, _)| *index >= MAX_SHOWN) {
            Some((end, _)) => format!("{}… ({} bytes)", &shown[..end], self.body.len()),
            None => shown,
        }
    }
}

/// Serializes what a report shows of the response, without secrets.
impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
        let mut response = serializer.serialize_struct("Response", 3)?;
        response.serialize_field("status", &self.status.as_u16())?;
        response.serialize_field("headers", &headers)?;
        response.serialize_field("body", &self.shown_body())?;
        response.end()
    }
}
