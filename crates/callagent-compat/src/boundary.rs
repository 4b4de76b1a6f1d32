//! Values just outside of a schema's `contains` or field names, where the algebra finds none.

use serde_json::{Map, Value, json};

use crate::algebra::{self, set, simple_values};

/// The maximum number of patterns of a schema and of items in an array.
const MAX_PATTERNS: usize = 12;
const MAX_ITEMS: u64 = 10_000;
/// The maximum number of names to find by patterns.
const MAX_NAMES: usize = 64;

/// Two self-contained schemas: the values are accepted by `writer` and violate `part`.
pub(super) struct Boundary<'s> {
    pub(super) writer: &'s Value,
    pub(super) part: &'s Value,
}

impl Boundary<'_> {
    /// Candidate values, to be checked by validators.
    pub(super) fn values(&self) -> Vec<Value> {
        let mut values = self.arrays();
        values.extend(self.objects());
        values
    }

    /// Arrays with too many, too few or no items, or items of a kind.
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
                let Some(length) = length.filter(|length| *length <= MAX_ITEMS) else { continue };
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

    /// Arrays of distinct items, one item too long or too short.
    fn distinct(&self) -> Vec<Value> {
        let lengths = conjuncts(self.part).flat_map(|part| {
            let count = |name: &str| part.get(name).and_then(Value::as_u64);
            [
                count("maxItems").and_then(|most| most.checked_add(1)),
                count("minItems").and_then(|least| least.checked_sub(1)),
            ]
        });
        let lengths: Vec<_> = lengths.flatten().filter(|length| *length <= MAX_ITEMS).collect();
        let makers: [fn(u64) -> Value; 4] = [
            Value::from,
            |number| format!("x{number}").into(),
            |number| json!({ "a": number }),
            |number| json!([number]),
        ];
        let of = |length: u64| makers.map(|item| (0..length).map(item).collect());
        lengths.into_iter().flat_map(of).collect()
    }

    /// Items of a kind that the writer may write.
    fn items(&self, kind: &Value) -> Vec<Value> {
        let of = |mut writer: Value, kind: &Value| {
            writer.as_object_mut()?.insert("allOf".into(), Value::Array(vec![kind.clone()]));
            let set = set(&with_definitions(&writer, self.part))?;
            Some((0..3).filter_map(|turn| algebra::value(&set, turn)).collect::<Vec<_>>())
        };
        let listed = conjuncts(self.writer).filter_map(|writer| writer.get("items"));
        let mut items: Vec<_> = listed.filter_map(|items| of(items.clone(), kind)).flatten().collect();
        items.extend(of(Value::Object(Map::new()), kind).into_iter().flatten());
        items
    }

    /// Objects with an additional field by name pattern, or with too many fields.
    fn objects(&self) -> Vec<Value> {
        let names = self.names();
        let most = conjuncts(self.part).filter_map(|part| part.get("maxProperties")?.as_u64()).min();
        let most = most.and_then(|most| usize::try_from(most).ok()).filter(|most| *most < MAX_NAMES);
        if names.is_empty() && most.is_none() {
            return Vec::new();
        }
        let base = set(self.writer).and_then(|set| {
            let objects = algebra::set(&json!({"type": "object"}))?;
            algebra::value(&set.intersect(&objects)?, 0)
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

    /// Names that all patterns of the writer match.
    fn many_names(&self, count: usize) -> Vec<String> {
        let patterns = patterns(self.writer);
        let mut names = Vec::<String>::new();
        while names.len() < count {
            let not: Vec<_> = names.iter().map(String::as_str).collect();
            let Some(name) = algebra::name(&patterns, &[], &not) else { break };
            names.push(name);
        }
        names
    }

    /// Values of pattern fields that the writer may write, that `part` rejects, or both.
    fn fields(&self) -> Vec<Value> {
        let sets = |whole: &Value, is_refused: bool| {
            let fields = conjuncts(whole).filter_map(|schema| schema.get("patternProperties")?.as_object());
            let fields = fields.flat_map(Map::values).take(MAX_PATTERNS);
            let of = |field: &Value| {
                let field = if is_refused { json!({"not": field}) } else { json!({"allOf": [field]}) };
                set(&with_definitions(&field, whole))
            };
            fields.filter_map(of).collect::<Vec<_>>()
        };
        let (accepted, refused) = (sets(self.writer, false), sets(self.part, true));
        let pairs = accepted.iter().flat_map(|one| refused.iter().map(move |other| one.intersect(other)));
        let mut fields: Vec<_> = pairs.flatten().filter_map(|both| algebra::value(&both, 0)).collect();
        fields.extend(accepted.iter().chain(&refused).filter_map(|set| algebra::value(set, 0)));
        fields
    }

    /// Names that distinguish the patterns of both schemas.
    fn names(&self) -> Vec<String> {
        let (writer, part) = (patterns(self.writer), patterns(self.part));
        if part.is_empty() && writer.is_empty() {
            return Vec::new();
        }
        let find = |matching: &[&str], not_matching: &[&str]| algebra::name(matching, not_matching, &[]);
        let mut names = Vec::new();
        for one in &writer {
            names.extend(find(&[one], &part));
            names.extend(part.iter().filter_map(|other| find(&[one], &[other])));
        }
        for one in &part {
            names.extend(find(&writer, &[one]));
            names.extend(find(&[], &[one]));
            names.extend(find(&[one], &writer));
            names.extend(writer.iter().filter_map(|other| find(&[one, other], &[])));
            names.extend(find(&[one], &[]));
        }
        names.sort();
        names.dedup();
        names
    }
}

/// The schema and its `allOf` members, recursively.
fn conjuncts(whole: &Value) -> impl Iterator<Item = &Value> {
    let mut found = Vec::new();
    let mut open = vec![whole];
    while let Some(schema) = open.pop() {
        found.push(schema);
        open.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten());
    }
    found.into_iter()
}

/// The patterns of field names.
fn patterns(whole: &Value) -> Vec<&str> {
    let mut patterns = Vec::new();
    for schema in conjuncts(whole) {
        let fields = schema.get("patternProperties").and_then(Value::as_object);
        patterns.extend(fields.into_iter().flat_map(Map::keys).map(String::as_str));
        patterns.extend(schema.get("propertyNames").and_then(|names| names.get("pattern")?.as_str()));
    }
    patterns.truncate(MAX_PATTERNS);
    patterns
}

/// Adds the definitions of `whole` to a schema.
fn with_definitions(schema: &Value, whole: &Value) -> Value {
    let mut schema = schema.clone();
    if let (Some(keywords), Some(definitions)) = (schema.as_object_mut(), whole.get("$defs")) {
        keywords.insert("$defs".into(), definitions.clone());
    }
    schema
}
