//! The schemas that apply to one value together, and what they say about it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::schemas::Schemas;

/// The maximum number of schemas that apply to one value. Ignoring some accepts more.
const MAX_CONJUNCTS: usize = 200;

static TRUE: Value = Value::Bool(true);

/// A set of JSON types, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Types(u8);

const NAMES: [&str; 7] = ["null", "boolean", "string", "integer", "number", "array", "object"];
/// The bit of numbers with a fraction. `number` is this one and `integer`.
const FRACTION: u8 = 1 << 4;
const INTEGER: u8 = 1 << 3;

impl Types {
    pub(crate) const ALL: Types = Types(0x7F);
    pub(crate) const NULL: Types = Types(1);
    pub(crate) const STRING: Types = Types(1 << 2);
    pub(crate) const NUMBER: Types = Types(INTEGER | FRACTION);
    pub(crate) const ARRAY: Types = Types(1 << 5);
    pub(crate) const OBJECT: Types = Types(1 << 6);

    pub(crate) fn named(name: &str) -> Types {
        match NAMES.iter().position(|other| *other == name) {
            Some(4) => Types::NUMBER,
            Some(bit) => Types(1 << bit),
            None => Types(0),
        }
    }

    pub(crate) fn of_value(value: &Value) -> Types {
        match value {
            Value::Null => Types::NULL,
            Value::Bool(_) => Types(1 << 1),
            Value::String(_) => Types::STRING,
            Value::Number(number) if number.is_f64() && number.as_f64().is_none_or(|float| float.fract() != 0.0) => {
                Types(FRACTION)
            }
            Value::Number(_) => Types(INTEGER),
            Value::Array(_) => Types::ARRAY,
            Value::Object(_) => Types::OBJECT,
        }
    }

    /// The types of the keyword `type`.
    pub(crate) fn of_keyword(value: &Value) -> Types {
        let names = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        names.iter().filter_map(Value::as_str).map(Types::named).fold(Types(0), Types::or)
    }

    pub(crate) fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    pub(crate) fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Types) -> Types {
        Types(self.0 & !other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn has(self, other: Types) -> bool {
        !self.and(other).is_empty()
    }

    /// Each type by itself.
    pub(crate) fn each(self) -> impl Iterator<Item = Types> {
        (0..7).map(|bit| Types(1 << bit)).filter(move |one| self.has(*one))
    }

    /// The name of a single type.
    pub(crate) fn name(self) -> &'static str {
        NAMES.get(self.0.trailing_zeros() as usize).copied().unwrap_or_default()
    }
}

/// Schemas that apply to one value, after following references and `allOf`.
#[derive(Clone)]
pub(crate) struct Conjuncts<'s> {
    pub(crate) all: Vec<&'s Value>,
    /// Whether no value satisfies them.
    pub(crate) is_false: bool,
    pub(crate) types: Types,
}

impl<'s> Conjuncts<'s> {
    pub(crate) fn new(schemas: &'s Schemas<'_>, roots: impl IntoIterator<Item = &'s Value>, types: Types) -> Self {
        let mut found = Conjuncts { all: Vec::new(), is_false: false, types };
        let mut open: Vec<_> = roots.into_iter().collect();
        open.reverse();
        while let Some(schema) = open.pop() {
            match schema {
                Value::Bool(is_true) => found.is_false |= !is_true,
                Value::Object(keywords) => {
                    if found.all.len() >= MAX_CONJUNCTS || found.all.iter().any(|other| std::ptr::eq(*other, schema)) {
                        continue;
                    }
                    found.all.push(schema);
                    open.extend(keywords.get("allOf").and_then(Value::as_array).into_iter().flatten());
                    open.extend(referred(schemas, keywords));
                }
                _ => {}
            }
        }
        found.types = found.keywords().fold(found.types, |types, keywords| types.and(own_types(keywords)));
        found.is_false |= found.types.is_empty();
        found
    }

    /// The keywords of each schema.
    pub(crate) fn keywords(&self) -> impl Iterator<Item = &'s Map<String, Value>> {
        self.all.iter().filter_map(|schema| schema.as_object())
    }

    /// The values of a keyword.
    pub(crate) fn each(&self, keyword: &str) -> impl Iterator<Item = &'s Value> {
        self.all.iter().filter_map(move |schema| schema.get(keyword))
    }

    /// The listed values, if they are listed.
    pub(crate) fn values(&self) -> Option<Vec<&'s Value>> {
        let lists = self.keywords().flat_map(|keywords| {
            let list = keywords.get("enum").and_then(Value::as_array).map(|values| values.iter().collect::<Vec<_>>());
            list.into_iter().chain(keywords.get("const").map(|value| vec![value]))
        });
        lists
            .min_by_key(Vec::len)
            .map(|values| values.into_iter().filter(|value| self.types.has(Types::of_value(value))).collect())
    }

    pub(crate) fn requires(&self, name: &str) -> bool {
        self.required().any(|other| other == name)
    }

    pub(crate) fn required(&self) -> impl Iterator<Item = &'s str> {
        self.each("required").filter_map(Value::as_array).flatten().filter_map(Value::as_str)
    }

    /// The schemas of a field. Patterns that may match its name are ignored.
    pub(crate) fn field(&self, name: &str) -> Vec<&'s Value> {
        let of = |keywords: &'s Map<String, Value>| {
            if let Some(schema) = keywords.get("properties").and_then(|properties| properties.get(name)) {
                return Some(schema);
            }
            keywords.get("additionalProperties").filter(|_| !has_patterns(keywords))
        };
        self.keywords().filter_map(of).collect()
    }

    /// The schemas of fields that no schema names.
    pub(crate) fn additional(&self) -> Vec<&'s Value> {
        let open = self.keywords().filter(|keywords| !has_patterns(keywords));
        open.filter_map(|keywords| keywords.get("additionalProperties")).collect()
    }

    /// The names of all fields that may occur.
    pub(crate) fn names(&self) -> BTreeSet<&'s str> {
        let properties = self.each("properties").filter_map(Value::as_object).flatten();
        properties.filter(|(_, schema)| **schema != false).map(|(name, _)| name.as_str()).collect()
    }

    /// The schemas of the item at a position, or of those after all positions with a schema of their own.
    pub(crate) fn item(&self, index: Option<usize>) -> Vec<&'s Value> {
        let of = |keywords: &'s Map<String, Value>| {
            let prefix = keywords.get("prefixItems").and_then(Value::as_array);
            let own = prefix.zip(index).and_then(|(prefix, index)| prefix.get(index));
            own.or_else(|| keywords.get("items"))
        };
        self.keywords().filter_map(of).collect()
    }

    /// The number of positions with a schema of their own.
    pub(crate) fn positions(&self) -> usize {
        self.each("prefixItems").filter_map(Value::as_array).map(Vec::len).max().unwrap_or_default()
    }

    /// The alternatives of the first `anyOf` or `oneOf` that is not in `passed`.
    pub(crate) fn union(&self, passed: &[usize]) -> Option<(usize, &'s [Value])> {
        let lists = self.keywords().flat_map(|keywords| [keywords.get("anyOf"), keywords.get("oneOf")]);
        let lists = lists.flatten().filter_map(Value::as_array).map(Vec::as_slice);
        lists.map(|list| (list.as_ptr().addr(), list)).find(|(address, _)| !passed.contains(address))
    }
}

/// The types that a schema's own keywords permit.
fn own_types(keywords: &Map<String, Value>) -> Types {
    let of_type = keywords.get("type").map_or(Types::ALL, Types::of_keyword);
    let of_values = |values: &[Value]| values.iter().map(Types::of_value).fold(Types(0), Types::or);
    let of_enum = keywords.get("enum").and_then(Value::as_array).map_or(Types::ALL, |values| of_values(values));
    let of_const = keywords.get("const").map_or(Types::ALL, Types::of_value);
    of_type.and(of_enum).and(of_const)
}

pub(crate) fn has_patterns(keywords: &Map<String, Value>) -> bool {
    keywords.get("patternProperties").and_then(Value::as_object).is_some_and(|patterns| !patterns.is_empty())
}

/// The target of the reference.
pub(crate) fn referred<'s>(schemas: &'s Schemas<'_>, keywords: &Map<String, Value>) -> Option<&'s Value> {
    schemas.resolve(keywords.get("$ref")?.as_str()?).map(|(_, schema)| schema)
}

/// The schema itself, after following references without siblings.
pub(crate) fn resolved<'s>(schemas: &'s Schemas<'_>, mut schema: &'s Value) -> &'s Value {
    for _ in 0..MAX_CONJUNCTS {
        match schema.as_object().filter(|keywords| keywords.len() == 1).and_then(|keywords| referred(schemas, keywords))
        {
            Some(target) => schema = target,
            None => return schema,
        }
    }
    &TRUE
}
