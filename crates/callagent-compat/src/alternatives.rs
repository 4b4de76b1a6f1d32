//! The alternatives of unions, paired where each of the writer's has one counterpart.

use serde_json::{Map, Value};

use crate::{
    conjuncts::{Conjuncts, Types},
    prover::{Goal, Part, Role},
    schemas::{Schemas, UNDECIDED},
    spot::{At, Spot, Step},
    walk::Walk,
};

impl<'s> Walk<'_, 's> {
    /// Pairs each alternative of the writer that is not proven with one of the reader, if all are references or unions.
    /// Then the differences of the pairs are reported instead of that of the union.
    pub(crate) fn alternatives(&mut self, spot: &Spot<'s>, keywords: &'s Map<String, Value>) -> Option<Vec<Spot<'s>>> {
        let (keyword, is_exclusive) = match (keywords.contains_key("anyOf"), keywords.contains_key("oneOf")) {
            (true, false) => ("anyOf", false),
            (false, true) => ("oneOf", true),
            _ => return None,
        };
        let readers = keywords.get(keyword)?.as_array()?;
        let written: Vec<_> = spot.writer.iter().map(|at| at.schema).collect();
        let conjuncts = Conjuncts::new(self.writer, written.iter().copied(), Types::ALL);
        let (address, _) = conjuncts.union(&[])?;
        let is_it = |list: &&Vec<Value>| list.as_ptr().addr() == address;
        let (union, name, writers) = spot.writer.iter().find_map(|at| {
            let named =
                ["anyOf", "oneOf"].into_iter().filter_map(|name| Some((name, at.schema.get(name)?.as_array()?)));
            named.into_iter().find(|(_, list)| is_it(list)).map(|(name, list)| (at, name, list))
        })?;
        // Everything else that the writer says about the value is in the union's schema, and no assertion.
        let is_nothing_else = |keyword: &String| keyword == name || keyword == UNDECIDED;
        if !union.schema.as_object().is_some_and(|keywords| keywords.keys().all(is_nothing_else))
            || !spot.writer.iter().all(|at| at.is_reference() || std::ptr::eq(at.schema, union.schema))
        {
            return None;
        }
        let mut goal = Goal::new(spot.reader.schema, written).part(Part::Keyword(keyword));
        goal.role = Role::Conjunct;
        let classes = self.sides.classes;
        let union_pair =
            (classes.of(self.sides.reader, spot.reader.schema), classes.of(self.sides.writer, union.schema));
        // The same pairs were added before.
        if self.unions.contains(&union_pair) {
            return Some(Vec::new());
        }
        let mut pairs = Vec::new();
        for (position, alternative) in writers.iter().enumerate() {
            let goal = goal.with_alternative(address, alternative);
            if self.prover.proves(goal.clone()) {
                continue;
            }
            let written = union.below(alternative, &[name, &position.to_string()]);
            let conjuncts = Conjuncts::new(self.writer, goal.writer.iter().copied(), Types::ALL);
            let candidates = readers.iter().enumerate().filter(|(_, reader)| {
                let pair = Goal { reader, part: Part::All, role: Role::Alternative, ..goal.clone() };
                self.prover.is_plausible(&pair)
            });
            let candidates: Vec<_> = candidates.collect();
            let (index, reader) = match candidates.as_slice() {
                [only] => *only,
                _ => self.counterpart(&candidates, position, alternative)?,
            };
            let reader = spot.reader.below(reader, &[keyword, &index.to_string()]);
            if !reader.is_reference_or_union() || !written.is_reference_or_union() {
                return None;
            }
            if is_exclusive && !self.prover.are_others_disjoint(readers, index, &goal, &conjuncts) {
                return None;
            }
            let path = spot.path.iter().cloned().chain([Step::Alternative(address, position)]).collect();
            pairs.push(Spot { path, reader, writer: vec![written], is_conjunct: false, ..spot.clone() });
        }
        // Differences within references are reported once, those of other alternatives at each position.
        if pairs.iter().all(|pair| pair.reader.is_reference() && pair.writer.iter().all(At::is_reference)) {
            self.unions.insert(union_pair);
        }
        Some(pairs)
    }

    /// The one of several alternatives of the reader that has the same name as the writer's, or the same position.
    fn counterpart(
        &self,
        candidates: &[(usize, &'s Value)],
        position: usize,
        alternative: &'s Value,
    ) -> Option<(usize, &'s Value)> {
        let name = |schemas: &'s Schemas<'_>, schema: &Value| {
            let (number, _) = schemas.resolve(schema.get("$ref")?.as_str()?)?;
            Some(schemas.pointer(number))
        };
        let written = name(self.writer, alternative);
        let is_it = |(index, reader): &&(usize, &'s Value)| {
            name(self.reader, reader) == written && (written.is_some() || *index == position)
        };
        candidates.iter().find(is_it).copied()
    }
}
