//! Concurrent updates disturb each other.

use super::{Fault, Flaw, flaw};

pub(super) const FAULTS: &[Fault] = &[
    flaw(("loses-concurrent-updates", "Loses one of two concurrent updates."), Flaw::LosesUpdates),
    flaw(
        ("lets-two-preconditions-win", "Applies two concurrent updates with the same `If-Match`."),
        Flaw::RacesPrecondition,
    ),
    flaw(
        ("tears-concurrent-updates", "Applies an update in two steps, between which others are applied."),
        Flaw::TearsUpdates,
    ),
    flaw(
        ("answers-concurrent-state", "Answers the agent with concurrent updates, under the tag of its own."),
        Flaw::AnswersLater,
    ),
    flaw(("answers-concurrent-tag", "Answers the tag of a concurrent update with its own agent."), Flaw::TagsLater),
];
