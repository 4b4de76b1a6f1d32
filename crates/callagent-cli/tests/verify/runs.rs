//! Runs against the server of the command: it is never accused.

use crate::{Folder, url};

#[test]
fn the_server_of_the_command_has_no_failure() {
    let folder = Folder::new();
    for (serve, verify) in [
        (&[][..], &["--profile", "strict", "--touch-keys"][..]),
        (&["--tolerant"], &["--profile", "tolerant", "--seed", "7"]),
        (&[], &[]),
    ] {
        let server = folder.serve(serve);
        let ran = folder.verify(&url(&server), verify);
        assert_eq!(ran.status, Some(0), "{verify:?}: {}{}", ran.report, ran.errors);
        assert!(ran.report.contains(": no case failed\n"), "{}", ran.report);
        assert!(ran.errors.contains(" 0 failed, "), "{}", ran.errors);
        assert!(!ran.report.contains(['\u{1b}', '✘']), "{}", ran.report);
    }
}

/// The notice comes before the report, and says what a run changes and how long it takes.
#[test]
fn the_notice() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let ran = folder.verify(&url(&server), &["--only", "accepts/minimal", "--rate", "0.5"]);
    assert_eq!(ran.status, Some(0));
    let errors = ran.errors.replace(&url(&server), "URL");
    let (notice, summary) = errors.trim_end().rsplit_once('\n').expect("a summary");
    // They depend on the number of cases.
    let numbers = regex::Regex::new(r"about \d+").expect("a regular expression");
    insta::assert_snapshot!(numbers.replace_all(notice, "about N"));
    assert!(summary.starts_with("1 case: 1 passed, 0 failed, 0 skipped, 0 not applicable; "), "{summary}");
    let ran = folder.verify(&url(&server), &["--only", "accepts/minimal", "--touch-keys"]);
    assert!(ran.errors.contains("its ElevenLabs key is overwritten too"), "{}", ran.errors);
}

#[test]
fn the_url_and_the_workspace_may_come_from_the_environment() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let mut command = crate::program::bare_command(folder.path());
    command.env("CALLAGENT_BASE_URL", url(&server) + "/v1/api/agents/agent_1").env("CALLAGENT_WORKSPACE", "acme");
    let ran = crate::ran(command.args(["verify", "--agent", "agent_1", "--only", "accepts/minimal"]));
    assert_eq!(ran.status, Some(0), "{}", ran.errors);
}
