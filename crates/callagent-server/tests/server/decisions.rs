//! The decision on an update: a table of cases, and properties.

use callagent::{Agent, UpdateAgent};
use callagent_server::{Outcome, StoredAgent, Version, decide};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use crate::common::{TestResult, changed, update};

const NOW: &str = "2026-11-25T12:00:00.123456Z";

fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

/// Whether the agent exists, the update, `If-Match`, and the outcome for an agent of version 7 with the name "Support".
#[test]
fn table() -> TestResult {
    let rename = json!({"llmModel": "gpt-5", "name": "Sales"});
    let repeat = json!({"llmModel": "gpt-5", "name": "Support"});
    for (exists, change, if_match, expected) in [
        (false, &rename, None, "not found"),
        (false, &rename, Some("*"), "not found"),
        (false, &rename, Some(r#""7""#), "not found"),
        (true, &rename, None, "changed"),
        (true, &rename, Some("*"), "changed"),
        (true, &rename, Some(r#""7""#), "changed"),
        (true, &rename, Some(r#""6", "7""#), "changed"),
        (true, &rename, Some(r#""6""#), "precondition failed"),
        (true, &rename, Some(r#"W/"7""#), "precondition failed"),
        (true, &rename, Some(r#""07""#), "precondition failed"),
        (true, &repeat, None, "unchanged"),
        (true, &repeat, Some(r#""7""#), "unchanged"),
        // The update is already in effect.
        (true, &repeat, Some(r#""6""#), "unchanged"),
        (true, &repeat, Some(r#"W/"7""#), "unchanged"),
    ] {
        let agent =
            callagent::read(r#"{"llmModel": "gpt-5", "name": "Support", "updatedAt": "before", "team": "blue"}"#)?;
        let stored = StoredAgent::new(7.into(), agent);
        let if_match = if_match.map(str::parse).transpose()?;
        let outcome = decide(exists.then_some(&stored), update(change), if_match.as_ref(), now());
        let found = match outcome {
            Outcome::NotFound => "not found",
            Outcome::PreconditionFailed => "precondition failed",
            Outcome::Unchanged(agent) => {
                assert_eq!(agent, stored);
                "unchanged"
            }
            Outcome::Changed(changed) => {
                let mut agent = stored.agent;
                (agent.name, agent.updated_at) = (Some("Sales".into()), Some("2026-11-25T12:00:00.123Z".into()));
                assert_eq!(changed, StoredAgent::new(1_795_608_000_123_456.into(), agent));
                "changed"
            }
        };
        assert_eq!(found, expected, "{change} {if_match:?}");
    }
    Ok(())
}

#[test]
fn versions_follow_the_clock_and_never_repeat() {
    let clock = 1_795_608_000_123_456;
    for (previous, expected) in [
        (None, clock),
        (Some(7), clock),
        (Some(clock - 1), clock),
        (Some(clock), clock + 1),
        // The clock was set back.
        (Some(clock + 1_000_000), clock + 1_000_001),
    ] {
        assert_eq!(Version::next(previous.map(Version::from), now()).get(), expected, "{previous:?}");
    }
    assert_eq!(Version::next(None, Timestamp::MIN).get(), 0);
    assert_eq!(Version::from(7).etag().as_str(), r#""7""#);
}

proptest! {
    /// Also after the agent was written and read, as a store does.
    #[test]
    fn repeats_change_nothing(agent in callagent::testing::valid::<Agent>(), update in callagent::testing::valid::<UpdateAgent>()) {
        let stored = StoredAgent::new(7.into(), agent);
        let after = match decide(Some(&stored), update.clone(), None, now()) {
            Outcome::Unchanged(after) => after,
            outcome => changed(outcome),
        };
        let text = serde_json::to_string(&after.agent).expect("JSON");
        let read = StoredAgent::new(after.version, callagent::read(&text).expect("an agent"));
        prop_assert_eq!(&read, &after);
        prop_assert_eq!(serde_json::to_string(&read.agent).expect("JSON"), text);
        let outdated = "\"6\"".parse().expect("a tag");
        prop_assert_eq!(decide(Some(&read), update, Some(&outdated), now()), Outcome::Unchanged(after));
    }
}
