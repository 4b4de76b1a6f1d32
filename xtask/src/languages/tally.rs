//! What a tool made of the vectors: counts, and in a few words what it does not do.

use std::collections::{BTreeMap, BTreeSet};

use callagent::{Code, model::Direction};
use serde_json::Value;

use crate::{
    conformance::Answer,
    engines::compare::is_same,
    vectors::{Judge, Vector},
};

/// So many of so many.
#[derive(Default, Clone, Copy)]
pub(super) struct Of(usize, usize);

#[derive(Default)]
pub(super) struct Tally {
    request: Counts,
    response: Counts,
    /// Of the invalid documents, by what is wrong with them: those that it let pass.
    passed: BTreeMap<String, Of>,
    /// The sentences of the contract that each valid document shows, and whether it was refused.
    valid: Vec<(Vec<String>, bool)>,
    /// Of the valid documents that it wrote again: those that it left alike.
    alike: Of,
    /// What it does to the others.
    changes: BTreeMap<&'static str, usize>,
    /// How often the harness broke down, which counts as a wrong verdict.
    broken: usize,
    /// The vectors that went wrong, for who looks closer.
    wrong: Vec<String>,
}

/// The documents of a direction that were judged right.
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
    pub(super) fn add(&mut self, vector: &Vector, due: &Judge, answer: Answer) {
        let is_valid = due.violations.is_empty();
        let (said, output) = match answer {
            Answer::Judged(verdict) => (verdict.valid, verdict.output),
            Answer::Broken(reason) => {
                self.broken += 1;
                self.wrong.push(format!("{}: {reason}", vector.id));
                (!is_valid, None)
            }
            Answer::Applied { .. } | Answer::NotApplicable => (!is_valid, None),
        };
        if said != is_valid {
            self.wrong.push(vector.id.clone());
        }
        let counts = match due.direction {
            Direction::Request => &mut self.request,
            Direction::Response => &mut self.response,
        };
        if is_valid {
            counts.valid.add(said);
            self.valid.push((vector.contract.clone(), !said));
        } else {
            counts.invalid.add(!said);
            for what in whats(due) {
                self.passed.entry(what).or_default().add(said);
            }
        }
        if let (true, true, Some(output)) = (is_valid, said, output) {
            self.write(vector, due, &output);
        }
    }

    pub(super) fn counts(&self, direction: Direction) -> Counts {
        match direction {
            Direction::Request => self.request,
            Direction::Response => self.response,
        }
    }

    /// How many documents it wrote again alike; none where it writes none.
    pub(super) fn alike(&self) -> Option<Of> {
        (self.alike.1 > 0).then_some(self.alike)
    }

    /// Whether nothing went wrong.
    pub(super) fn is_right(&self) -> bool {
        self.wrong.is_empty()
    }

    /// What it cannot express, as it showed.
    pub(super) fn gaps(&self) -> String {
        let mut gaps = Vec::new();
        let passed = self.passed.iter().filter(|(_, Of(passed, _))| *passed > 0);
        listed(&mut gaps, "lets pass", passed.map(|(what, of)| format!("{what} ({of})")));
        listed(&mut gaps, "refuses", self.refused().into_iter().map(|(what, of)| format!("{what} ({of})")));
        listed(&mut gaps, "on writing", self.changes.iter().map(|(change, times)| format!("{change} ({times})")));
        if self.broken > 0 {
            gaps.push(format!("breaks down: {} times", self.broken));
        }
        if gaps.is_empty() { "nothing was missed".to_owned() } else { gaps.join("; ") }
    }

    pub(super) fn show(&self) {
        for wrong in &self.wrong {
            eprintln!("    {wrong}");
        }
    }

    /// Sentences of which at least half of the valid documents were refused, those first that explain most; and how many
    /// are left then.
    fn refused(&self) -> Vec<(String, Of)> {
        let mut left: Vec<_> =
            self.valid.iter().filter(|(_, refused)| *refused).map(|(sentences, _)| sentences).collect();
        let all = left.len();
        let mut explaining = Vec::new();
        let is_telling = |sentence: &&String| {
            let Of(refused, all) = self.refused_of(sentence);
            refused * 2 >= all
        };
        while let Some(next) = left
            .iter()
            .copied()
            .flatten()
            .filter(is_telling)
            .max_by_key(|sentence| left.iter().filter(|sentences| sentences.contains(sentence)).count())
            .cloned()
        {
            left.retain(|sentences| !sentences.contains(&next));
            let of = self.refused_of(&next);
            explaining.push((next, of));
        }
        if !left.is_empty() {
            explaining.push(("others".to_owned(), Of(left.len(), all)));
        }
        explaining
    }

    fn refused_of(&self, sentence: &String) -> Of {
        let mut of = Of::default();
        self.valid
            .iter()
            .filter(|(sentences, _)| sentences.contains(sentence))
            .for_each(|(_, refused)| of.add(*refused));
        of
    }

    fn write(&mut self, vector: &Vector, due: &Judge, output: &str) {
        let text = due.output.as_deref().map_or(&due.text[..], str::as_bytes);
        let values = (serde_json::from_slice(&due.text), serde_json::from_slice(text), serde_json::from_str(output));
        let (Ok(input), Ok(due), Ok(output)) = values else { return self.change(vector, ["writes no JSON"].into()) };
        let mut changes = BTreeSet::new();
        compare(&input, &due, &output, &mut changes);
        self.change(vector, changes);
    }

    fn change(&mut self, vector: &Vector, changes: BTreeSet<&'static str>) {
        self.alike.add(changes.is_empty());
        if !changes.is_empty() {
            self.wrong.push(format!("{}: {changes:?}", vector.id));
        }
        for change in changes {
            *self.changes.entry(change).or_default() += 1;
        }
    }
}

fn listed(gaps: &mut Vec<String>, does: &str, what: impl Iterator<Item = String>) {
    let what: Vec<_> = what.collect();
    if !what.is_empty() {
        gaps.push(format!("{does} {}", what.join(", ")));
    }
}

/// What is wrong with an invalid document.
fn whats(due: &Judge) -> BTreeSet<String> {
    let value = due.document().value;
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
    due.violations.iter().map(what).collect()
}

/// How a document was changed. It may be left as it came, or written as the model of this project writes it.
fn compare(input: &Value, due: &Value, output: &Value, changes: &mut BTreeSet<&'static str>) {
    match (input, output) {
        (Value::Object(input), Value::Object(output)) => {
            for (name, before) in input {
                match output.get(name) {
                    Some(after) => compare(before, due.get(name).unwrap_or(before), after, changes),
                    None if due.get(name).is_none() => {}
                    None if before.is_null() => drop(changes.insert("drops nulls")),
                    None => drop(changes.insert("drops fields")),
                }
            }
            for (name, after) in output.iter().filter(|(name, _)| !input.contains_key(*name)) {
                match due.get(name) {
                    Some(due) if is_same(due, after) => {}
                    _ if after.is_null() => drop(changes.insert("inserts nulls")),
                    _ => drop(changes.insert("inserts fields")),
                }
            }
        }
        (Value::Array(input), Value::Array(output)) if input.len() == output.len() => {
            for (at, (before, after)) in input.iter().zip(output).enumerate() {
                compare(before, due.get(at).unwrap_or(before), after, changes);
            }
        }
        (input, output) if is_same(input, output) => {}
        _ => drop(changes.insert("changes values")),
    }
}
