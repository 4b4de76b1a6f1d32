//! The text of a sealed value: `enc:v1:KEYID:BASE64URL`.

use callagent::Secret;
use data_encoding::BASE64URL_NOPAD;

/// The beginning of every sealed value.
const PREFIX: &str = "enc:v1:";

/// The length of a nonce in bytes.
pub(super) const NONCE: usize = 24;

/// The length of a wrapped data key in bytes: the key and its tag.
pub(super) const WRAPPED: usize = super::KEY + 16;

/// The parts of a sealed value.
pub(super) struct Parts<'p> {
    pub(super) wrap_nonce: &'p [u8; NONCE],
    /// The data key, encrypted.
    pub(super) wrapped: &'p [u8],
    pub(super) nonce: &'p [u8; NONCE],
    /// The value, encrypted with the data key.
    pub(super) value: &'p [u8],
}

impl<'p> Parts<'p> {
    /// Splits the bytes of a sealed value.
    pub(super) fn new(body: &'p [u8]) -> Option<Self> {
        let (wrap_nonce, rest) = body.split_first_chunk()?;
        let (wrapped, rest) = rest.split_at_checked(WRAPPED)?;
        let (nonce, value) = rest.split_first_chunk()?;
        Some(Parts { wrap_nonce, wrapped, nonce, value })
    }
}

/// Writes a sealed value.
pub(super) fn to_text(key_id: &str, parts: &Parts<'_>) -> Secret {
    let body = [parts.wrap_nonce, parts.wrapped, parts.nonce, parts.value].concat();
    Secret::new(format!("{PREFIX}{key_id}:{}", BASE64URL_NOPAD.encode(&body)))
}

/// Splits the text of a sealed value into the id of its key and the encoded body.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix(PREFIX)?.split_once(':')
}

/// Decodes the body of a sealed value.
pub(super) fn decode(body: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(body.as_bytes()).ok()
}

/// Returns the id of the key that a value is sealed with.
pub(crate) fn key_id(sealed: &Secret) -> Option<&str> {
    split(sealed.expose()).map(|(id, _)| id)
}
