//! Flaws of known kinds to put into documents, from the crate's model.

use callagent::{
    UpdateAgent,
    model::{AdditionalProperties, Direction, Object, Presence, Type},
};
use serde::{Deserialize, Serialize};

use crate::{random::Random, tree::Tree};

/// A kind of flaw that contestants may or may not detect.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    WrongType,
    /// Null for an optional field.
    Null,
    OutOfRange,
    UnknownValue,
    UnknownField,
    MissingField,
    /// The key that the provider requires.
    MissingKey,
    /// A duplicate documented field.
    RepeatedField,
    /// A duplicate name in a free-form object.
    RepeatedName,
}

impl Flaw {
    pub const ALL: &[Flaw] = &[
        Flaw::WrongType,
        Flaw::Null,
        Flaw::OutOfRange,
        Flaw::UnknownValue,
        Flaw::UnknownField,
        Flaw::MissingField,
        Flaw::MissingKey,
        Flaw::RepeatedField,
        Flaw::RepeatedName,
    ];
}

/// A possible flaw: its kind, position and edit.
struct Site {
    flaw: Flaw,
    way: Vec<usize>,
    /// The position that must not have a flaw yet.
    pointers: Vec<String>,
    change: Change,
}

enum Change {
    Replace(Tree),
    Insert(String, Tree),
    Remove(usize),
    Repeat(usize),
    /// Sets a field and removes another.
    Require {
        when: &'static str,
        is: &'static str,
        field: &'static str,
    },
}

/// Puts a number of flaws into a document, none of which hides another.
pub fn spoil(document: &mut Tree, count: usize, random: &mut Random) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut touched: Vec<String> = Vec::new();
    while flaws.len() < count {
        let mut survey = Survey { random, sites: Vec::new() };
        survey.object(document, UpdateAgent::OBJECT, &[], "");
        let mut sites = survey.sites;
        sites.retain(|site| {
            let is_free = |pointer: &String| {
                !touched.iter().any(|other| is_at_or_below(pointer, other) || is_at_or_below(other, pointer))
            };
            site.pointers.iter().all(is_free)
        });
        let mut kinds: Vec<Flaw> = Vec::new();
        for site in &sites {
            if !kinds.contains(&site.flaw) {
                kinds.push(site.flaw);
            }
        }
        // Repeated names are rare in practice.
        let mut kind = *random.pick(&kinds);
        if matches!(kind, Flaw::RepeatedField | Flaw::RepeatedName) && random.percent(80) {
            kind = *random.pick(&kinds);
        }
        sites.retain(|site| site.flaw == kind);
        let site = sites.swap_remove(random.below(sites.len()));
        apply(document.at(&site.way), site.change, random);
        touched.extend(site.pointers);
        flaws.push(kind);
    }
    flaws
}

fn is_at_or_below(pointer: &str, above: &str) -> bool {
    pointer.strip_prefix(above).is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

fn apply(target: &mut Tree, change: Change, random: &mut Random) {
    match (change, target) {
        (Change::Replace(value), target) => *target = value,
        (Change::Insert(name, value), Tree::Object(fields)) => {
            fields.insert(random.below(fields.len() + 1), (name, value));
        }
        (Change::Remove(index), Tree::Object(fields)) => drop(fields.remove(index)),
        (Change::Repeat(index), Tree::Object(fields)) => {
            let later = index + 1 + random.below(fields.len() - index);
            fields.insert(later, fields[index].clone());
        }
        (Change::Require { when, is, field }, Tree::Object(fields)) => {
            fields.retain(|(name, _)| name != field);
            for (_, value) in fields.iter_mut().filter(|(name, _)| name == when) {
                *value = Tree::text(is);
            }
            match random.below(3) {
                0 => {}
                1 => fields.push((field.to_owned(), Tree::Null)),
                _ => fields.push((field.to_owned(), Tree::text(""))),
            }
        }
        _ => unreachable!("fields are changed in objects only"),
    }
}

struct Survey<'r> {
    random: &'r mut Random,
    sites: Vec<Site>,
}

impl Survey<'_> {
    fn add(&mut self, flaw: Flaw, way: &[usize], pointers: Vec<String>, change: Change) {
        self.sites.push(Site { flaw, way: way.to_vec(), pointers, change });
    }

    fn object(&mut self, tree: &Tree, object: &'static Object, way: &[usize], pointer: &str) {
        let Tree::Object(fields) = tree else { return };
        let child = |name: &str| format!("{pointer}/{name}");
        for (index, (name, value)) in fields.iter().enumerate() {
            let below = [way, &[index]].concat();
            let Some(field) = object.field(name) else {
                self.free(value, &below, &child(name));
                self.add(Flaw::RepeatedName, way, vec![child(name)], Change::Repeat(index));
                continue;
            };
            self.value(value, &field.r#type, &below, &child(name));
            self.add(Flaw::RepeatedField, way, vec![child(name)], Change::Repeat(index));
            if field.presence == Presence::Required {
                self.add(Flaw::MissingField, way, vec![child(name)], Change::Remove(index));
            } else if !matches!(field.r#type, Type::KeyOrNull) {
                self.add(Flaw::Null, &below, vec![child(name)], Change::Replace(Tree::Null));
            }
        }
        if object.additional_properties == AdditionalProperties::Refused && object.direction == Direction::Request {
            let name = self.undocumented(object);
            let value = Tree::text("x");
            self.add(Flaw::UnknownField, way, vec![child(&name)], Change::Insert(name, value));
        }
        if let Some(due) =
            object.required_if.iter().find(|due| fields.iter().any(|(name, _)| name == due.if_field.name))
        {
            let (when, field) = (due.if_field.name, due.field.name);
            let change = Change::Require { when, is: due.equals, field };
            self.add(Flaw::MissingKey, way, vec![child(when), child(field)], change);
        }
    }

    /// A field that only responses have, or a misspelled documented one.
    fn undocumented(&mut self, object: &Object) -> String {
        let returned = object.response.map(|response| response.fields).unwrap_or_default();
        let mut names: Vec<String> = returned.iter().map(|field| field.name.to_owned()).collect();
        names.extend(object.fields.iter().map(|field| field.name.to_uppercase()));
        names.extend(object.fields.iter().map(|field| format!("{}s", field.name)));
        names.retain(|name| object.field(name).is_none());
        self.random.pick(&names).clone()
    }

    fn value(&mut self, tree: &Tree, r#type: &'static Type, way: &[usize], pointer: &str) {
        let here = || vec![pointer.to_owned()];
        let wrong = self.other_type(tree, r#type);
        self.add(Flaw::WrongType, way, here(), Change::Replace(wrong));
        match r#type {
            Type::Integer(bounds) => {
                let beyond = bounds.maximum.expect("a bound") + 1 + i128::from(self.random.up_to(9));
                let beyond = u64::try_from(beyond).expect("bounds are small");
                let beyond =
                    if self.random.percent(30) { Tree::Number((-1).into()) } else { Tree::Number(beyond.into()) };
                self.add(Flaw::OutOfRange, way, here(), Change::Replace(beyond));
            }
            Type::Number(bounds) => {
                let tenth = (1 + self.random.up_to(50)) as f64 / 10.0;
                let (minimum, maximum) = bounds.minimum.zip(bounds.maximum).expect("bounds");
                let beyond = if self.random.percent(30) { minimum - tenth } else { maximum + tenth };
                self.add(Flaw::OutOfRange, way, here(), Change::Replace(Tree::double(beyond)));
            }
            Type::Enum(vocabulary) => {
                let word = self.random.pick(vocabulary.values);
                let near = [word.to_uppercase(), format!("{word}-preview"), word[1..].to_owned(), String::new()];
                let near = Tree::text(self.random.pick(&near));
                self.add(Flaw::UnknownValue, way, here(), Change::Replace(near));
            }
            Type::List(item) => {
                if let Tree::Array(items) = tree {
                    for (index, value) in items.iter().enumerate() {
                        self.value(value, item, &[way, &[index]].concat(), &format!("{pointer}/{index}"));
                    }
                }
            }
            Type::Object(object) => self.object(tree, object, way, pointer),
            Type::FreeForm => self.free(tree, way, pointer),
            _ => {}
        }
    }

    /// A free-form value, in which only names can be wrong.
    fn free(&mut self, tree: &Tree, way: &[usize], pointer: &str) {
        if let Tree::Object(fields) = tree {
            for (index, (name, value)) in fields.iter().enumerate() {
                let child = format!("{pointer}/{name}");
                self.free(value, &[way, &[index]].concat(), &child);
                self.add(Flaw::RepeatedName, way, vec![child], Change::Repeat(index));
            }
        }
    }

    /// A value of another type, as a careless client might send it.
    fn other_type(&mut self, given: &Tree, r#type: &Type) -> Tree {
        let is_spelt = self.random.percent(70);
        match (r#type, given) {
            (Type::Boolean | Type::Integer(_) | Type::Number(_), given) if is_spelt => {
                Tree::Text(serde_json::to_string(given).expect("a leaf is JSON"))
            }
            (Type::Integer(bounds), _) => Tree::double(bounds.minimum.expect("a bound") as f64 + 0.5),
            (Type::Boolean, _) => Tree::Number(1.into()),
            (Type::Number(_), _) => Tree::Boolean(true),
            (Type::List(_), Tree::Array(items)) => items.first().cloned().unwrap_or(Tree::text("")),
            (Type::Object(_) | Type::FreeForm, _) => Tree::text("[object Object]"),
            _ if is_spelt => Tree::Number(self.random.up_to(9_999).into()),
            _ => Tree::Boolean(false),
        }
    }
}
