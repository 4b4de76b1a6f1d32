//! The comparison of one keyword, and of values that no rule covers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    difference::{Decision, Difference},
    pointer::child,
    schemas::{Schemas, UNDECIDED},
    spot::{At, Spot, conjuncts},
    units::Unit,
    walk::{MAX_SEARCHES, Outcome, Walk},
};

impl<'s> Walk<'_, 's> {
    /// Returns whether a unit of the reader's schema is proven.
    pub(crate) fn is_unit_proven(&mut self, spot: &Spot<'s>, unit: &Unit) -> bool {
        self.is_stated(spot, unit)
            || self.is_part_proven(spot, unit)
            || self.is_proven_by_algebra(spot, unit.keywords(), &unit.part)
            || Self::is_pattern_proven(spot, unit)
    }

    /// Searches for a witness against a unit that is not proven. The spots are paths to the same pair of schemas.
    pub(crate) fn refute(&mut self, spots: &[Spot<'s>], unit: Unit) {
        let Some(first) = spots.first() else { return };
        let (reader, written) = self.pointers(first, &unit);
        // The same break is reported once.
        let place = (reader.clone(), written.clone(), unit.field.clone(), unit.row.superset, first.own_message());
        let known = self.outcomes.get(&place).copied();
        if known.is_some_and(|known| known.breaks) {
            return;
        }
        let writer = first.together();
        let mut searches = known.map_or(0, |known| known.searches);
        let (mut shown, mut is_unfinished) = (None, false);
        for spot in spots {
            if shown.is_some() || searches >= MAX_SEARCHES {
                break;
            }
            searches += 1;
            self.sides.work.begin();
            shown = self.witness(spot, &writer, &unit).map(|witness| (spot, witness));
            is_unfinished |= self.sides.work.is_exhausted();
        }
        let breaks = shown.is_some();
        let index = known.map_or(self.found.len(), |known| known.index);
        self.outcomes.insert(place, Outcome { index, breaks, searches });
        let (spot, witness) = shown.map_or((first, None), |(spot, witness)| (spot, Some(witness)));
        let difference = Difference {
            message: spot.message,
            decision: match witness {
                Some(_) => Decision::Breaks(unit.row),
                None if is_unfinished => Decision::Unfinished,
                None => Decision::Undecided,
            },
            keyword: unit.keyword.to_owned(),
            path: spot.path.clone(),
            reader,
            writer: written,
            field: unit.field,
            witness,
        };
        match self.found.get_mut(index) {
            None => self.found.push(difference),
            // Another path has shown the break.
            Some(known) if breaks => *known = difference,
            Some(_) => {}
        }
    }

    /// The pointers of a unit in the documents of the reader and the writer.
    fn pointers(&self, spot: &Spot<'s>, unit: &Unit) -> (String, Option<String>) {
        let has_keyword = |at: &&At<'_>| at.schema.get(unit.keyword).is_some();
        let is_more = |at: &&At<'_>| at.schema.get("$ref").is_none();
        let writer = spot.writer.iter().find(has_keyword).or(spot.writer.iter().find(is_more)).or(spot.writer.first());
        let pointer = |schemas: &Schemas<'_>, at: &At<'_>| {
            let pointer = at.document_pointer(schemas);
            if unit.keyword.is_empty() { pointer } else { child(&pointer, unit.keyword) }
        };
        (pointer(self.reader, &spot.reader), writer.map(|at| pointer(self.writer, at)))
    }

    /// Compares the values of a part that no rule covers.
    pub(crate) fn compare_undecided(&mut self, spot: &Spot<'s>) {
        let reader = conjuncts(self.reader, std::slice::from_ref(&spot.reader));
        let of = |side, conjuncts: &[At<'s>]| {
            let values = conjuncts.iter().filter_map(|at| Some((at, at.schema.get(UNDECIDED)?.as_object()?)));
            let values = values.flat_map(|(at, values)| values.iter().map(move |(name, value)| (at, name, value)));
            let text = |(at, name, value): (&At<'s>, &String, &Value)| {
                ((name.clone(), self.sides.classes.undecided(side, value)), at.clone())
            };
            values.map(text).collect::<BTreeMap<_, _>>()
        };
        let (reader_values, writer_values) = (of(self.sides.reader, &reader), of(self.sides.writer, &spot.writer));
        let differing = |values: &BTreeMap<(String, String), At<'s>>, others: &BTreeMap<(String, String), At<'s>>| {
            let values = values.iter().filter(|(value, _)| !others.contains_key(value));
            values.map(|((name, _), at)| (name.clone(), at.clone())).collect::<BTreeMap<_, _>>()
        };
        let removed = differing(&reader_values, &writer_values);
        let added = differing(&writer_values, &reader_values);
        let names: BTreeSet<_> = removed.keys().chain(added.keys()).cloned().collect();
        for name in names {
            let pointer = |schemas: &Schemas<'_>, at: Option<&At<'_>>| {
                at.map(|at| schemas.undecided_pointer(at.definition, &at.pointer, &name))
            };
            let reader = pointer(self.reader, removed.get(&name).or(reader.first())).unwrap_or_default();
            let writer = pointer(self.writer, added.get(&name).or(spot.writer.first()));
            self.found.push(Difference {
                message: spot.message,
                decision: Decision::NoRule,
                keyword: name,
                path: spot.path.clone(),
                field: None,
                reader,
                writer,
                witness: None,
            });
        }
    }
}
