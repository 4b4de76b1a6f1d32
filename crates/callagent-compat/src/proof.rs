//! Proofs that a schema of the reader accepts everything that the writer may write.
//!
//! Schemas of the same class are equal. Others are compared by structure, and small ones by the `jsonschema` crate's
//! algebra: without formats and parts that no rule covers, a positive result is trusted unless a simple value refutes it.

use serde_json::Value;

use crate::{
    algebra::{MAX_EXTENT, is_subset, steps},
    opaque::Opaque,
    patterns,
    prover::{Goal, Role},
    spot::Spot,
    units::{Unit, only},
    walk::{Sides, Walk},
    witness::is_refuted,
};

impl<'s> Walk<'_, 's> {
    /// Returns whether the writer states the same.
    pub(super) fn is_stated(&self, spot: &Spot<'s>, unit: &Unit) -> bool {
        let Sides { classes, reader, writer, .. } = self.sides;
        let part = unit.group(spot.reader.schema).map(|part| classes.of(reader, &part));
        spot.writer.iter().any(|at| match &unit.field {
            Some(name) if unit.keyword == "required" => {
                let names = at.schema.get("required").and_then(Value::as_array);
                names.is_some_and(|names| names.iter().any(|other| other == name))
            }
            _ => part.is_some() && part == unit.group(at.schema).map(|part| classes.of(writer, &part)),
        })
    }

    /// Returns whether the writer has parts in these keywords that no rule covers.
    fn is_without_rule(&self, spot: &Spot<'s>, keywords: &[&str]) -> bool {
        let said = spot.writer.iter().filter_map(|at| at.schema.as_object());
        said.into_iter().any(|said| Opaque::of(self.writer, &only(said, keywords)).undecided)
    }

    /// Returns whether every string that matches the writer's patterns matches the reader's.
    pub(super) fn is_pattern_proven(spot: &Spot<'s>, unit: &Unit) -> bool {
        let pattern = |schema: &'s Value| schema.get("pattern").and_then(Value::as_str);
        let Some(reader) = pattern(spot.reader.schema).filter(|_| unit.keyword == "pattern") else { return false };
        let writer: Vec<_> = spot.writer.iter().filter_map(|at| pattern(at.schema)).collect();
        !writer.is_empty() && patterns::is_subset(&writer, reader)
    }

    /// Returns whether a part of the reader's schema is proven to accept everything that the writer may write.
    pub(super) fn is_part_proven(&mut self, spot: &Spot<'s>, unit: &Unit) -> bool {
        let writer = spot.writer.iter().map(|at| at.schema).collect();
        self.prover.proves(Goal::new(spot.reader.schema, writer).part(unit.part()))
    }

    /// Returns whether the algebra proves that a part of the reader's schema accepts everything that the writer may
    /// write. Parts of the writer that no rule covers are ignored.
    fn is_proven(&self, writer: &Value, reader: &Value) -> bool {
        let Sides { classes, reader: reader_side, writer: writer_side, .. } = self.sides;
        if *reader == true || classes.of(reader_side, reader) == classes.of(writer_side, writer) {
            return true;
        }
        if !self.is_affordable(writer, reader) || Opaque::of(self.writer, writer).reversed {
            return false;
        }
        let subset = self.writer.whole(writer);
        // If nothing is accepted, formats do not matter.
        let is_opaque = Opaque::of(self.reader, reader).any;
        let superset = if is_opaque { Value::Bool(false) } else { self.reader.whole(reader) };
        is_subset(&subset, &superset) && !is_refuted(&subset, &superset)
    }

    /// The same for a part of these keywords, if the schemas are small enough and rules cover all parts of the writer.
    pub(super) fn is_proven_by_algebra(&self, spot: &Spot<'s>, keywords: &[&str], part: &Value) -> bool {
        let writer = spot.together();
        self.is_affordable(&writer, part) && !self.is_without_rule(spot, keywords) && self.is_proven(&writer, part)
    }

    /// Returns whether the schemas are small enough for the algebra, and takes the steps for it.
    fn is_affordable(&self, writer: &Value, reader: &Value) -> bool {
        let extents = self.writer.extent(writer, MAX_EXTENT).zip(self.reader.extent(reader, MAX_EXTENT));
        extents.is_some_and(|(writer, reader)| self.sides.work.take(steps(writer + reader)))
    }

    /// Returns whether the whole reader's schema is proven, and no part differs that no rule covers.
    pub(super) fn is_whole_proven(&mut self, spot: &Spot<'s>) -> bool {
        let Sides { classes, reader, writer: writer_side, .. } = self.sides;
        let class = classes.of(reader, spot.reader.schema);
        if spot.writer.iter().any(|at| classes.of(writer_side, at.schema) == class) {
            return true;
        }
        let role = if spot.is_conjunct { Role::Conjunct } else { Role::Whole };
        let goal = Goal::new(spot.reader.schema, spot.writer.iter().map(|at| at.schema).collect());
        if self.prover.proves(Goal { role, ..goal }) {
            return true;
        }
        let writer = spot.together();
        self.writer.extent(&writer, MAX_EXTENT).is_some()
            && !Opaque::of(self.writer, &writer).undecided
            && self.is_proven(&writer, spot.reader.schema)
    }
}
