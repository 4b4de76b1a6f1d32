//! The server of this build, judged by this build of the command or by another one.

use std::env;

use crate::{Folder, program, url};

/// The environment variable with the path of another build, which then judges. The server and the command share the core,
/// so a command that has a mutant of the core would judge by it.
const JUDGE: &str = "CALLAGENT_TEST_VERIFY";

/// An agent that has every documented field, and undocumented ones at every level that updates leave alone.
const FULL_AGENT: &str = r#"{
    "_id": "agent_1",
    "workspaceId": "acme",
    "userId": "user_1",
    "name": "Full",
    "llmModel": "gpt-4.1",
    "ttsModel": {"provider": "openai", "voiceId": "alloy", "name": "Alloy", "language": "fr", "pitch": 1.5},
    "smartCallback": true,
    "maxAttemptsForSmartCallback": 3,
    "gapBetweenEachAttemptForSmartCallback": [{"days": 2, "hours": 3, "note": "a"}, {"days": 0, "hours": 12}],
    "phoneNumberIds": ["phone_1", "phone_2"],
    "settings": {"speed": 0.5, "volume": 0.25, "temperature": 0.75, "custom": {"deep": [1, null]}},
    "variables": {"first": 1, "second": {"third": null}},
    "status": "ready",
    "currentNode": "start",
    "activeSessions": [{
        "roomName": "room_1", "participantId": "p_1", "startTime": "2026-11-25T12:00:00Z", "status": "live", "seat": 1
    }],
    "createdAt": "2026-11-25T12:00:00.000Z",
    "updatedAt": "2026-11-25T12:00:00.000Z",
    "team": {"id": 7}
}"#;

const UNDOCUMENTED: [&str; 4] = ["/team/id", "/ttsModel/pitch", "/settings/custom", "/activeSessions/0/seat"];

#[test]
fn the_judge_finds_no_failure_in_the_server() {
    let folder = Folder::new();
    let limits = ["--body-limit", "1048576", "--body-timeout", "2s"];
    let server = program::Serve::in_memory(folder.path(), FULL_AGENT, &limits);
    let judge = env::var_os(JUDGE).unwrap_or_else(|| env!("CARGO_BIN_EXE_callagent").into());
    let all: Vec<_> = UNDOCUMENTED.iter().flat_map(|pointer| ["--undocumented-field", pointer]).collect();
    // A body that never comes is waited for only by a case that runs alone.
    for (cases, summary) in
        [(&all[..], " 0 failed, 1 skipped, "), (&["--only", "http/time"], "1 case: 1 passed, 0 failed, 0 skipped, ")]
    {
        let arguments = [&["--profile", "strict", "--touch-keys"], cases].concat();
        let ran = crate::ran(&mut folder.command_of(&judge, &url(&server), &arguments));
        assert_eq!(ran.status, Some(0), "{}{}", ran.report, ran.errors);
        assert!(ran.errors.contains(summary), "expected {summary:?} in {}", ran.errors);
    }
}
