//! The deepest single difference between two values that no rule covers.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    pointer::child,
    schemas::{Schemas, reference_texts},
};

pub(super) struct Differing<'s> {
    pub(super) old: &'s Schemas<'s>,
    pub(super) new: &'s Schemas<'s>,
}

impl Differing<'_> {
    /// Returns the pointers of the deepest single difference below two values, following references if the values are
    /// equal.
    pub(super) fn first(&self, mut old: String, mut new: String) -> (String, String) {
        let mut passed = BTreeSet::new();
        while passed.insert((old.clone(), new.clone())) {
            let values = (self.old.document.pointer(&old), self.new.document.pointer(&new));
            let (Some(Value::Object(old_members)), Some(Value::Object(new_members))) = values else { break };
            if let (Some(Value::String(old_reference)), Some(Value::String(new_reference))) =
                (old_members.get("$ref"), new_members.get("$ref"))
                && let (Ok(old_target), Ok(new_target)) =
                    (self.old.target(old_reference, &old), self.new.target(new_reference, &new))
                && old_members == new_members
            {
                (old, new) = (old_target, new_target);
                continue;
            }
            let names: BTreeSet<_> = old_members.keys().chain(new_members.keys()).collect();
            let differs = |name: &&&String| old_members.get(**name) != new_members.get(**name);
            let refers =
                |name: &&&String| old_members.get(**name).is_some_and(|value| !reference_texts(value).is_empty());
            let mut differing: Vec<_> = names.iter().filter(differs).collect();
            if differing.is_empty() {
                differing = names.iter().filter(refers).collect();
            }
            let [name] = differing.as_slice() else { break };
            (old, new) = (child(&old, name), child(&new, name));
        }
        (old, new)
    }
}
