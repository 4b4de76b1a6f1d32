//! Unusual files: links, names that are not UTF-8, and names with control characters.

#![cfg(unix)]

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
    path::Path,
};

mod common;

use common::folder;

const VALID: &str = r#"{"llmModel":"gpt-5"}"#;

/// Runs the command in the directory, without input.
fn run(folder: &Path, arguments: &[&OsStr]) -> (i32, String, String) {
    common::run(folder, arguments, b"")
}

fn arguments<'a>(arguments: &[&'a str]) -> Vec<&'a OsStr> {
    arguments.iter().map(|argument| OsStr::new(*argument)).collect()
}

/// Unreadable `*.json` files are reported.
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
    // A link given as a path is followed.
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
fn names_need_not_be_utf8() {
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

/// Text that controls a terminal: colors, a link (OSC 8), a bell, line ends, text directions, and control characters
/// from U+0080 on.
const OBEYED: &str =
    "a\u{1b}[31m\u{1b}]8;;http://x\u{1b}\\\u{7}\r\n\u{202e}\u{2066}\u{200f}\u{2028}\u{9b}31m\u{9d}\u{7f}\t";

/// The same text, escaped.
const ESCAPED: &str = concat!(
    r"a\u001b[31m\u001b]8;;http://x\u001b",
    r"\\u0007\u000d\u000a\u202e\u2066\u200f\u2028\u009b31m\u009d\u007f\u0009"
);

/// Checks that the text does not control a terminal.
#[track_caller]
fn check_shown(text: &str) {
    let is_obeyed = |character: char| {
        let turns_text = "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}";
        let is_isolate = ('\u{2066}'..='\u{2069}').contains(&character);
        (character.is_control() && character != '\n') || turns_text.contains(character) || is_isolate
    };
    assert!(!text.contains(is_obeyed), "{text:?}");
}

#[test]
fn names_of_files_are_escaped() {
    let name = format!("{OBEYED}.json").replace('/', "");
    let escaped = format!("{ESCAPED}.json").replace('/', "");
    let schema = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"}"#;
    let files = folder(&[(name.as_str(), r#"{"llm_model":"gpt-5"}"#), ("old.json", schema), ("agent.json", "{}")]);
    let new = format!("new {name}");
    fs::write(files.path().join(&new), schema.replace("string", "object")).expect("the file is written");
    fs::create_dir(files.path().join(format!("folder {name}"))).expect("a folder");
    let (missing, empty) = (format!("missing {name}"), format!("folder {name}"));
    let name = name.as_str();
    let cases: &[&[&str]] = &[
        &["validate", "--format=human", name],
        &["validate", "--format=concise", name],
        &["validate", "--diff", name],
        &["validate", "--as=agent", name],
        &["validate", &missing],
        &["validate", "--lines", &missing],
        &["validate", "--fix", &missing],
        &["validate", &empty],
        &["normalize", name],
        &["normalize", &missing],
        &["apply", "agent.json", name],
        &["apply", &missing, name],
        &["compat", "old.json", &new],
        &["compat", "old.json", &new, "--format=concise"],
        &["compat", "old.json", name],
        &["compat", &missing, "old.json"],
    ];
    for case in cases {
        let (_, output, errors) = run(files.path(), &arguments(case));
        check_shown(&output);
        check_shown(&errors);
        assert!(format!("{output}{errors}").contains(&escaped), "{case:?}: {output}{errors}");
    }
}

#[test]
fn mistaken_arguments_are_escaped() {
    let (folder, flag, accepted) = (Path::new("."), format!("--{OBEYED}"), format!("--accept={OBEYED}=x"));
    let cases: &[&[&str]] = &[
        &[OBEYED],
        &[&flag],
        &["help", OBEYED],
        &["validate", &flag, "-"],
        &["validate", "--format", OBEYED, "-"],
        &["validate", "--as", OBEYED, "-"],
        &["validate", "--jobs", OBEYED, "-"],
        &["validate", "--accept", OBEYED, "-"],
        &["validate", &accepted, "-"],
        &["normalize", "-", OBEYED],
        &["schema", OBEYED],
        &["explain", OBEYED],
        &["sample", "--count", OBEYED],
        &["sample", "--seed", OBEYED],
        &["completions", OBEYED],
        &["man", OBEYED],
        &["compat", "a", "b", OBEYED],
    ];
    for case in cases {
        let (status, output, errors) = run(folder, &arguments(case));
        assert_eq!((status, output.as_str()), (2, ""), "{case:?}");
        check_shown(&errors);
        assert!(errors.contains(ESCAPED), "{case:?}: {errors}");
    }
}

#[test]
fn texts_of_documents_are_escaped() {
    let json = serde_json::Value::from(OBEYED).to_string();
    // In JSON, control characters from U+007F on need no escape. `raw` is not JSON.
    let raw = format!("{{\"llmModel\": \"{OBEYED}\"}}");
    let document = format!(
        "{{\"llmModel\": {json}, {json}: 1, \"name\": [{json}], \"ttsModel\": {{\"provider\": {json}, {json}: {json}}},\"phoneNumberIds\":[{json},{json}],\"smartCallback\":{json}}}"
    );
    let schema = |properties: &str| {
        let draft = "https://json-schema.org/draft/2020-12/schema";
        format!(
            "{{\"$schema\": \"{draft}\", \"type\": \"object\", \"properties\": {{{properties}}}, \"additionalProperties\": false}}"
        )
    };
    let old = schema(&format!("{json}: {{\"enum\": [{json}, 1]}}, \"a\": {{\"const\": {json}}}"));
    let new = schema(&format!("{json}: {{\"enum\": [\"other {OBEYED_TAIL}\"]}}"));
    let odd = format!("{{{json}: 1, {json}: 2}}");
    let files = folder(&[
        ("document.json", &document),
        ("raw.json", &raw),
        ("old.json", &old),
        ("new.json", &new),
        ("odd.json", &odd),
        ("agent.json", &"{}".to_owned()),
    ]);
    let cases: &[&[&str]] = &[
        &["validate", "document.json", "raw.json", "odd.json"],
        &["validate", "--format=concise", "document.json", "raw.json", "odd.json"],
        &["validate", "--tolerant", "document.json"],
        &["validate", "--as=agent", "document.json", "raw.json"],
        &["normalize", "document.json"],
        &["apply", "agent.json", "document.json"],
        &["compat", "old.json", "new.json"],
        &["compat", "--format=concise", "old.json", "new.json"],
        &["compat", "--as=agent", "new.json", "old.json"],
        &["compat", "odd.json", "new.json"],
        &["compat", "raw.json", "new.json"],
    ];
    for case in cases {
        let (status, output, errors) = run(files.path(), &arguments(case));
        assert!(matches!(status, 1 | 2), "{case:?}: {errors}");
        check_shown(&output);
        check_shown(&errors);
    }
}

/// The part of [`OBEYED`] that JSON text may contain unescaped.
const OBEYED_TAIL: &str = "\u{202e}\u{2066}\u{200f}\u{2028}\u{9b}31m\u{9d}\u{7f}";
