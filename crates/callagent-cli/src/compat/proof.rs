//! Proofs that a schema, or a part of one, accepts all that the wide side does.
//!
//! Schemas of one class are equal. Where no format and nothing that no rule judges is involved, the algebra of the
//! `jsonschema` crate is trusted where it says yes and no plain value refutes it.

use serde_json::Value;

use super::{
    algebra::is_subset,
    opaque::Opaque,
    patterns,
    units::{Unit, only},
    walk::{Sides, Spot, Walk},
    witness::is_refuted,
};

impl<'s> Walk<'s> {
    /// Whether the wide side says the same.
    pub(super) fn is_said(&self, spot: &Spot<'s>, unit: &Unit) -> bool {
        let Sides { classes, narrow, wide, .. } = self.sides;
        let part = unit.group(spot.narrow.schema).map(|part| classes.of(narrow, &part));
        spot.wide.iter().any(|at| match &unit.field {
            Some(name) if unit.keyword == "required" => {
                let names = at.schema.get("required").and_then(Value::as_array);
                names.is_some_and(|names| names.iter().any(|other| other == name))
            }
            _ => part.is_some() && part == unit.group(at.schema).map(|part| classes.of(wide, &part)),
        })
    }

    /// Whether the wide side says something by these keywords that no rule judges.
    pub(super) fn is_unjudged(&self, spot: &Spot<'s>, keywords: &[&str]) -> bool {
        let said = spot.wide.iter().filter_map(|at| at.schema.as_object());
        said.into_iter().any(|said| Opaque::of(self.wide, &only(said, keywords)).undecided)
    }

    /// Whether each text that matches the wide side's patterns matches the narrow one.
    pub(super) fn is_pattern_proven(spot: &Spot<'s>, unit: &Unit) -> bool {
        let pattern = |schema: &'s Value| schema.get("pattern").and_then(Value::as_str);
        let Some(narrow) = pattern(spot.narrow.schema).filter(|_| unit.keyword == "pattern") else { return false };
        let wide: Vec<_> = spot.wide.iter().filter_map(|at| pattern(at.schema)).collect();
        !wide.is_empty() && patterns::is_subset(&wide, narrow)
    }

    /// Whether a part of the narrow schema is proven to accept all that the wide side does. Nothing is asked of what no
    /// rule judges on the wide side.
    pub(super) fn is_proven(&self, wide: &Value, narrow: &Value) -> bool {
        let Sides { classes, narrow: narrow_side, wide: wide_side, .. } = self.sides;
        if *narrow == true || classes.of(narrow_side, narrow) == classes.of(wide_side, wide) {
            return true;
        }
        if Opaque::of(self.wide, wide).reversed {
            return false;
        }
        let subset = self.wide.whole(wide);
        // Where nothing is accepted, formats and the like do not matter.
        let is_opaque = Opaque::of(self.narrow, narrow).any;
        let superset = if is_opaque { Value::Bool(false) } else { self.narrow.whole(narrow) };
        is_subset(&subset, &superset) && !is_refuted(&subset, &superset)
    }

    /// Whether all of the narrow schema is, and nothing differs that no rule judges.
    pub(super) fn is_whole_proven(&self, spot: &Spot<'s>, wide: &Value) -> bool {
        let Sides { classes, narrow, wide: wide_side, .. } = self.sides;
        let class = classes.of(narrow, spot.narrow.schema);
        spot.wide.iter().any(|at| classes.of(wide_side, at.schema) == class)
            || !Opaque::of(self.wide, wide).undecided && self.is_proven(wide, spot.narrow.schema)
    }
}
