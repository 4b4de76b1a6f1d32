//! The cases, one file per group.

mod accepts;
mod applies;
mod concurrency;
mod documents;
mod http;
mod preconditions;
mod random;
mod refuses;
mod secrets;

use std::sync::LazyLock;

use callagent::{AgentId, TtsProvider};
use serde_json::{Value, json};

use crate::case::{Case, Group};
pub(crate) use documents::run as run_documents;
pub(crate) use http::observe;

/// Declares cases: the name, what a correct server does, the sentences, and the function that tests it.
macro_rules! table {
    ($group:expr; $($name:literal, $title:literal, [$($sentence:literal),+ $(,)?], $run:path;)+) => {
        vec![$(
            crate::case::Case::scenario($group, $name, $title, &[$($sentence),+], |session| Box::pin($run(session)))
        ),+]
    };
}
use table;

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

/// Every field that an update may have, but the key.
fn all_fields() -> Value {
    json!({
        "name": "Contract test",
        "ttsModel": {"provider": TtsProvider::OpenAi, "voiceId": "voice-1", "language": "en"},
        "smartCallback": true,
        "maxAttemptsForSmartCallback": 2,
        "gapBetweenEachAttemptForSmartCallback": [{"days": 1, "hours": 2}, {"days": 3, "hours": 4}],
        "phoneNumberIds": ["phone-1", "phone-2"],
        "settings": {"speed": 0.5, "volume": 0.25, "temperature": 0.75, "custom": {"a": 1}},
        "variables": {"customer": "Ada", "tier": "gold"},
    })
}

/// The id of an agent that nobody has.
fn unknown_agent() -> AgentId {
    AgentId::new("callagent-verify-no-such-agent").expect("the id is valid")
}
