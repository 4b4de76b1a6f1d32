//! The results of a tool on the vectors: counts, and a summary of what it does not support.

use std::collections::{BTreeMap, BTreeSet};

use callagent::{Code, model::Direction};
use callagent_testkit::{
    is_same,
    vectors::{Check, Vector},
};
use serde_json::Value;

use crate::conformance::Response;

/// A part of a total.
#[derive(Default, Clone, Copy)]
pub(super) struct Of(usize, usize);

#[derive(Default)]
pub(super) struct Tally {
    request: Counts,
    response: Counts,
    /// The accepted invalid documents, by violation.
    passed: BTreeMap<String, Of>,
    /// The sentences of the contract for each valid document, and whether it was rejected.
    valid: Vec<(Vec<String>, bool)>,
    /// The valid documents that it wrote back unchanged.
    round_trips: Of,
    /// The changes in the others.
    changes: BTreeMap<&'static str, usize>,
    /// The number of failures of the adapter, which count as wrong verdicts.
    broken: usize,
    /// The vectors with wrong results.
    wrong: Vec<String>,
}

/// The documents of a direction with the right verdict.
#[derive(Default, Clone, Copy)]
pub(super) struct Counts {
    pub(super) valid: Of,
    pub(super) invalid: Of,
}

impl Of {
    fn add(&mut self, counts: bool) {
        self.0 += usize::from(counts);
        self.1 += 1;
    }
}

impl std::fmt::Display for Of {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} of {}", self.0, self.1)
    }
}

impl Tally {
    pub(super) fn add(&mut self, vector: &Vector, expected: &Check, response: Response) {
        let is_valid = expected.violations.is_empty();
        let (accepted, output) = match response {
            Response::Verdict(verdict) => (verdict.valid, verdict.output),
            Response::Broken(reason) => {
                self.broken += 1;
                self.wrong.push(format!("{}: {reason}", vector.id));
                (!is_valid, None)
            }
            Response::Applied { .. } | Response::NotApplicable => (!is_valid, None),
        };
        if accepted != is_valid {
            self.wrong.push(vector.id.clone());
        }
        let counts = match expected.direction {
            Direction::Request => &mut self.request,
            Direction::Response => &mut self.response,
        };
        if is_valid {
            counts.valid.add(accepted);
            self.valid.push((vector.contract.clone(), !accepted));
        } else {
            counts.invalid.add(!accepted);
            for what in violations(expected) {
                self.passed.entry(what).or_default().add(accepted);
            }
        }
        if let (true, true, Some(output)) = (is_valid, accepted, output) {
            self.write(vector, expected, &output);
        }
    }

    pub(super) fn counts(&self, direction: Direction) -> Counts {
        match direction {
            Direction::Request => self.request,
            Direction::Response => self.response,
        }
    }

    /// The number of documents that it wrote back unchanged, if it writes any.
    pub(super) fn round_trips(&self) -> Option<Of> {
        (self.round_trips.1 > 0).then_some(self.round_trips)
    }

    /// Returns whether there are no wrong results.
    pub(super) fn is_right(&self) -> bool {
        self.wrong.is_empty()
    }

    /// A summary of what it cannot express.
    pub(super) fn gaps(&self) -> String {
        let mut gaps = Vec::new();
        let passed = self.passed.iter().filter(|(_, Of(passed, _))| *passed > 0);
        push_summary(&mut gaps, "accepts", passed.map(|(what, of)| format!("{what} ({of})")));
        push_summary(&mut gaps, "rejects", self.rejected().into_iter().map(|(what, of)| format!("{what} ({of})")));
        push_summary(
            &mut gaps,
            "serialization",
            self.changes.iter().map(|(change, times)| format!("{change} ({times})")),
        );
        if self.broken > 0 {
            gaps.push(format!("fails: {} times", self.broken));
        }
        if gaps.is_empty() { "nothing".to_owned() } else { gaps.join("; ") }
    }

    pub(super) fn show(&self) {
        for wrong in &self.wrong {
            eprintln!("    {wrong}");
        }
    }

    /// Sentences of which at least half of the valid documents were rejected, most significant first, and the number of
    /// rejections that they do not explain.
    fn rejected(&self) -> Vec<(String, Of)> {
        let mut left: Vec<_> =
            self.valid.iter().filter(|(_, rejected)| *rejected).map(|(sentences, _)| sentences).collect();
        let all = left.len();
        let mut explaining = Vec::new();
        let explains = |sentence: &&String| {
            let Of(rejected, all) = self.rejected_by(sentence);
            rejected * 2 >= all
        };
        while let Some(next) = left
            .iter()
            .copied()
            .flatten()
            .filter(explains)
            .max_by_key(|sentence| left.iter().filter(|sentences| sentences.contains(sentence)).count())
            .cloned()
        {
            left.retain(|sentences| !sentences.contains(&next));
            let of = self.rejected_by(&next);
            explaining.push((next, of));
        }
        if !left.is_empty() {
            explaining.push(("others".to_owned(), Of(left.len(), all)));
        }
        explaining
    }

    fn rejected_by(&self, sentence: &String) -> Of {
        let mut of = Of::default();
        self.valid
            .iter()
            .filter(|(sentences, _)| sentences.contains(sentence))
            .for_each(|(_, rejected)| of.add(*rejected));
        of
    }

    fn write(&mut self, vector: &Vector, expected: &Check, output: &str) {
        let text = expected.output.as_deref().map_or(&expected.text[..], str::as_bytes);
        let values =
            (serde_json::from_slice(&expected.text), serde_json::from_slice(text), serde_json::from_str(output));
        let (Ok(input), Ok(expected), Ok(output)) = values else {
            return self.change(vector, ["is not JSON"].into());
        };
        let mut changes = BTreeSet::new();
        compare(&input, &expected, &output, &mut changes);
        self.change(vector, changes);
    }

    fn change(&mut self, vector: &Vector, changes: BTreeSet<&'static str>) {
        self.round_trips.add(changes.is_empty());
        if !changes.is_empty() {
            self.wrong.push(format!("{}: {changes:?}", vector.id));
        }
        for change in changes {
            *self.changes.entry(change).or_default() += 1;
        }
    }
}

fn push_summary(gaps: &mut Vec<String>, does: &str, what: impl Iterator<Item = String>) {
    let what: Vec<_> = what.collect();
    if !what.is_empty() {
        gaps.push(format!("{does} {}", what.join(", ")));
    }
}

/// The violations of an invalid document.
fn violations(expected: &Check) -> BTreeSet<String> {
    let value = expected.document().value;
    let what = |(pointer, code): &(String, Code)| match (*code, value.and_then(|value| value.pointer(pointer))) {
        (Code::WRONG_TYPE, Some(Value::Null)) => "wrong-type (null)".to_owned(),
        (Code::WRONG_TYPE, Some(Value::Number(number)))
            if number.as_f64().is_some_and(|number| number.fract() != 0.0) =>
        {
            "wrong-type (fraction)".to_owned()
        }
        (Code::MISSING_FIELD, _) => format!("missing-field ({})", pointer.rsplit('/').next().unwrap_or(pointer)),
        (code, _) => code.as_str().to_owned(),
    };
    expected.violations.iter().map(what).collect()
}

/// The change of a document, which should be unchanged or as the model serializes it.
fn compare(input: &Value, expected: &Value, output: &Value, changes: &mut BTreeSet<&'static str>) {
    match (input, output) {
        (Value::Object(input), Value::Object(output)) => {
            for (name, before) in input {
                match output.get(name) {
                    Some(after) => compare(before, expected.get(name).unwrap_or(before), after, changes),
                    None if expected.get(name).is_none() => {}
                    None if before.is_null() => drop(changes.insert("drops nulls")),
                    None => drop(changes.insert("drops fields")),
                }
            }
            for (name, after) in output.iter().filter(|(name, _)| !input.contains_key(*name)) {
                match expected.get(name) {
                    Some(expected) if is_same(expected, after) => {}
                    _ if after.is_null() => drop(changes.insert("inserts nulls")),
                    _ => drop(changes.insert("inserts fields")),
                }
            }
        }
        (Value::Array(input), Value::Array(output)) if input.len() == output.len() => {
            for (at, (before, after)) in input.iter().zip(output).enumerate() {
                compare(before, expected.get(at).unwrap_or(before), after, changes);
            }
        }
        (input, output) if is_same(input, output) => {}
        _ => drop(changes.insert("changes values")),
    }
}
