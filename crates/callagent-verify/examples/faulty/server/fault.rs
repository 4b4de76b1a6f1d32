//! What a fault is: a hook, and what it does there.

use axum::http::request::Parts;
use callagent::ProblemType;
use serde_json::Value;

use super::{
    body::{Body, Found},
    reply::{Reply, Seen},
};

/// A single deviation from the contract.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    /// The stable name, in kebab case.
    pub(crate) name: &'static str,
    /// What the server does wrong.
    pub(crate) about: &'static str,
    pub(super) kind: Kind,
}

/// Where a fault hooks in, and what it does there.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Rewrites the head of a request before it is routed.
    Head(fn(&mut Parts)),
    /// Makes other checks, or in another order.
    Order(&'static [Stage]),
    /// Grants access that would be refused.
    Grant(fn(&Access<'_>) -> bool),
    /// Repairs a text that is not JSON, and accepts it.
    Repair(fn(&[u8]) -> Vec<u8>),
    /// Overlooks violations.
    Overlook(Overlook),
    /// Refuses a valid update.
    Refuse(Refuse),
    /// Changes the updated agent.
    Apply(fn(&Change, &mut Value)),
    /// Leaves the value at a pointer unchanged.
    Ignore(&'static str),
    /// Rewrites a response.
    Reply(fn(&Seen, &mut Reply)),
    /// Behaves differently in another way.
    Flaw(Flaw),
}

/// A step of the server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Path,
    Workspace,
    Precondition,
    /// 401
    Key,
    /// 403
    Grant,
    Content,
    Body,
    Find,
}

/// A request for access.
pub(super) struct Access<'c> {
    pub(super) given: Option<&'c str>,
    pub(super) expected: &'c str,
}

/// Violations that are overlooked: those of a code and a pointer for which `when` holds.
#[derive(Clone, Copy)]
pub(super) struct Overlook {
    pub(super) code: &'static str,
    /// A pointer; `*` is any field or index, and a final `**` is everything below.
    pub(super) at: &'static str,
    pub(super) when: fn(&Found<'_>) -> bool,
}

/// A refusal of updates for which `when` returns the pointer of a made-up violation.
#[derive(Clone, Copy)]
pub(super) struct Refuse {
    pub(super) problem: ProblemType,
    /// The code of the violation; empty if the problem has none.
    pub(super) code: &'static str,
    pub(super) when: fn(&Body<'_>) -> Option<String>,
}

/// A change to an agent.
pub(super) struct Change {
    pub(super) before: Value,
    /// The update as it was sent, of which the last of repeated fields counts.
    pub(super) update: Value,
}

/// A fault that is a branch of its own in the server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// 403 for an agent of another workspace.
    ForbidsForeignAgent,
    /// A detail of its own for an agent of another workspace.
    RevealsForeignAgent,
    /// 412 instead of 404.
    PreconditionOfNothing,
    /// 412 although the update is already in effect.
    PreconditionFirst,
    /// The update is applied in spite of 412.
    AppliesUnmatched,
    /// The valid fields of a refused update are applied.
    AppliesRefused,
    /// A repeated update changes `updatedAt`.
    TouchesTime,
    /// A repeated update changes the tag.
    TouchesTag,
    /// A change keeps the tag.
    KeepsTag,
    /// The key is stored and answered in clear.
    ClearKey,
    /// The key is answered with any provider.
    DisclosedKey,
    /// The answer is the agent before the update.
    AnswersBefore,
    /// The agent is read, changed and written with a pause in between.
    LosesUpdates,
    /// The precondition is checked some time before the update is applied.
    RacesPrecondition,
    /// The answer is read some time after the update was applied.
    AnswersLater,
    /// The tag is read some time after the update was applied.
    TagsLater,
    /// An update is applied in two steps with a pause in between.
    TearsUpdates,
}
