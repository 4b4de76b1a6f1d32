//! `--fix` and `--diff`.

use std::{fs, path::Path};

mod common;

use common::folder;
use tempfile::TempDir;

const BROKEN: &[u8] = b"{\r\n  \"llm_model\": \"gpt-5\",\r\n\t\"smartCallback\": \"true\"\r\n}";
const FIXED: &[u8] = b"{\r\n  \"llmModel\": \"gpt-5\",\r\n\t\"smartCallback\": true\r\n}";

/// Runs `callagent validate` in the directory and returns its status, standard output and standard error.
fn validate(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    common::run(folder, &[&["validate"], arguments].concat(), input)
}

#[test]
fn a_diff_shows_what_would_change() {
    let (_, diff, _) = validate(Path::new("."), &["--diff", "-"], BROKEN);
    let expected = [
        "--- -\n+++ - (fixed)\n@@ -1,4 +1,4 @@\n {\r\n-  \"llm_model\": \"gpt-5\",\r\n",
        "-\t\"smartCallback\": \"true\"\r\n+  \"llmModel\": \"gpt-5\",\r\n+\t\"smartCallback\": true\r\n }\n",
        "\\ No newline at end of file\n",
    ];
    assert_eq!(diff, expected.concat());
    let lines = b"{\"llmModel\":\"gpt-5\"}\r\n{\"llm_model\":\"gpt-5\"}\r\n{\"llm_model\":\"gpt-5\"}";
    let (_, diff, _) = validate(Path::new("."), &["--diff", "--lines", "-"], lines);
    let expected = [
        "--- -:2\n+++ -:2 (fixed)\n@@ -1 +1 @@\n-{\"llm_model\":\"gpt-5\"}\r\n+{\"llmModel\":\"gpt-5\"}\r\n",
        "--- -:3\n+++ -:3 (fixed)\n@@ -1 +1 @@\n-{\"llm_model\":\"gpt-5\"}\n+{\"llmModel\":\"gpt-5\"}\n",
    ];
    assert_eq!(diff, expected.concat());
    // JSON allows a lone carriage return as white space, and control characters from U+007F on in strings.
    let (_, diff, _) =
        validate(Path::new("."), &["--diff", "-"], "{\r\"llm_model\":\"gpt-5\",\"name\":\"\u{9b}\"}".as_bytes());
    assert!(diff.contains("-{\\u000d\"llm_model\":\"gpt-5\",\"name\":\"\\u009b\"}\n"), "{diff:?}");
}

#[test]
fn a_diff_masks_a_key_on_both_sides() {
    for name in ["elevenlabs_api_key", "elevenLabsApKey"] {
        let text = format!(r#"{{"llmModel":"gpt-5","ttsModel":{{"provider":"11labs_byo","{name}":"SECRET"}}}}"#);
        let (_, diff, _) = validate(Path::new("."), &["--diff", "-"], text.as_bytes());
        let lines: Vec<_> = diff.lines().filter(|line| line.contains("llmModel")).collect();
        let start = r#"{"llmModel":"gpt-5","ttsModel":{"provider":"11labs_byo","#;
        let expected = [format!("-{start}\"{name}\":…}}}}"), format!("+{start}\"elevenLabsApiKey\":…}}}}")];
        assert_eq!(lines, expected);
    }
}

/// The names and texts of the files in a directory.
fn texts(folder: &TempDir) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder.path()).expect("the folder can be read").map(|file| {
        let file = file.expect("its files can be listed");
        (file.file_name().into_string().expect("text"), fs::read(file.path()).expect("it can be read"))
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

fn pairs(files: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(name, text)| ((*name).to_owned(), text.to_vec())).collect()
}

#[test]
fn files_are_fixed_in_place() {
    let files = folder(&[("broken.json", BROKEN), ("clean.json", FIXED), ("garbage.json", b"[")]);
    let clean = files.path().join("clean.json");
    let before = fs::metadata(&clean).expect("it is there");
    let (status, report, summary) = validate(files.path(), &["--fix", "--quiet", "--format", "concise", "."], b"");
    assert_eq!((status, report.lines().count()), (1, 1), "{report}");
    assert_eq!(
        summary,
        "3 documents: 2 valid, 1 invalid; 1 violation, 0 advisories; most frequent: malformed 1; 1 file fixed\n"
    );
    assert_eq!(texts(&files), pairs(&[("broken.json", FIXED), ("clean.json", FIXED), ("garbage.json", b"[")]));
    let after = fs::metadata(&clean).expect("it is there");
    assert_eq!(after.modified().expect("a time"), before.modified().expect("a time"), "a clean file is left alone");
}

#[test]
fn lines_are_fixed_in_place() {
    let clean = "{\"llmModel\":\"gpt-5\"}\r\n\r\n[1,\n";
    let (broken, fixed) = (
        "{ \"llm_model\":\"gpt-5\" }\r\n\n{\"llm_model\":\"gpt-5\"}",
        "{ \"llmModel\":\"gpt-5\" }\r\n\n{\"llmModel\":\"gpt-5\"}",
    );
    let (broken, fixed) = ([clean, broken].concat(), [clean, fixed].concat());
    let files = folder(&[("broken", broken.as_bytes()), ("clean", clean.as_bytes())]);
    let (status, _, summary) = validate(files.path(), &["--fix", "--lines", "broken", "clean"], b"");
    assert_eq!(status, 1);
    assert!(summary.ends_with("; 1 file fixed\n"), "{summary}");
    assert_eq!(texts(&files), pairs(&[("broken", fixed.as_bytes()), ("clean", clean.as_bytes())]));
    // No temporary file is created for a clean file, so its directory may be read-only.
    let before = fs::metadata(files.path()).and_then(|folder| folder.modified()).expect("a time");
    let (_, _, summary) = validate(files.path(), &["--fix", "--lines", "broken", "clean"], b"");
    assert!(summary.ends_with("; 0 files fixed\n"), "{summary}");
    let after = fs::metadata(files.path()).and_then(|folder| folder.modified()).expect("a time");
    assert_eq!(after, before);
}

#[test]
fn standard_input_cannot_be_fixed_in_place() {
    let files = folder(&[("broken.json", BROKEN)]);
    let (status, report, reason) = validate(files.path(), &["--fix", "broken.json", "-"], BROKEN);
    assert_eq!((status, report.as_str()), (2, ""));
    assert!(reason.contains("standard input cannot be fixed in place"), "{reason}");
    assert_eq!(texts(&files), pairs(&[("broken.json", BROKEN)]));
}

#[test]
fn a_read_only_file_does_not_stop_the_others() {
    for lines in [&[][..], &["--lines"]] {
        let broken = b"{\"llm_model\":\"gpt-5\"}\n";
        let fixed = b"{\"llmModel\":\"gpt-5\"}\n";
        let files = folder(&[("a.json", broken), ("b.json", broken)]);
        let path = files.path().join("a.json");
        let mut permissions = fs::metadata(&path).expect("it is there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).expect("it is made read-only");
        let arguments = [&["--fix", "--format", "sarif", "missing.json", "a.json", "b.json"], lines].concat();
        let (status, report, errors) = validate(files.path(), &arguments, b"");
        assert_eq!(status, 2);
        let reason = "cannot write `a.json`: the file is read-only";
        assert!(
            errors.starts_with(&format!("callagent: {reason}\ncallagent: cannot read `missing.json`: ")),
            "{errors}"
        );
        assert!(errors.ends_with("; 1 file fixed\n"), "{errors}");
        assert_eq!(texts(&files), pairs(&[("a.json", broken), ("b.json", fixed)]));
        let log: serde_json::Value = serde_json::from_str(&report).expect("a log is JSON");
        let run = &log["runs"][0];
        assert!(run["results"].as_array().is_some_and(|results| !results.is_empty()), "{report}");
        assert_eq!(run["invocations"][0]["toolExecutionNotifications"][1]["message"]["text"], reason);
        let (_, report, _) = validate(files.path(), &[&["--fix", "--format", "junit", "a.json"], lines].concat(), b"");
        let error = format!("<error type=\"unwritable\" message=\"{reason}\"/>");
        assert!(report.contains(&error) && report.contains("tests=\"2\" failures=\"1\" errors=\"1\""), "{report}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

    use super::{BROKEN, FIXED, folder, fs, pairs, texts, validate};

    #[test]
    fn a_link_stays_a_link() {
        let files = folder(&[("broken.json", BROKEN)]);
        let link = files.path().join("link.json");
        symlink("broken.json", &link).expect("a link");
        assert_eq!(validate(files.path(), &["--fix", "link.json"], b"").0, 0);
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(texts(&files), pairs(&[("broken.json", FIXED), ("link.json", FIXED)]));
    }

    #[test]
    fn a_hard_link_stays_a_hard_link() {
        let files = folder(&[("one.json", BROKEN)]);
        fs::hard_link(files.path().join("one.json"), files.path().join("two.json")).expect("a link");
        assert_eq!(validate(files.path(), &["--fix", "one.json"], b"").0, 0);
        assert_eq!(texts(&files), pairs(&[("one.json", FIXED), ("two.json", FIXED)]));
        assert_eq!(fs::metadata(files.path().join("one.json")).expect("it is there").nlink(), 2);
    }

    #[test]
    fn permissions_and_the_owner_are_kept() {
        let files = folder(&[("broken.json", BROKEN)]);
        let path = files.path().join("broken.json");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("its owner may");
        // Only root can change owners. Other users test their own file.
        let _ = chown(&path, Some(4711), Some(4712));
        let before = fs::metadata(&path).expect("it is there");
        assert_eq!(validate(files.path(), &["--fix", "broken.json"], b"").0, 0);
        let after = fs::metadata(&path).expect("it is there");
        assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
        assert_eq!(texts(&files), pairs(&[("broken.json", FIXED)]));
    }
}
