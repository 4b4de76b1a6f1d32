//! Access keys and their digests.

use std::{
    error::Error,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use callagent::Secret;
use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// What every key begins with, so that scanners of source code recognize one.
const PREFIX: &str = "callagent_";

/// The number of random bytes: 200 bits, which base32 writes without padding.
const BYTES: usize = 25;

/// The length of the random part in base32.
const ENCODED: usize = 40;

/// An access key, which a caller sends in `x-api-key`. `Debug` does not show it, and it is wiped on drop.
///
/// ```
/// use callagent_server::AccessKey;
///
/// let key: AccessKey = "callagent_ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGH".parse()?;
/// assert_eq!(format!("{key:?}"), "AccessKey(Secret(…))");
/// assert!("key-of-acme".parse::<AccessKey>().is_err());
/// # Ok::<(), callagent_server::InvalidAccessKey>(())
/// ```
#[derive(Debug, Clone)]
pub struct AccessKey(Secret);

/// The SHA-256 digest of an access key: what is stored of it. Keys are random, so that a slow hash would add nothing.
///
/// Digests are compared in constant time. `Debug` does not show them.
#[derive(Clone, Copy)]
pub struct AccessKeyDigest([u8; 32]);

/// The error of parsing an [`AccessKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidAccessKey(());

impl AccessKey {
    /// Creates a random key.
    pub(crate) fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        getrandom::fill(&mut *bytes)?;
        let mut key = String::with_capacity(PREFIX.len() + ENCODED);
        key.push_str(PREFIX);
        BASE32_NOPAD.encode_append(&*bytes, &mut key);
        Ok(AccessKey(Secret::new(key)))
    }

    /// Returns the key as text.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Returns what is stored of the key.
    #[must_use]
    pub fn digest(&self) -> AccessKeyDigest {
        AccessKeyDigest(Sha256::digest(self.expose()).into())
    }
}

impl FromStr for AccessKey {
    type Err = InvalidAccessKey;

    fn from_str(text: &str) -> Result<Self, InvalidAccessKey> {
        let random = text.strip_prefix(PREFIX).filter(|random| random.len() == ENCODED);
        let is_allowed = |byte: u8| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte);
        match random {
            Some(random) if random.bytes().all(is_allowed) => Ok(AccessKey(Secret::new(text))),
            _ => Err(InvalidAccessKey(())),
        }
    }
}

impl fmt::Display for InvalidAccessKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected `{PREFIX}` and {ENCODED} characters of base32")
    }
}

impl Error for InvalidAccessKey {}

impl AccessKeyDigest {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for AccessKeyDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for AccessKeyDigest {}

impl Hash for AccessKeyDigest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for AccessKeyDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AccessKeyDigest(…)")
    }
}
