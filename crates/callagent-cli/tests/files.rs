//! Files as they are found: links, names that are no text, and names that a terminal would obey.

#![cfg(unix)]

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
    path::Path,
};

mod common;

use common::folder;

const VALID: &str = r#"{"llmModel":"gpt-5"}"#;

/// Runs the command in the folder, without input.
fn run(folder: &Path, arguments: &[&OsStr]) -> (i32, String, String) {
    common::run(folder, arguments, b"")
}

fn arguments<'a>(arguments: &[&'a str]) -> Vec<&'a OsStr> {
    arguments.iter().map(|argument| OsStr::new(*argument)).collect()
}

/// What is named like a document and cannot be read is not passed over.
#[test]
fn links_are_followed_to_files() {
    let files = folder(&[(OsStr::new("valid.json"), VALID)]);
    let link = |target: &str, name: &str| symlink(target, files.path().join(name)).expect("a link");
    fs::create_dir(files.path().join("folder")).expect("a folder");
    fs::write(files.path().join("folder/invalid.json"), "{}").expect("the file is written");
    link("valid.json", "link.json");
    link("folder", "linked");
    link("folder", "linked.json");
    link("/nonexistent", "text.txt");
    let (status, report, errors) = run(files.path(), &arguments(&["validate", "--format", "concise", "."]));
    assert_eq!((status, report.lines().count()), (1, 1), "{report}{errors}");
    assert!(report.starts_with("./folder/invalid.json:") && errors.starts_with("3 documents: 2 valid"), "{errors}");
    // A link that is named itself is entered.
    assert_eq!(run(files.path(), &arguments(&["validate", "linked"])).0, 1);

    link("missing", "dangling.json");
    link("loop.json", "loop.json");
    let (status, _, errors) = run(files.path(), &arguments(&["validate", "."]));
    assert_eq!(status, 2);
    for name in ["dangling", "loop"] {
        assert!(errors.contains(&format!("callagent: cannot read `./{name}.json`: ")), "{errors}");
    }
    assert!(errors.contains("3 documents: 2 valid"), "{errors}");
}

#[test]
fn names_need_not_be_text() {
    let name = OsStr::from_bytes(b"caf\xe9.json");
    let files = folder(&[(name, r#"{"llm_model":"gpt-5"}"#), (OsStr::new("agent.json"), r#"{"llmModel":"gpt-5"}"#)]);
    for path in [name, OsStr::new(".")] {
        let (status, report, errors) =
            run(files.path(), &[&arguments(&["validate", "--format", "concise"])[..], &[path]].concat());
        assert_eq!(status, 1, "{errors}");
        assert!(report.contains("caf\u{fffd}.json:1:1: missing-field"), "{report}");
    }
    assert_eq!(run(files.path(), &[&arguments(&["validate", "--fix"])[..], &[name]].concat()).0, 0);
    for command in [&["normalize"][..], &["apply", "agent.json"]] {
        let (status, output, errors) = run(files.path(), &[&arguments(command)[..], &[name]].concat());
        assert!(status == 0 && output.contains("gpt-5"), "{errors}");
    }
}

#[test]
fn names_are_shown_without_controls() {
    let name = "a\u{1b}[31m\n\u{202e}.json";
    let files = folder(&[(OsStr::new(name), r#"{"llm_model":"gpt-5"}"#)]);
    let missing: OsString = format!("missing {name}").into();
    for options in [&["--format=human"][..], &["--format=concise"], &["--diff"], &["--as=agent"]] {
        let arguments = [&arguments(&["validate"])[..], &arguments(options), &[OsStr::new(name), &missing]].concat();
        let (status, output, errors) = run(files.path(), &arguments);
        assert_eq!(status, 2);
        for text in [output, errors] {
            assert!(text.contains(r"a\u001b[31m\u000a\u202e.json"), "{text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        }
    }
}
