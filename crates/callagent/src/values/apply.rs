//! How what an update gives is applied to what is stored.

use super::secret::{ApiKey, KeyChange};

/// A value that an update gives, to be applied to a stored one.
pub(crate) trait ApplyTo<T> {
    fn apply_to(self, stored: &mut Option<T>);
}

/// A value of the same type replaces it.
impl<T> ApplyTo<T> for T {
    fn apply_to(self, stored: &mut Option<T>) {
        *stored = Some(self);
    }
}

impl ApplyTo<ApiKey> for KeyChange {
    fn apply_to(self, stored: &mut Option<ApiKey>) {
        *stored = match self {
            KeyChange::Remove => None,
            KeyChange::Replace(key) => Some(key),
        };
    }
}
