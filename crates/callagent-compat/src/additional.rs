//! The fields that the reader does not name.

use serde_json::{Map, Value, json};

use crate::{
    algebra::{self, fresh_names},
    prover::{Goal, Part},
    rules,
    spot::{At, Spot},
    units::{Unit, without},
    walk::Walk,
};

impl<'s> Walk<'_, 's> {
    /// Compares the fields that the reader does not name.
    pub(crate) fn additional_fields(&mut self, spot: &Spot<'s>, keywords: &'s Map<String, Value>) {
        let Some(additional) = keywords.get("additionalProperties") else { return };
        let properties = keywords.get("properties").and_then(Value::as_object);
        let any = |schemas: Option<&Map<String, Value>>| {
            schemas.into_iter().flatten().map(|(name, _)| (name.clone(), Value::Bool(true))).collect::<Map<_, _>>()
        };
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let part = json!({
            "properties": any(properties), "patternProperties": any(patterns), "additionalProperties": additional,
        });
        let written = spot.writer.iter().map(|at| at.schema).collect();
        let goal = Goal::new(spot.reader.schema, written).part(Part::Keyword("additionalProperties"));
        if self.prover.proves(goal) || self.is_proven_by_algebra(spot, &["additionalProperties"], &part) {
            return;
        }
        if patterns.is_some_and(|patterns| !patterns.is_empty()) {
            let rest = without(keywords, &["additionalProperties"]);
            let (row, keyword) = (rules::CLOSED, "additionalProperties");
            let unit = Unit { row, keyword, part, rest, field: None, group: &[] };
            return self.check(spot, unit);
        }
        let reader = spot.reader.below(additional, &["additionalProperties"]);
        let known = spot.known();
        let is_named = |name: &String| properties.is_some_and(|properties| properties.contains_key(name));
        for name in known.iter().filter(|name| !is_named(name)) {
            self.open.push_back(spot.field(name, reader.clone(), rules::FIELD));
        }
        // One name represents all fields that neither side knows, and one each pattern of the writer.
        let fresh = |pattern: Option<&str>| {
            let mut names =
                pattern.and_then(|pattern| algebra::name(&[pattern], &[], &[])).into_iter().chain(fresh_names());
            names.find(|name| !known.contains(name) && !is_named(name))
        };
        let patterns = spot.writer.iter().filter_map(|at| Some((at, at.schema.get("patternProperties")?.as_object()?)));
        for (at, patterns) in patterns {
            for (pattern, schema) in patterns {
                let Some(name) = fresh(Some(pattern)) else { continue };
                let writer = vec![at.below(schema, &["patternProperties", pattern])];
                self.open.push_back(Spot { writer, ..spot.field(&name, reader.clone(), rules::CLOSED) });
            }
        }
        let additional =
            |at: &At<'s>| Some(at.below(at.schema.get("additionalProperties")?, &["additionalProperties"]));
        if let Some(name) = fresh(None) {
            let writer = spot.writer.iter().filter_map(additional).collect();
            self.open.push_back(Spot { writer, ..spot.field(&name, reader, rules::CLOSED) });
        }
    }
}
