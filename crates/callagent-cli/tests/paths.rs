//! File names in the formats for CI: the same in each, and relative to the working directory if possible.

#![cfg(unix)]

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
    path::Path,
};

mod common;

/// The file name in a report of each format: GitHub's annotations, SARIF, JUnit's attribute and text.
fn names(folder: &Path, command: &[&OsStr], input: &[u8]) -> [String; 4] {
    let report = |format: &str| {
        let arguments = [command, &[OsStr::new("--format"), OsStr::new(format)]].concat();
        let (status, report, errors) = common::run(folder, &arguments, input);
        assert_eq!(status, 1, "{errors}");
        report
    };
    let between = |text: &str, start: &str, end: &str| {
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
        rest.split_once(end).unwrap_or_else(|| panic!("no {end} in {text}")).0.to_owned()
    };
    let junit = report("junit");
    [
        between(&report("github"), " file=", ",line="),
        between(&report("sarif"), "\"uri\":\"", "\""),
        between(&junit, " file=\"", "\""),
        between(&junit, ">\n", ":1:1: ").rsplit('\n').next().unwrap_or_default().to_owned(),
    ]
}

/// A working directory and a sibling, with links in both directions.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::TempDir::new().expect("a temporary folder");
    let folder = |name: &str| fs::create_dir_all(root.path().join(name)).expect("a folder");
    ["work/a", "other/deep"].into_iter().for_each(folder);
    for name in ["work/b.json", "work/a/c.json", "other/d.json", "other/deep/e.json"] {
        fs::write(root.path().join(name), "{}").expect("the file is written");
    }
    for (target, name) in [("../other/deep", "work/link"), ("work", "alias"), ("b.json", "work/b-link.json")] {
        symlink(target, root.path().join(name)).expect("a link");
    }
    root
}

#[test]
fn every_path_to_a_file_gives_the_same_name() {
    let root = workspace();
    let root = root.path().canonicalize().expect("it is there");
    let root_text = root.to_str().expect("text");
    let work = root.join("work");
    let cases = [
        ("b.json", "b.json"),
        ("./b.json", "b.json"),
        (".//b.json", "b.json"),
        ("././/a//./c.json", "a/c.json"),
        ("a/../b.json", "b.json"),
        ("a/../a/./../b.json", "b.json"),
        ("../work/b.json", "b.json"),
        ("ROOT/work/b.json", "b.json"),
        ("ROOT//work/./a/../a/c.json", "a/c.json"),
        // Through an alias of the working directory.
        ("ROOT/alias/a/c.json", "a/c.json"),
        ("../alias/b.json", "b.json"),
        // A link keeps its own name.
        ("b-link.json", "b-link.json"),
        ("link/e.json", "link/e.json"),
        // The parent of a link is the parent of its target.
        ("link/../d.json", "ROOT/other/d.json"),
        ("link/../../work/b.json", "b.json"),
        ("../other/d.json", "ROOT/other/d.json"),
        ("ROOT/other/deep/../d.json", "ROOT/other/d.json"),
        ("a", "a/c.json"),
        ("./a/", "a/c.json"),
        ("-", "stdin"),
    ];
    for (given, expected) in cases {
        let [given, expected] = [given, expected].map(|path| path.replace("ROOT", root_text));
        let uri = if expected.starts_with('/') { format!("file://{expected}") } else { expected.clone() };
        let names = names(&work, &[OsStr::new("validate"), OsStr::new(&given)], b"{}");
        assert_eq!(names, [expected.clone(), uri, expected.clone(), expected], "{given}");
    }
}

/// A file name is bytes, which each format escapes in its own way.
#[test]
fn names_are_escaped_for_each_format() {
    let cases: [(&[u8], &str, &str, &str); 9] = [
        (b"with space.json", "with space.json", "with%20space.json", "with space.json"),
        (b"100%.json", "100%25.json", "100%25.json", "100%.json"),
        (b"%41.json", "%2541.json", "%2541.json", "%41.json"),
        (b"a#b?c.json", "a#b?c.json", "a%23b%3Fc.json", "a#b?c.json"),
        (b"c:d.json", "c%3Ad.json", "c%3Ad.json", "c:d.json"),
        (b"e,f.json", "e%2Cf.json", "e%2Cf.json", "e,f.json"),
        (b"g\\h.json", r"g\h.json", "g%5Ch.json", r"g\h.json"),
        ("\u{e9}\u{1F44D}.json".as_bytes(), "é\u{1F44D}.json", "%C3%A9%F0%9F%91%8D.json", "é\u{1F44D}.json"),
        (b"caf\xe9:\xff.json", "caf\u{fffd}%3A\u{fffd}.json", "caf%E9%3A%FF.json", "caf\u{fffd}:\u{fffd}.json"),
    ];
    for (name, github, sarif, junit) in cases {
        let name = OsStr::from_bytes(name);
        let files = common::folder(&[(name, "{}")]);
        for given in [name.to_owned(), OsString::from("."), files.path().canonicalize().expect("it is there").into()] {
            let names = names(files.path(), &[OsStr::new("validate"), &given], b"");
            assert_eq!(names, [github, sarif, junit, junit], "{given:?}");
        }
    }
    let files = common::folder(&[("a\nb\rc.json", "{}")]);
    let (_, report, _) = common::run(files.path(), &["validate", "--format", "github", "."], b"");
    assert!(report.starts_with("::error file=a%0Ab%0Dc.json,line=1,"), "{report}");
}

#[test]
fn other_formats_keep_the_given_path() {
    let root = workspace();
    let report =
        |format| common::run(&root.path().join("work"), &["validate", "--format", format, "a/../b.json"], b"").1;
    for format in ["human", "concise"] {
        assert!(report(format).starts_with("a/../b.json:"), "{format}");
    }
    for format in ["json", "ndjson"] {
        assert!(report(format).contains(r#""source":"a/../b.json""#), "{format}");
    }
}

#[test]
fn compat_names_files_in_the_same_way() {
    let old = OsStr::from_bytes(b"old\xff.json");
    let new = OsStr::from_bytes(b"new %\xe9:.json");
    let schema =
        |r#type: &str| format!(r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "{type}"}}"#);
    let files = common::folder(&[(old, schema("string")), (new, schema("object"))]);
    let given = Path::new("./x/..").join(new);
    fs::create_dir(files.path().join("x")).expect("a folder");
    let run = |format: &str| {
        let command = [OsStr::new("compat"), old, given.as_os_str(), OsStr::new("--format"), OsStr::new(format)];
        let (status, report, errors) = common::run(files.path(), &command, b"");
        assert_eq!(status, 1, "{errors}");
        report
    };
    for (format, name) in [
        ("github", "file=new %25\u{fffd}%3A.json,"),
        ("sarif", r#""uri":"new%20%25%E9%3A.json""#),
        ("junit", "file=\"new %\u{fffd}:.json\""),
        ("junit", "name=\"new %\u{fffd}:.json after old\u{fffd}.json\""),
        ("junit", "\nnew %\u{fffd}:.json:1:"),
        ("concise", "./x/../new %\u{fffd}:.json:1:"),
    ] {
        let report = run(format);
        assert!(report.contains(name), "{format}: {report}");
    }
}
