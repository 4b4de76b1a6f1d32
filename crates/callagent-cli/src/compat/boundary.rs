//! Values right beyond what a schema accepts by `contains` or by the names of fields, where the algebra finds none.

use serde_json::{Map, Value, json};

use super::algebra::{self, set, simple_values};

/// How many patterns of a schema are looked at, and how many items an array may get.
const MOST_PATTERNS: usize = 12;
const MOST_ITEMS: u64 = 10_000;
/// How many names are looked for by patterns.
const MOST_NAMES: usize = 64;

/// Two whole schemas: what a value is to be accepted by, and a part of a schema that it is to break.
pub(super) struct Boundary<'s> {
    pub(super) wide: &'s Value,
    pub(super) part: &'s Value,
}

impl Boundary<'_> {
    /// Values that may be accepted by the one schema and break the other; it is for validators to say.
    pub(super) fn values(&self) -> Vec<Value> {
        let mut values = self.arrays();
        values.extend(self.objects());
        values
    }

    /// Arrays with as many items, or items of a kind, as are too many, too few, or none.
    fn arrays(&self) -> Vec<Value> {
        let mut arrays = self.distinct();
        for part in conjuncts(self.part) {
            let Some(contains) = part.get("contains") else { continue };
            let count = |name: &str| part.get(name).and_then(Value::as_u64);
            let not = json!({"not": contains});
            for (kind, length) in [
                (contains, count("maxContains").and_then(|most| most.checked_add(1))),
                (contains, count("minContains").unwrap_or(1).checked_sub(1)),
                (&not, Some(1)),
            ] {
                let Some(length) = length.filter(|length| *length <= MOST_ITEMS) else { continue };
                let items = self.items(kind);
                let Some(first) = items.first() else { continue };
                arrays.push((0..length).map(|_| first.clone()).collect());
                arrays.push((0..length).zip(items.iter().cycle()).map(|(_, item)| item.clone()).collect());
                arrays.push((0..length).map(Value::from).collect());
                arrays.push((0..length).map(|number| Value::from(format!("x{number}"))).collect());
            }
        }
        arrays
    }

    /// Arrays of different items, one longer or shorter than may be.
    fn distinct(&self) -> Vec<Value> {
        let lengths = conjuncts(self.part).flat_map(|part| {
            let count = |name: &str| part.get(name).and_then(Value::as_u64);
            [
                count("maxItems").and_then(|most| most.checked_add(1)),
                count("minItems").and_then(|least| least.checked_sub(1)),
            ]
        });
        let lengths: Vec<_> = lengths.flatten().filter(|length| *length <= MOST_ITEMS).collect();
        let makers: [fn(u64) -> Value; 4] = [
            Value::from,
            |number| format!("x{number}").into(),
            |number| json!({ "a": number }),
            |number| json!([number]),
        ];
        let of = |length: u64| makers.map(|item| (0..length).map(item).collect());
        lengths.into_iter().flat_map(of).collect()
    }

    /// Items of a kind that the other schema may accept.
    fn items(&self, kind: &Value) -> Vec<Value> {
        let of = |mut wide: Value, kind: &Value| {
            wide.as_object_mut()?.insert("allOf".into(), Value::Array(vec![kind.clone()]));
            let set = set(&with_definitions(&wide, self.part))?;
            Some((0..3).filter_map(|turn| algebra::value(&set, turn)).collect::<Vec<_>>())
        };
        let listed = conjuncts(self.wide).filter_map(|wide| wide.get("items"));
        let mut items: Vec<_> = listed.filter_map(|items| of(items.clone(), kind)).flatten().collect();
        items.extend(of(Value::Object(Map::new()), kind).into_iter().flatten());
        items
    }

    /// Objects with one more field, by the patterns of names, or with more fields than may be.
    fn objects(&self) -> Vec<Value> {
        let names = self.names();
        let most = conjuncts(self.part).filter_map(|part| part.get("maxProperties")?.as_u64()).min();
        let most = most.and_then(|most| usize::try_from(most).ok()).filter(|most| *most < MOST_NAMES);
        if names.is_empty() && most.is_none() {
            return Vec::new();
        }
        let base = set(self.wide).and_then(|set| {
            let objects = algebra::set(&json!({"type": "object"}))?;
            algebra::value(&set.intersect(&objects).ok()?, 0)
        });
        let base = base.and_then(|base| base.as_object().cloned()).unwrap_or_default();
        let mut fields = self.fields();
        fields.extend(simple_values());
        let with = |name: &String, field: &Value| {
            let mut object = base.clone();
            object.insert(name.clone(), field.clone());
            Value::Object(object)
        };
        let mut objects: Vec<_> =
            fields.iter().flat_map(|field| names.iter().map(move |name| with(name, field))).collect();
        if let Some(most) = most {
            let names = self.many_names(most + 1);
            let full = fields.iter().map(|field| {
                let fields = names.iter().map(|name| (name.clone(), field.clone()));
                base.clone().into_iter().chain(fields).take(most + 1).collect::<Map<_, _>>()
            });
            objects.extend(full.map(Value::from));
        }
        objects
    }

    /// As many names that each of the other schema's patterns matches.
    fn many_names(&self, count: usize) -> Vec<String> {
        let patterns = patterns(self.wide);
        let mut names = Vec::<String>::new();
        while names.len() < count {
            let not: Vec<_> = names.iter().map(String::as_str).collect();
            let Some(name) = algebra::name(&patterns, &[], &not) else { break };
            names.push(name);
        }
        names
    }

    /// Values of fields by the patterns of their names: accepted, refused, or both by either schema.
    fn fields(&self) -> Vec<Value> {
        let sets = |whole: &Value, is_refused: bool| {
            let fields = conjuncts(whole).filter_map(|schema| schema.get("patternProperties")?.as_object());
            let fields = fields.flat_map(Map::values).take(MOST_PATTERNS);
            let of = |field: &Value| {
                let field = if is_refused { json!({"not": field}) } else { json!({"allOf": [field]}) };
                set(&with_definitions(&field, whole))
            };
            fields.filter_map(of).collect::<Vec<_>>()
        };
        let (accepted, refused) = (sets(self.wide, false), sets(self.part, true));
        let pairs = accepted.iter().flat_map(|one| refused.iter().map(move |other| one.intersect(other).ok()));
        let mut fields: Vec<_> = pairs.flatten().filter_map(|both| algebra::value(&both, 0)).collect();
        fields.extend(accepted.iter().chain(&refused).filter_map(|set| algebra::value(set, 0)));
        fields
    }

    /// Names that the patterns of the one schema tell from those of the other.
    fn names(&self) -> Vec<String> {
        let (wide, part) = (patterns(self.wide), patterns(self.part));
        if part.is_empty() && wide.is_empty() {
            return Vec::new();
        }
        let find = |matching: &[&str], not_matching: &[&str]| algebra::name(matching, not_matching, &[]);
        let mut names = Vec::new();
        for one in &wide {
            names.extend(find(&[one], &part));
            names.extend(part.iter().filter_map(|other| find(&[one], &[other])));
        }
        for one in &part {
            names.extend(find(&wide, &[one]));
            names.extend(find(&[], &[one]));
            names.extend(find(&[one], &wide));
            names.extend(wide.iter().filter_map(|other| find(&[one, other], &[])));
            names.extend(find(&[one], &[]));
        }
        names.sort();
        names.dedup();
        names
    }
}

/// The schemas that a whole schema is made of, as far as they are written in it.
fn conjuncts(whole: &Value) -> impl Iterator<Item = &Value> {
    let mut found = Vec::new();
    let mut open = vec![whole];
    while let Some(schema) = open.pop() {
        found.push(schema);
        open.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten());
    }
    found.into_iter()
}

/// The patterns of the names of an object's fields.
fn patterns(whole: &Value) -> Vec<&str> {
    let mut patterns = Vec::new();
    for schema in conjuncts(whole) {
        let fields = schema.get("patternProperties").and_then(Value::as_object);
        patterns.extend(fields.into_iter().flat_map(Map::keys).map(String::as_str));
        patterns.extend(schema.get("propertyNames").and_then(|names| names.get("pattern")?.as_str()));
    }
    patterns.truncate(MOST_PATTERNS);
    patterns
}

/// A schema with the definitions of a whole one, whose references it has.
fn with_definitions(schema: &Value, whole: &Value) -> Value {
    let mut schema = schema.clone();
    if let (Some(keywords), Some(definitions)) = (schema.as_object_mut(), whole.get("$defs")) {
        keywords.insert("$defs".into(), definitions.clone());
    }
    schema
}
