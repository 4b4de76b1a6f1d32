//! Application of the values of an update to stored values.

use super::secret::{Secret, SecretChange};

/// A value of an update that can be applied to a stored value.
pub(crate) trait ApplyTo<T> {
    fn apply_to(self, stored: &mut Option<T>);
}

/// A value of the same type replaces the stored one.
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
