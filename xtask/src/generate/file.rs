//! A generated file, and how the committed one differs from it.

use std::{fmt::Write as _, fs};

use similar::TextDiff;

/// The maximum number of lines of a difference, and of characters of each.
const LINES: usize = 30;
const CHARACTERS: usize = 160;

/// A generated file: its path below the workspace and its text.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    /// Returns the copy in the core crate.
    pub(super) fn of_core(&self) -> Self {
        File { path: format!("crates/callagent/{}", self.path), text: self.text.clone() }
    }

    /// Returns the copy in the Python package.
    pub(super) fn of_wheel(&self) -> Self {
        File { path: "bindings/python/python/callagent/models.py".to_owned(), text: self.text.clone() }
    }

    /// Returns the copy in the npm package.
    pub(super) fn of_npm_package(&self) -> Self {
        File { path: "bindings/wasm/documents.d.ts".to_owned(), text: self.text.clone() }
    }

    pub(super) fn write(&self) -> Result<(), String> {
        let path = crate::root().join(&self.path);
        fs::write(path, &self.text).map_err(|error| format!("cannot write {}: {error}", self.path))
    }

    /// Returns the beginning of the changes if the committed file is stale.
    pub(super) fn staleness(&self) -> Option<String> {
        let committed = fs::read_to_string(crate::root().join(&self.path)).unwrap_or_default();
        (committed != self.text).then(|| capped(&self.path, &committed, &self.text))
    }
}

/// Returns a unified diff, cut after some lines.
fn capped(path: &str, committed: &str, generated: &str) -> String {
    let diff = TextDiff::from_lines(committed, generated);
    let names = (format!("{path} (committed)"), format!("{path} (generated)"));
    let text = diff.unified_diff().context_radius(1).header(&names.0, &names.1).to_string();
    let mut capped = String::new();
    for line in text.lines().take(LINES) {
        let cut: String = line.chars().take(CHARACTERS).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(capped, "{cut}{}", if cut.len() < line.len() { "…" } else { "" });
    }
    match text.lines().count().saturating_sub(LINES) {
        0 => {}
        rest => {
            let _ = writeln!(capped, "… ({rest} more lines)");
        }
    }
    capped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_differences_are_cut() {
        assert_eq!(
            capped("a", "1\n2\n", "1\n3\n"),
            "--- a (committed)\n+++ a (generated)\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n"
        );
        let generated = "x".repeat(1000) + "\n" + &"y\n".repeat(100);
        let capped = capped("a", "", &generated);
        assert_eq!(capped.lines().count(), LINES + 1);
        assert!(
            capped.ends_with("… (74 more lines)\n")
                && capped.lines().all(|line| line.chars().count() <= CHARACTERS + 1)
        );
    }
}
