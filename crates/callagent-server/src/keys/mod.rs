//! Encryption of secrets at rest: key-encryption keys, and sealing and unsealing of values.

mod file;
mod sealed;

use std::{error::Error, fmt, sync::Arc};

use callagent::{AgentId, Secret, WorkspaceId};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

pub use file::KeyFileError;
pub(crate) use sealed::key_id;
use sealed::{NONCE, Parts};

use crate::error::OpenStoreErrorKind;

/// The length of a key in bytes.
const KEY: usize = 32;

/// Key-encryption keys. The first one encrypts, all of them decrypt.
///
/// A value is encrypted with XChaCha20-Poly1305 under a data key of its own, and the data key under a key-encryption key.
/// The workspace, the agent and the field are authenticated with both, so that a value is genuine in a single place.
///
/// Cloning is cheap. `Debug` shows the ids alone, and the keys are wiped on drop.
///
/// ```
/// use callagent::{AgentId, Secret, WorkspaceId};
/// use callagent_server::{KeyRing, Place};
///
/// let (workspace, agent) = (WorkspaceId::new("acme")?, AgentId::new("a1")?);
/// let place = Place::eleven_labs_key(&workspace, &agent);
/// let keys = KeyRing::generate()?;
/// let sealed = keys.seal(&place, &Secret::new("sk-1234"))?;
/// assert!(sealed.expose().starts_with("enc:v1:"));
/// assert_eq!(keys.unseal(&place, &sealed)?.expose(), "sk-1234");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct KeyRing(Arc<Keys>);

struct Keys {
    first: Key,
    others: Vec<Key>,
}

struct Key {
    id: String,
    bytes: Box<Zeroizing<[u8; KEY]>>,
}

/// The place of a value: the field of an agent in a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    workspace: &'p str,
    agent: &'p str,
    field: &'p str,
}

/// The error of sealing a value.
#[derive(Debug)]
pub struct SealError(SealErrorKind);

#[derive(Debug)]
enum SealErrorKind {
    Random(getrandom::Error),
    TooLong,
    Refused(callagent::FieldError),
}

/// The error of unsealing a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnsealError {
    /// The value is not a sealed one.
    NotSealed,
    /// The value is sealed with a key that is missing.
    UnknownKey,
    /// The value is not genuine in this place: it was changed, sealed for another place or with another key of that id.
    NotGenuine,
}

/// The error of sealing a value with another key.
#[derive(Debug)]
pub(crate) enum RewrapError {
    Unseal(UnsealError),
    Seal(SealError),
}

impl<'p> Place<'p> {
    /// The ElevenLabs API key of an agent.
    #[must_use]
    pub fn eleven_labs_key(workspace: &'p WorkspaceId, agent: &'p AgentId) -> Self {
        Place { workspace: workspace.as_str(), agent: agent.as_str(), field: "/ttsModel/elevenLabsApiKey" }
    }

    /// The value in a database that proves a key. No agent has an empty id.
    pub(crate) const PROOF: Place<'static> = Place { workspace: "", agent: "", field: "proof" };

    /// Returns the associated data of a use: its parts, each with its length in front.
    fn associated_data(&self, usage: &str, key_id: &str) -> Vec<u8> {
        let parts = [usage, self.workspace, self.agent, self.field, key_id];
        parts.iter().flat_map(|part| part.len().to_be_bytes().into_iter().chain(part.bytes())).collect()
    }

    /// The associated data of a wrapped data key.
    fn wrap_data(&self, key_id: &str) -> Vec<u8> {
        self.associated_data("callagent data key v1", key_id)
    }

    /// The associated data of a value. It has no key id, so that another key can wrap the data key again.
    fn value_data(&self) -> Vec<u8> {
        self.associated_data("callagent value v1", "")
    }
}

impl KeyRing {
    fn new(first: Key, others: Vec<Key>) -> Self {
        KeyRing(Arc::new(Keys { first, others }))
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.0.first).chain(&self.0.others)
    }

    fn key(&self, id: &str) -> Option<&Key> {
        self.keys().find(|key| key.id == id)
    }

    /// Creates a ring of a single new key, which is lost with the process.
    ///
    /// # Errors
    /// If the operating system has no random bytes.
    pub fn generate() -> Result<Self, SealError> {
        Ok(KeyRing::new(Key::generate()?, Vec::new()))
    }

    /// Returns the ids of the keys; the first key encrypts.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys().map(|key| key.id.as_str())
    }

    /// Returns the id of the key that encrypts.
    pub(crate) fn first_id(&self) -> &str {
        &self.0.first.id
    }

    /// Seals a value for a place, as printable ASCII text.
    ///
    /// # Errors
    /// If the operating system has no random bytes, or the value is too long to encrypt.
    pub fn seal(&self, place: &Place<'_>, value: &Secret) -> Result<Secret, SealError> {
        self.0.first.seal(place, value)
    }

    /// Seals a value that proves the key with this id, if the ring has it.
    pub(crate) fn prove(&self, id: &str) -> Result<Option<Secret>, SealError> {
        self.key(id).map(|key| key.seal(&Place::PROOF, &Secret::new(""))).transpose()
    }

    /// Checks that the ring has the key that a value proves.
    pub(crate) fn check_proof(&self, id: String, proof: &Secret) -> Result<(), OpenStoreErrorKind> {
        match self.unseal(&Place::PROOF, proof) {
            Ok(_) => Ok(()),
            Err(UnsealError::UnknownKey) => Err(OpenStoreErrorKind::MissingKey(id)),
            Err(_) => Err(OpenStoreErrorKind::WrongKey(id)),
        }
    }

    /// Unseals a value that was sealed for this place.
    ///
    /// # Errors
    /// If it is not genuine here.
    pub fn unseal(&self, place: &Place<'_>, sealed: &Secret) -> Result<Secret, UnsealError> {
        self.open(place, sealed, |_, _, value| value)
    }

    /// Seals a value with the first key if another one sealed it: the data key is wrapped again, and the encrypted value
    /// stays the same. Returns `None` if the first key has sealed it.
    ///
    /// # Errors
    /// If it is not genuine in this place, or the operating system has no random bytes.
    pub(crate) fn rewrap(&self, place: &Place<'_>, sealed: &Secret) -> Result<Option<Secret>, RewrapError> {
        let first = &self.0.first;
        if key_id(sealed) == Some(&first.id) {
            return Ok(None);
        }
        let rewrapped = self.open(place, sealed, |data_key, parts, _| {
            let (wrap_nonce, wrapped) = first.wrap(place, data_key)?;
            Ok(sealed::to_text(&first.id, &Parts { wrap_nonce: &wrap_nonce, wrapped: &wrapped, ..parts }))
        });
        rewrapped.map_err(RewrapError::Unseal)?.map(Some).map_err(RewrapError::Seal)
    }

    /// Decrypts a value that was sealed for this place, and passes on its data key, its parts and the value.
    fn open<T>(
        &self,
        place: &Place<'_>,
        sealed: &Secret,
        then: impl FnOnce(&[u8; KEY], Parts<'_>, Secret) -> T,
    ) -> Result<T, UnsealError> {
        let (id, body) = sealed::split(sealed.expose()).ok_or(UnsealError::NotSealed)?;
        let body = sealed::decode(body).ok_or(UnsealError::NotGenuine)?;
        let parts = Parts::new(&body).ok_or(UnsealError::NotGenuine)?;
        let key = self.key(id).ok_or(UnsealError::UnknownKey)?;
        let unwrapped = decrypt(&key.bytes, parts.wrap_nonce, parts.wrapped, &place.wrap_data(id))?;
        let data_key =
            Zeroizing::new(<[u8; KEY]>::try_from(unwrapped.as_slice()).map_err(|_| UnsealError::NotGenuine)?);
        let mut value = decrypt(&data_key, parts.nonce, parts.value, &place.value_data())?;
        let value = String::from_utf8(std::mem::take(&mut *value)).map_err(|_| UnsealError::NotGenuine)?;
        Ok(then(&data_key, parts, Secret::new(value)))
    }
}

impl Key {
    /// Creates a key with an id that no other key has.
    fn generate() -> Result<Self, SealError> {
        let mut key = Key { id: String::new(), bytes: Box::default() };
        fill(key.bytes.as_mut_slice())?;
        let mut suffix = [0; 4];
        fill(&mut suffix)?;
        key.id = format!("key-{:08x}", u32::from_be_bytes(suffix));
        Ok(key)
    }

    fn seal(&self, place: &Place<'_>, value: &Secret) -> Result<Secret, SealError> {
        let mut data_key = Zeroizing::new([0; KEY]);
        let mut nonce = [0; NONCE];
        fill(data_key.as_mut_slice())?;
        fill(&mut nonce)?;
        let (wrap_nonce, wrapped) = self.wrap(place, &data_key)?;
        let value = encrypt(&data_key, &nonce, value.expose().as_bytes(), &place.value_data())?;
        let parts = Parts { wrap_nonce: &wrap_nonce, wrapped: &wrapped, nonce: &nonce, value: &value };
        Ok(sealed::to_text(&self.id, &parts))
    }

    /// Encrypts a data key. Returns the nonce and the wrapped key.
    fn wrap(&self, place: &Place<'_>, data_key: &[u8; KEY]) -> Result<([u8; NONCE], Vec<u8>), SealError> {
        let mut nonce = [0; NONCE];
        fill(&mut nonce)?;
        let wrapped = encrypt(&self.bytes, &nonce, data_key, &place.wrap_data(&self.id))?;
        Ok((nonce, wrapped))
    }
}

impl SealError {
    /// The error of an update that refuses the sealed key.
    pub(crate) fn refused(error: callagent::FieldError) -> Self {
        SealError(SealErrorKind::Refused(error))
    }
}

fn fill(bytes: &mut [u8]) -> Result<(), SealError> {
    getrandom::fill(bytes).map_err(|error| SealError(SealErrorKind::Random(error)))
}

fn encrypt(key: &[u8; KEY], nonce: &[u8; NONCE], msg: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.encrypt(nonce.into(), Payload { msg, aad }).map_err(|_| SealError(SealErrorKind::TooLong))
}

fn decrypt(key: &[u8; KEY], nonce: &[u8; NONCE], msg: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, UnsealError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(nonce.into(), Payload { msg, aad }).map(Zeroizing::new).map_err(|_| UnsealError::NotGenuine)
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("KeyRing ")?;
        out.debug_list().entries(self.ids()).finish()
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            SealErrorKind::Random(error) => write!(out, "the operating system has no random bytes: {error}"),
            SealErrorKind::TooLong => out.write_str("the value is too long to encrypt"),
            SealErrorKind::Refused(error) => write!(out, "the update refuses the encrypted key: {error}"),
        }
    }
}

impl fmt::Display for UnsealError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            UnsealError::NotSealed => "the value is not encrypted",
            UnsealError::UnknownKey => "the value is encrypted with a key that is not among the encryption keys",
            UnsealError::NotGenuine => {
                "the encrypted value is not genuine: it was changed, or encrypted for another agent or with another key"
            }
        })
    }
}

impl Error for SealError {}
impl Error for UnsealError {}
