//! Proofs that two schemas accept no common value.

use serde_json::{Number, Value};

use crate::{
    conjuncts::{Conjuncts, Types},
    numbers::{is_at_least, is_greater, may_be_equal},
    schemas::Schemas,
    work::Work,
};

/// The maximum depth of fields and alternatives to look at.
const MAX_DEPTH: usize = 4;

/// Conjuncts of a document.
#[derive(Clone, Copy)]
pub(crate) struct Of<'c, 's> {
    pub(crate) schemas: &'s Schemas<'s>,
    pub(crate) conjuncts: &'c Conjuncts<'s>,
}

impl<'s> Of<'_, 's> {
    fn field(self, name: &str) -> Conjuncts<'s> {
        Conjuncts::new(self.schemas, self.conjuncts.field(name), Types::ALL)
    }
}

/// Returns whether two schemas are proven to accept no common value. `passed` are unions that were split already.
pub(crate) fn are_disjoint(one: Of<'_, '_>, other: Of<'_, '_>, passed: &[usize], work: &Work) -> bool {
    Disjoint { passed, work }.check(one, other, MAX_DEPTH)
}

struct Disjoint<'w> {
    passed: &'w [usize],
    work: &'w Work,
}

impl Disjoint<'_> {
    fn check(&self, one: Of<'_, '_>, other: Of<'_, '_>, depth: usize) -> bool {
        if !self.work.take(1) {
            return false;
        }
        let (first, second) = (one.conjuncts, other.conjuncts);
        let common = first.types.and(second.types);
        if first.is_false || second.is_false || common.is_empty() {
            return true;
        }
        if let (Some(ours), Some(theirs)) = (first.values(), second.values())
            && !ours.iter().any(|value| theirs.iter().any(|other| may_be_equal(value, other)))
        {
            return true;
        }
        depth > 0
            && (self.are_objects_disjoint(one, other, depth)
                || are_ranges_disjoint(first, second, common)
                || self.is_split_disjoint(one, other, depth)
                || self.is_split_disjoint(other, one, depth))
    }

    /// Returns whether a field that one of them requires has no common value.
    fn are_objects_disjoint(&self, one: Of<'_, '_>, other: Of<'_, '_>, depth: usize) -> bool {
        let common = one.conjuncts.types.and(other.conjuncts.types);
        if common.has(Types::ALL.without(Types::OBJECT)) {
            return false;
        }
        let required = || one.conjuncts.required().chain(other.conjuncts.required());
        let is_apart = |name: &str, depth: usize| {
            let (ours, theirs) = (one.field(name), other.field(name));
            let ours = Of { schemas: one.schemas, conjuncts: &ours };
            self.check(ours, Of { schemas: other.schemas, conjuncts: &theirs }, depth)
        };
        // Mostly a field with a single value tells them apart.
        required().any(|name| is_apart(name, 0)) || required().any(|name| is_apart(name, depth - 1))
    }

    /// Returns whether all alternatives of one are disjoint from the other.
    fn is_split_disjoint(&self, one: Of<'_, '_>, other: Of<'_, '_>, depth: usize) -> bool {
        let Some((address, alternatives)) = one.conjuncts.union(self.passed) else { return false };
        let passed: Vec<_> = self.passed.iter().copied().chain([address]).collect();
        let below = Disjoint { passed: &passed, work: self.work };
        alternatives.iter().all(|alternative| {
            let roots = one.conjuncts.all.iter().copied().chain([alternative]);
            let conjuncts = Conjuncts::new(one.schemas, roots, one.conjuncts.types);
            below.check(Of { schemas: one.schemas, conjuncts: &conjuncts }, other, depth - 1)
        })
    }
}

/// Returns whether the ranges of numbers or of lengths have nothing in common.
fn are_ranges_disjoint(one: &Conjuncts<'_>, other: &Conjuncts<'_>, common: Types) -> bool {
    let only = |types: Types| !common.has(Types::ALL.without(types));
    let is_beyond = |one: &Conjuncts<'_>, other: &Conjuncts<'_>, least: &str, most: &str, or_equal: bool| {
        numbers(one, least).any(|least| {
            numbers(other, most).any(|most| if or_equal { is_at_least(least, most) } else { is_greater(least, most) })
        })
    };
    let are_apart = |least, most, or_equal| {
        is_beyond(one, other, least, most, or_equal) || is_beyond(other, one, least, most, or_equal)
    };
    only(Types::NUMBER)
        && (are_apart("minimum", "maximum", false)
            || are_apart("exclusiveMinimum", "maximum", true)
            || are_apart("minimum", "exclusiveMaximum", true))
        || only(Types::STRING) && are_apart("minLength", "maxLength", false)
        || only(Types::ARRAY) && are_apart("minItems", "maxItems", false)
        || only(Types::OBJECT) && are_apart("minProperties", "maxProperties", false)
}

pub(crate) fn numbers<'s>(of: &Conjuncts<'s>, keyword: &str) -> impl Iterator<Item = &'s Number> {
    of.each(keyword).filter_map(|value| match value {
        Value::Number(number) => Some(number),
        _ => None,
    })
}
