//! How what an update gives is applied to what is stored.

use super::secret::{Secret, SecretChange};

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

impl ApplyTo<Secret> for SecretChange {
    fn apply_to(self, stored: &mut Option<Secret>) {
        *stored = match self {
            SecretChange::Remove => None,
            SecretChange::Replace(key) => Some(key),
        };
    }
}
