//! Annotations of GitHub workflows.

use crate::{number, runs, sentence, string};

#[test]
fn github() {
    for run in runs() {
        let report = run.report("github");
        let mut annotations = report.lines();
        for document in run.documents() {
            for (level, finding) in document.leveled() {
                let annotation = annotations.next().expect("an annotation of each finding");
                let (command, data) =
                    annotation.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
                let (command, properties) = command.split_once(' ').expect("properties");
                assert_eq!(command, level);
                let mut expected = vec![
                    ("file", document.file().to_owned()),
                    ("line", finding["line"].to_string()),
                    ("col", finding["column"].to_string()),
                ];
                let text = run.text_of(&document, finding);
                if !text.is_empty() && !text.contains('\n') {
                    expected.push(("endColumn", (number(&finding["column"]) + text.chars().count() - 1).to_string()));
                }
                expected.push(("title", string(&finding["code"]).to_owned()));
                let properties: Vec<_> = properties
                    .split(',')
                    .map(|property| property.split_once('=').expect("a name and a value"))
                    .map(|(name, value)| (name, unescaped(&value.replace("%3A", ":").replace("%2C", ","))))
                    .collect();
                assert_eq!(properties, expected);
                let message = unescaped(data);
                assert!(message.starts_with(&sentence(finding)), "{message}");
            }
        }
        assert_eq!(annotations.next(), None);
    }
}

/// Unescapes the data of a command as the runner does.
fn unescaped(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}
