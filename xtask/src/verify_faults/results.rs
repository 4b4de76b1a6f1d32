//! The results of both tools, which are kept between runs.

use std::{collections::BTreeMap, fmt, fs, io::ErrorKind};

use serde::{Deserialize, Serialize};

use super::{Subject, Tool};

/// The file, which Git ignores.
const FILE: &str = "target/verify-faults.json";

/// The names of the correct servers.
pub(super) const STRICT: &str = "correct, strict";
pub(super) const TOLERANT: &str = "correct, tolerant";
pub(super) const CORRECT: [&str; 2] = [STRICT, TOLERANT];

/// What a tool reports of a server.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) findings: Vec<String>,
    pub(super) seconds: f64,
}

/// A server and what is reported of it.
#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) verify: Option<Outcome>,
    pub(super) schemathesis: Option<Outcome>,
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Results {
    pub(super) rows: Vec<Row>,
}

impl Results {
    /// Reads the results of earlier runs.
    pub(super) fn read() -> Result<Self, String> {
        let wrong = |error: String| format!("cannot read {FILE}: {error}; remove it to begin again");
        match fs::read(crate::root().join(FILE)) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| wrong(error.to_string())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Results::default()),
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    /// Keeps a row per server, in their order.
    pub(super) fn keep(&mut self, subjects: &[Subject]) {
        let mut kept: BTreeMap<_, _> = self.rows.drain(..).map(|row| (row.name.clone(), row)).collect();
        self.rows = subjects
            .iter()
            .map(|Subject { name, about, .. }| {
                let (verify, schemathesis) =
                    kept.remove(name).map_or((None, None), |row| (row.verify, row.schemathesis));
                Row { name: name.clone(), about: about.clone(), verify, schemathesis }
            })
            .collect();
    }

    /// Sets a result and writes the file.
    pub(super) fn set(&mut self, name: &str, tool: Tool, outcome: Outcome) -> Result<(), String> {
        if let Some(row) = self.rows.iter_mut().find(|row| row.name == name) {
            *row.of_mut(tool) = Some(outcome);
        }
        let text = serde_json::to_vec_pretty(self).map_err(|error| error.to_string());
        let written =
            text.and_then(|text| fs::write(crate::root().join(FILE), text).map_err(|error| error.to_string()));
        written.map_err(|error| format!("cannot write {FILE}: {error}"))
    }

    /// Whether there is a result of a tool on a server.
    pub(super) fn has(&self, name: &str, tool: Tool) -> bool {
        self.rows.iter().any(|row| row.name == name && row.of(tool).is_some())
    }

    /// Whether this server is correct and there is no result of a tool on it.
    pub(super) fn lacks_accusations(&self, name: &str, tool: Tool) -> bool {
        CORRECT.contains(&name) && !self.has(name, tool)
    }

    /// What a tool reports of a server, other than what it reports of the correct one. `None` if it was not run.
    pub(super) fn found<'r>(&'r self, row: &'r Row, tool: Tool) -> Option<Vec<&'r str>> {
        // Servers with a fault are strict.
        let correct = self.rows.iter().find(|row| row.name == STRICT).and_then(|row| row.of(tool));
        let accusations = correct.map_or(&[][..], |outcome| &outcome.findings);
        let is_found = |finding: &&String| row.is_correct() || !accusations.contains(finding);
        Some(row.of(tool)?.findings.iter().filter(is_found).map(|finding| &finding[..]).collect())
    }
}

impl Row {
    pub(super) fn is_correct(&self) -> bool {
        CORRECT.contains(&&self.name[..])
    }

    pub(super) fn of(&self, tool: Tool) -> Option<&Outcome> {
        match tool {
            Tool::Verify => self.verify.as_ref(),
            Tool::Schemathesis => self.schemathesis.as_ref(),
        }
    }

    fn of_mut(&mut self, tool: Tool) -> &mut Option<Outcome> {
        match tool {
            Tool::Verify => &mut self.verify,
            Tool::Schemathesis => &mut self.schemathesis,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let findings = if self.findings.is_empty() { "nothing".to_owned() } else { self.findings.join(", ") };
        write!(out, "{findings} ({:.1} s)", self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, findings: &[&str]) -> Row {
        let findings = findings.iter().map(|&finding| finding.to_owned()).collect();
        let schemathesis = Some(Outcome { findings, seconds: 1.0 });
        Row { name: name.to_owned(), about: String::new(), verify: None, schemathesis }
    }

    #[test]
    fn what_the_correct_server_is_accused_of_is_not_found() {
        let rows = vec![row(STRICT, &["a"]), row(TOLERANT, &["b"]), row("first", &["a"]), row("second", &["a", "b"])];
        let results = Results { rows };
        let found: Vec<_> = results.rows.iter().map(|row| results.found(row, Tool::Schemathesis)).collect();
        assert_eq!(found, [Some(vec!["a"]), Some(vec!["b"]), Some(vec![]), Some(vec!["b"])]);
        assert!(results.rows.iter().all(|row| results.found(row, Tool::Verify).is_none()));
        assert!(results.lacks_accusations(STRICT, Tool::Verify) && !results.lacks_accusations("first", Tool::Verify));
    }

    #[test]
    fn earlier_results_are_kept_in_the_order_of_the_servers() {
        let mut results = Results { rows: vec![row("gone", &[]), row("kept", &["b"])] };
        let subject = |name: &str| Subject {
            name: name.to_owned(),
            about: "It does wrong.".to_owned(),
            arguments: Vec::new(),
            profile: "strict",
        };
        results.keep(&[subject("new"), subject("kept")]);
        let kept: Vec<_> = results.rows.iter().map(|row| (&row.name[..], row.schemathesis.is_some())).collect();
        assert_eq!(kept, [("new", false), ("kept", true)]);
    }
}
