//! What is known of an access key: everything but the key.

use std::{error::Error, fmt, str::FromStr};

use callagent::WorkspaceId;
use jiff::Timestamp;

/// The maximum length of a name in bytes.
const MAX_NAME: usize = 100;

/// The name of an access key, which is unique in its workspace: at most 100 bytes without control characters, and without
/// white space at its ends.
///
/// ```
/// use callagent_server::AccessKeyName;
///
/// let name: AccessKeyName = "billing (production)".parse()?;
/// assert_eq!(name.as_str(), "billing (production)");
/// assert!("two\nlines".parse::<AccessKeyName>().is_err());
/// # Ok::<(), callagent_server::InvalidAccessKeyName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccessKeyName(String);

/// The error of parsing an [`AccessKeyName`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidAccessKeyName(());

/// An access key without the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessKeyRecord {
    /// The workspace whose agents the key may change.
    pub workspace: WorkspaceId,
    /// The name of the key in its workspace.
    pub name: AccessKeyName,
    /// When the key was granted.
    pub created_at: Timestamp,
    /// When the key ceases to be valid, if ever.
    pub expires_at: Option<Timestamp>,
    /// When the key was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Whether an access key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessKeyState {
    /// The key is valid.
    Active,
    /// The key has expired.
    Expired,
    /// The key was revoked.
    Revoked,
}

impl AccessKeyName {
    /// Returns the name as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccessKeyName {
    type Err = InvalidAccessKeyName;

    fn from_str(name: &str) -> Result<Self, InvalidAccessKeyName> {
        let is_valid = (1..=MAX_NAME).contains(&name.len())
            && !name.contains(char::is_control)
            && !name.starts_with(char::is_whitespace)
            && !name.ends_with(char::is_whitespace);
        if is_valid { Ok(AccessKeyName(name.to_owned())) } else { Err(InvalidAccessKeyName(())) }
    }
}

impl fmt::Display for AccessKeyName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl fmt::Display for InvalidAccessKeyName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected 1 to {MAX_NAME} bytes without control characters and without white space at the ends")
    }
}

impl Error for InvalidAccessKeyName {}

impl AccessKeyRecord {
    /// Returns whether the key is valid at a time.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> AccessKeyState {
        if self.revoked_at.is_some() {
            AccessKeyState::Revoked
        } else if self.expires_at.is_some_and(|expiry| expiry <= now) {
            AccessKeyState::Expired
        } else {
            AccessKeyState::Active
        }
    }
}

impl AccessKeyState {
    /// Returns the state as a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            AccessKeyState::Active => "active",
            AccessKeyState::Expired => "expired",
            AccessKeyState::Revoked => "revoked",
        }
    }
}
