//! Generic values and their decoding: bounded numbers, vocabularies, secrets, free-form objects.

mod apply;
mod error;
mod etag;
mod formats;
mod free_form;
mod numbers;
mod open_enum;
mod secret;

pub(crate) use apply::ApplyTo;
pub use error::FieldError;
pub use etag::{ETag, IfMatch, InvalidETag};
pub(crate) use formats::{is_date_time, is_language_tag};
pub use free_form::FreeForm;
pub use numbers::OutOfRange;
pub(crate) use numbers::{float_within, integer_within};
pub use open_enum::{ClosedEnum, OpenEnum, UnknownValue};
pub use secret::{Secret, SecretChange};
