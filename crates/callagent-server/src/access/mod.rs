//! Access keys: what callers show, what is stored of it, and for which workspace it is.

mod error;
mod key;
mod record;
mod store;

pub use error::AccessKeyError;
pub use key::{AccessKey, AccessKeyDigest, InvalidAccessKey};
pub use record::{AccessKeyName, AccessKeyRecord, AccessKeyState, InvalidAccessKeyName};
