//! The rules of proofs by structure: from which goals another one follows.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{
    conjuncts::{Conjuncts, Types, has_patterns, referred},
    disjoint::{Of, are_disjoint, numbers},
    numbers::{is_at_least, is_greater, is_multiple},
    patterns,
    prover::{Goal, Part, Prover, Role},
    schemas::UNDECIDED,
    units::only,
};

/// The maximum number of listed values to compare.
const MAX_VALUES: usize = 2000;

impl<'s> Prover<'s> {
    /// Returns whether a goal follows from others.
    pub(crate) fn holds(&mut self, goal: &Goal<'s>) -> bool {
        let writer = Conjuncts::new(self.writer, goal.writer.iter().copied(), goal.types);
        if writer.is_false {
            return true;
        }
        if !self.are_undecided_parts_equal(goal, &writer) {
            return false;
        }
        let class = self.classes.of(self.reader_side, goal.reader);
        if writer.all.iter().any(|schema| self.classes.of(self.writer_side, schema) == class) {
            return true;
        }
        !self.has_undecided_alternative(goal, &writer) && self.follows(goal, &writer)
            || self.follows_for_each(goal, &writer)
    }

    /// Returns whether both sides have the same parts that no rule covers.
    fn are_undecided_parts_equal(&self, goal: &Goal<'s>, writer: &Conjuncts<'s>) -> bool {
        let reader = || Conjuncts::new(self.reader, [goal.reader], Types::ALL);
        match (goal.role, goal.alternative) {
            (Role::Conjunct, None) => true,
            (Role::Whole, None) => {
                self.undecided(self.reader_side, &reader()) == self.undecided(self.writer_side, writer)
            }
            (_, Some(_)) if goal.has_union() => true,
            (_, alternative) => {
                let ours = self.undecided(self.reader_side, &reader());
                let theirs = Conjuncts::new(self.writer, alternative, Types::ALL);
                ours.is_subset(&self.undecided(self.writer_side, writer))
                    && self.undecided(self.writer_side, &theirs).is_subset(&ours)
            }
        }
    }

    /// Returns whether an alternative of the writer has parts that no rule covers, which only it may have.
    fn has_undecided_alternative(&self, goal: &Goal<'s>, writer: &Conjuncts<'s>) -> bool {
        let alternatives = writer.union(&goal.passed).map_or(&[][..], |(_, alternatives)| alternatives);
        alternatives
            .iter()
            .any(|alternative| Conjuncts::new(self.writer, [alternative], Types::ALL).each(UNDECIDED).next().is_some())
    }

    fn follows(&mut self, goal: &Goal<'s>, writer: &Conjuncts<'s>) -> bool {
        let keywords = match goal.reader {
            Value::Bool(is_true) => return *is_true,
            Value::Object(keywords) => keywords,
            _ => return false,
        };
        match &goal.part {
            Part::All => keywords.keys().all(|keyword| self.keyword(keyword, keywords, goal, writer)),
            Part::Keyword(keyword) => self.keyword(keyword, keywords, goal, writer),
            Part::Null => !writer.types.has(Types::NULL),
            Part::TypeButNull => {
                let types = keywords.get("type").map_or(Types::ALL, Types::of_keyword);
                !writer.types.has(Types::ALL.without(types.or(Types::NULL)))
            }
            Part::Required(name) => !writer.types.has(Types::OBJECT) || writer.requires(name),
        }
    }

    /// Returns whether the goal follows for each alternative of the writer, or for each type.
    fn follows_for_each(&mut self, goal: &Goal<'s>, writer: &Conjuncts<'s>) -> bool {
        if let Some((address, alternatives)) = writer.union(&goal.passed) {
            return alternatives.iter().all(|alternative| self.needs(goal.with_alternative(address, alternative)));
        }
        if !goal.has_union() || writer.types.each().count() < 2 {
            return false;
        }
        writer.types.each().all(|types| self.needs(Goal { types, ..goal.clone() }))
    }

    /// Returns whether a keyword of the reader is satisfied.
    fn keyword(
        &mut self,
        keyword: &str,
        keywords: &'s Map<String, Value>,
        goal: &Goal<'s>,
        writer: &Conjuncts<'s>,
    ) -> bool {
        let Some(value) = keywords.get(keyword) else { return true };
        let types = writer.types;
        let conjunct = |reader: &'s Value| Goal { reader, part: Part::All, role: Role::Conjunct, ..goal.clone() };
        match keyword {
            "$ref" => match referred(self.reader, keywords) {
                Some(target) => self.needs(conjunct(target)),
                None => false,
            },
            "allOf" => array(value).iter().all(|schema| self.needs(conjunct(schema))),
            "type" => !types.has(Types::ALL.without(Types::of_keyword(value))),
            "enum" => is_among(array(value), writer),
            "const" => is_among(std::slice::from_ref(value), writer),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                !types.has(Types::NUMBER) || is_number_implied(keyword, value, writer)
            }
            "minLength" | "maxLength" => !types.has(Types::STRING) || is_number_implied(keyword, value, writer),
            "minItems" | "maxItems" => !types.has(Types::ARRAY) || is_number_implied(keyword, value, writer),
            "minProperties" | "maxProperties" => {
                !types.has(Types::OBJECT)
                    || is_number_implied(keyword, value, writer)
                    || is_count_implied(keyword, value, writer)
            }
            "pattern" => !types.has(Types::STRING) || self.is_pattern_implied(value, writer),
            "uniqueItems" => {
                *value == false || !types.has(Types::ARRAY) || writer.each("uniqueItems").any(|unique| *unique == true)
            }
            "required" => {
                let mut names = array(value).iter().filter_map(Value::as_str);
                !types.has(Types::OBJECT) || names.all(|name| writer.requires(name))
            }
            "properties" => {
                let mut properties = value.as_object().into_iter().flatten();
                !types.has(Types::OBJECT)
                    || properties.all(|(name, schema)| self.needs(Goal::new(schema, writer.field(name))))
            }
            "additionalProperties" => !types.has(Types::OBJECT) || self.additional(value, keywords, writer),
            "prefixItems" | "items" => !types.has(Types::ARRAY) || self.items(keywords, writer),
            "anyOf" => self.alternatives(array(value), goal, writer, false),
            "oneOf" => self.alternatives(array(value), goal, writer, true),
            // Compared with `contains` and `if`, or elsewhere.
            "minContains" | "maxContains" | "then" | "else" | UNDECIDED => true,
            "contains" | "unevaluatedItems" if !types.has(Types::ARRAY) => true,
            "propertyNames"
            | "patternProperties"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties"
                if !types.has(Types::OBJECT) =>
            {
                true
            }
            _ => self.is_stated(keyword, keywords, writer),
        }
    }

    /// Returns whether the writer states the same in a group of keywords.
    fn is_stated(&self, keyword: &str, keywords: &'s Map<String, Value>, writer: &Conjuncts<'s>) -> bool {
        let group: &[&str] = match keyword {
            "contains" => &["contains", "minContains", "maxContains"],
            "if" => &["if", "then", "else"],
            // They depend on all other keywords.
            "unevaluatedProperties" | "unevaluatedItems" => return false,
            keyword => &[keyword],
        };
        let class = self.classes.of(self.reader_side, &only(keywords, group));
        let mut stated = writer.keywords().filter(|keywords| keywords.contains_key(keyword));
        stated.any(|keywords| self.classes.of(self.writer_side, &only(keywords, group)) == class)
    }

    fn is_pattern_implied(&self, value: &Value, writer: &Conjuncts<'s>) -> bool {
        let stated: Vec<_> = writer.each("pattern").filter_map(Value::as_str).collect();
        let Some(pattern) = value.as_str() else { return false };
        stated.contains(&pattern)
            || !stated.is_empty() && self.work.take(PATTERN_STEPS) && patterns::is_subset(&stated, pattern)
    }

    /// Returns whether the fields that the reader does not name are accepted.
    fn additional(&mut self, value: &'s Value, keywords: &'s Map<String, Value>, writer: &Conjuncts<'s>) -> bool {
        let properties = keywords.get("properties").and_then(Value::as_object);
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let is_named = |name: &str| properties.is_some_and(|properties| properties.contains_key(name));
        let names = writer.names().into_iter().filter(|name| !is_named(name));
        let fields = names.map(|name| writer.field(name)).collect::<Vec<_>>();
        let of_patterns = writer.each("patternProperties").filter_map(Value::as_object).flatten();
        let of_patterns =
            of_patterns.filter(|(pattern, _)| !patterns.is_some_and(|known| known.contains_key(*pattern)));
        let of_patterns = of_patterns.map(|(_, schema)| vec![schema]).collect::<Vec<_>>();
        // A field that no schema names is either one of these, or `additionalProperties` applies to it.
        let others = writer.each("additionalProperties").collect();
        let all = fields.into_iter().chain(of_patterns).chain([others]);
        all.into_iter().all(|written| self.needs(Goal::new(value, written)))
    }

    fn items(&mut self, keywords: &'s Map<String, Value>, writer: &Conjuncts<'s>) -> bool {
        let prefix = keywords.get("prefixItems").map_or(&[][..], array);
        let mut positions = prefix.iter().enumerate();
        if !positions.all(|(index, schema)| self.needs(Goal::new(schema, writer.item(Some(index))))) {
            return false;
        }
        let Some(items) = keywords.get("items") else { return true };
        let is_short =
            numbers(writer, "maxItems").any(|most| most.as_u64().is_some_and(|most| most <= prefix.len() as u64));
        let others = (prefix.len()..writer.positions()).map(Some).chain([None]);
        is_short || others.into_iter().all(|index| self.needs(Goal::new(items, writer.item(index))))
    }

    /// Returns whether some alternative accepts everything, and for `oneOf` the others accept nothing of it.
    fn alternatives(
        &mut self,
        alternatives: &'s [Value],
        goal: &Goal<'s>,
        writer: &Conjuncts<'s>,
        is_exclusive: bool,
    ) -> bool {
        for (index, reader) in alternatives.iter().enumerate() {
            let accepts = Goal { reader, part: Part::All, role: Role::Alternative, ..goal.clone() };
            if self.needs(accepts) && (!is_exclusive || self.are_others_disjoint(alternatives, index, goal, writer)) {
                return true;
            }
        }
        false
    }

    pub(crate) fn are_others_disjoint(
        &self,
        alternatives: &'s [Value],
        index: usize,
        goal: &Goal<'s>,
        writer: &Conjuncts<'s>,
    ) -> bool {
        let mut others = alternatives.iter().enumerate().filter(|(other, _)| *other != index);
        others.all(|(_, other)| {
            let other = Conjuncts::new(self.reader, [other], Types::ALL);
            let other = Of { schemas: self.reader, conjuncts: &other };
            are_disjoint(other, Of { schemas: self.writer, conjuncts: writer }, &goal.passed, self.work)
        })
    }
}

/// The steps of a proof about patterns.
const PATTERN_STEPS: u64 = 2000;

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn is_among(values: &[Value], writer: &Conjuncts<'_>) -> bool {
    let written = writer.values().filter(|written| written.len() <= MAX_VALUES);
    written.is_some_and(|written| written.iter().all(|value| values.contains(value)))
}

/// Returns whether a bound of the writer implies the reader's.
fn is_number_implied(keyword: &str, value: &Value, writer: &Conjuncts<'_>) -> bool {
    let Value::Number(bound) = value else { return false };
    let mut same = numbers(writer, keyword);
    match keyword {
        "multipleOf" => {
            let is_integer = !writer.types.has(Types::NUMBER.without(Types::named("integer")));
            is_integer && bound.as_u64() == Some(1) || same.any(|stated| is_multiple(stated, bound))
        }
        "minLength" | "minItems" | "minProperties" if bound.as_u64() == Some(0) => true,
        "minLength" | "minItems" | "minProperties" => same.any(|stated| is_at_least(stated, bound)),
        "maxLength" | "maxItems" | "maxProperties" => same.any(|stated| is_at_least(bound, stated)),
        "minimum" => same.chain(numbers(writer, "exclusiveMinimum")).any(|stated| is_at_least(stated, bound)),
        "maximum" => same.chain(numbers(writer, "exclusiveMaximum")).any(|stated| is_at_least(bound, stated)),
        "exclusiveMinimum" => {
            same.any(|stated| is_at_least(stated, bound))
                || numbers(writer, "minimum").any(|stated| is_greater(stated, bound))
        }
        "exclusiveMaximum" => {
            same.any(|stated| is_at_least(bound, stated))
                || numbers(writer, "maximum").any(|stated| is_greater(bound, stated))
        }
        _ => false,
    }
}

/// Returns whether the named fields imply a bound of the number of fields.
fn is_count_implied(keyword: &str, value: &Value, writer: &Conjuncts<'_>) -> bool {
    let Some(bound) = value.as_u64() else { return false };
    if keyword == "minProperties" {
        return writer.required().collect::<BTreeSet<_>>().len() as u64 >= bound;
    }
    let closed = writer.keywords().filter(|keywords| {
        keywords.get("additionalProperties") == Some(&Value::Bool(false)) && !has_patterns(keywords)
    });
    let counts = closed.map(|keywords| keywords.get("properties").and_then(Value::as_object).map_or(0, Map::len));
    counts.into_iter().any(|count| count as u64 <= bound)
}
