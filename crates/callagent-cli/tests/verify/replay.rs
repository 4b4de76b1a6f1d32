//! Requests that are stored and sent again.

use crate::{
    Folder,
    fake::{Fake, UNCHANGING},
    url,
};

const GROUPS: [&str; 8] = ["--only", "accepts", "--only", "refuses", "--only", "applies", "--skip", "refuses/size"];

#[test]
fn a_replay_has_the_outcomes_of_the_run() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let wrong = Fake::new(UNCHANGING);
    for (url, expected) in [(url(&server), 0), (wrong.url, 1)] {
        let json = ["--format", "json", "--profile", "strict"];
        let run = folder.verify(&url, &[&json[..], &["--record", "record"], &GROUPS].concat());
        let replay = folder.verify(&url, &[&json[..], &["--replay", "record"]].concat());
        assert_eq!((run.status, replay.status), (Some(expected), Some(expected)), "{}{}", run.errors, replay.errors);
        let (run, replay) = (run.outcomes(), replay.outcomes());
        assert!(replay.len() > 100, "{replay:?}");
        for (case, outcome) in &replay {
            assert_eq!(Some(outcome), run.get(case), "{case}");
        }
    }
}

#[test]
fn a_record_of_another_agent_is_refused() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let ran = folder.verify(&url(&server), &["--record", "record", "--only", "accepts/minimal"]);
    assert_eq!(ran.status, Some(0));
    let mut command = crate::program::bare_command(folder.path());
    command.args(["verify", &url(&server), "--workspace", "acme", "--agent", "agent_2", "--replay", "record"]);
    let ran = crate::ran(&mut command);
    assert_eq!((ran.status, &*ran.report), (Some(2), ""));
    assert!(ran.errors.contains("has no request for the agent `agent_2`"), "{}", ran.errors);
}
