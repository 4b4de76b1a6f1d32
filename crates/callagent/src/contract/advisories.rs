//! Advisories: what the contract allows but is probably unintended.

use super::{
    keys::{KeyChange, uses_key},
    numbers::{Attempts, Days, Hours},
    vocabularies::TtsProvider,
};
use crate::{
    model::{Code, FieldAdvisory},
    read::{FieldRef, ObjectContext},
    values::{OpenEnum, is_date_time, is_language_tag},
};

pub(crate) const BLANK_NAME: FieldAdvisory = FieldAdvisory::If(Code::BLANK_NAME, |name| name.trim().is_empty());
pub(crate) const LANGUAGE_TAG: FieldAdvisory =
    FieldAdvisory::If(Code::LANGUAGE_TAG, |language| !is_language_tag(language));
pub(crate) const TIMESTAMP: FieldAdvisory = FieldAdvisory::If(Code::TIMESTAMP, |time| !is_date_time(time));
pub(crate) const REPEATED_PHONE_NUMBER: FieldAdvisory = FieldAdvisory::Repeated(Code::REPEATED_PHONE_NUMBER);

/// Reports gaps whose number differs from the number of attempts.
pub(crate) fn gap_count<T>(
    object: &mut ObjectContext<'_, '_>,
    attempts: FieldRef<'_, Attempts>,
    gaps: FieldRef<'_, T>,
) {
    let Some(attempts) = attempts.value() else { return };
    if gaps.is_valid() && usize::try_from(attempts.get()) != Ok(gaps.size()) {
        object.field_advisory(Code::GAP_COUNT, gaps);
    }
}

/// Reports attempts or gaps in an update that disables smart callback.
pub(crate) fn callback_off<T>(
    object: &mut ObjectContext<'_, '_>,
    smart_callback: FieldRef<'_, bool>,
    attempts: FieldRef<'_, Attempts>,
    gaps: FieldRef<'_, T>,
) {
    if smart_callback.value() == Some(&false) && (attempts.is_valid() || gaps.is_valid()) {
        object.field_advisory(Code::CALLBACK_OFF, smart_callback);
    }
}

/// Reports a gap with explicit zero days and no hours.
pub(crate) fn zero_gap(object: &mut ObjectContext<'_, '_>, days: FieldRef<'_, Days>, hours: FieldRef<'_, Hours>) {
    let no_hours = hours.is_absent() || hours.value() == Some(&Hours::MIN);
    if days.value() == Some(&Days::MIN) && no_hours {
        object.object_advisory(Code::ZERO_GAP);
    }
}

/// Reports a key string for a documented provider that does not use it.
pub(crate) fn key_unused(
    object: &mut ObjectContext<'_, '_>,
    provider: FieldRef<'_, OpenEnum<TtsProvider>>,
    key: FieldRef<'_, KeyChange>,
) {
    let is_other = provider.value().is_some_and(|provider| provider.known().is_some() && !uses_key(provider));
    let is_string = matches!(key.value(), Some(KeyChange::Replace(_)));
    if is_string && is_other {
        object.field_advisory(Code::KEY_UNUSED, key);
    }
}

/// Reports a key string for any provider that does not use it, documented or not.
pub(crate) fn key_disclosed<T>(
    object: &mut ObjectContext<'_, '_>,
    provider: FieldRef<'_, OpenEnum<TtsProvider>>,
    key: FieldRef<'_, T>,
) {
    let is_other = provider.value().is_some_and(|provider| !uses_key(provider));
    if key.is_valid() && is_other {
        object.field_advisory(Code::KEY_DISCLOSED, key);
    }
}
