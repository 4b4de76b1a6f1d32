//! The cases, one file per group.

mod accepts;
mod applies;
mod common;
mod concurrency;
mod documents;
mod http;
mod preconditions;
mod random;
mod refused_heads;
mod refuses;
mod secrets;

use std::sync::LazyLock;

use crate::case::{Case, Group};
pub(crate) use documents::run as run_documents;
pub(crate) use http::observe;

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let groups =
        [accepts::cases(), refuses::cases(), applies::cases(), secrets::cases(), concurrency::cases(), http::cases()];
    let mut cases: Vec<_> = groups.into_iter().flatten().collect();
    for group in Group::ALL {
        let in_group = cases.iter_mut().filter(|case| case.group == *group);
        in_group.enumerate().for_each(|(index, case)| case.number = index + 1);
    }
    cases
});

/// Returns all cases, in the order in which they run.
///
/// ```
/// let cases = callagent_verify::cases();
/// assert!(cases.iter().all(|case| case.sentences().count() > 0));
/// ```
#[must_use]
pub fn cases() -> &'static [Case] {
    &CASES
}
