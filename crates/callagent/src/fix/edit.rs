//! Application of suggestions, and a check that they improve a document.

use crate::{
    json::NameHasher,
    report::{Report, Suggestion},
};

/// Returns whether there are fewer violations than before, and no new ones.
pub(super) fn is_better(before: &Report, after: &Report) -> bool {
    let hasher = NameHasher::default();
    after.violation_count() < before.violation_count()
        && !before.is_cut()
        && after.fingerprints(&hasher).is_subset(&before.fingerprints(&hasher))
}

/// Applies suggestions in the order of their offsets, skipping any that overlaps an earlier one.
pub(super) fn apply(text: &[u8], suggestions: &[&Suggestion]) -> Vec<u8> {
    let mut sorted = suggestions.to_vec();
    sorted.sort_by_key(|suggestion| suggestion.span.offset);
    let mut fixed = Vec::with_capacity(text.len());
    let mut position = 0;
    for Suggestion { span, text: replacement, .. } in sorted {
        if span.offset >= position {
            fixed.extend_from_slice(&text[position..span.offset]);
            fixed.extend_from_slice(replacement.as_bytes());
            position = span.end();
        }
    }
    fixed.extend_from_slice(&text[position..]);
    fixed
}
