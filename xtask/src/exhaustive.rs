//! `cargo xtask differential --exhaustive`: compares all engines on every document of a small finite set.

use callagent::{
    Agent, UpdateAgent,
    model::{Direction, Field, Object, Type},
};
use callagent_testkit::engines::{self, compare};

use crate::{
    run::{Part, Run, Shard},
    world,
};

/// An undocumented field and its value.
const UNDOCUMENTED: (&str, [&str; 2]) = ("further", ["null", r#"{"a":[0]}"#]);

/// The part that CI checks.
pub(crate) const SHORT: Shard = Shard::new(1, 120);

/// Compares all engines on a part of the documents.
pub(crate) fn run(part: &Part) -> Result<(), String> {
    let engines = engines::all()?;
    let products: Vec<_> = [UpdateAgent::OBJECT, Agent::OBJECT].into_iter().flat_map(products).collect();
    let documents: u64 = products.iter().map(Product::size).sum();
    // Blocks are small, so that every shard has a part of every product.
    let run = Run { title: "exhaustive".into(), documents, block: 50, part: part.clone() };
    run.run(|range| {
        for index in range {
            let Some((direction, text)) = document(&products, index) else { continue };
            let found = compare::differences(&engines, direction, text.as_bytes(), None);
            if !found.is_empty() {
                return Err(compare::report(
                    &engines,
                    &format!("exhaustive-{index}"),
                    direction,
                    text.as_bytes(),
                    &found,
                ));
            }
        }
        Ok(())
    })
}

/// All combinations of choices for the fields of a document.
struct Product {
    direction: Direction,
    /// The text around the object with the fields.
    before: String,
    after: &'static str,
    axes: Vec<Axis>,
}

/// A field with its choices, where `None` omits it.
#[derive(Clone)]
struct Axis {
    name: &'static str,
    choices: Vec<Option<String>>,
}

impl Product {
    fn size(&self) -> u64 {
        self.axes.iter().map(|axis| axis.choices.len() as u64).product()
    }

    /// The document with a number less than the size.
    fn document(&self, mut number: u64) -> String {
        let mut fields = Vec::new();
        for Axis { name, choices } in &self.axes {
            let count = choices.len() as u64;
            let choice = usize::try_from(number % count).ok().and_then(|index| choices.get(index)?.as_ref());
            number /= count;
            fields.extend(choice.map(|value| format!("{name:?}:{value}")));
        }
        format!("{}{{{}}}{}", self.before, fields.join(","), self.after)
    }
}

fn document(products: &[Product], mut index: u64) -> Option<(Direction, String)> {
    for product in products {
        match index.checked_sub(product.size()) {
            Some(rest) => index = rest,
            None => return Some((product.direction, product.document(index))),
        }
    }
    None
}

/// All products of a document: pairs of fields within a small and a full document, duplicates of each field, and all
/// combinations of fields of every nested object.
fn products(document: &'static Object) -> Vec<Product> {
    let direction = document.direction;
    let mut products = Vec::new();
    for is_full in [false, true] {
        let others: Vec<_> = document.fields.iter().map(|field| fixed(field, is_full)).collect();
        for first in 0..=document.fields.len() {
            for second in 0..=first {
                let mut axes = others.clone();
                let free = |field: usize| document.fields.get(field).map_or_else(undocumented, free);
                axes.splice(first..axes.len().min(first + 1), [free(first)]);
                if first == second {
                    let mut again = free(second);
                    again.choices.retain(Option::is_some);
                    axes.push(again);
                } else {
                    axes.splice(second..=second, [free(second)]);
                }
                products.push(Product { direction, before: String::new(), after: "", axes });
            }
        }
    }
    for field in document.fields {
        let (open, after, inner) = match field.r#type {
            Type::Object(inner) => ("", "}", inner),
            Type::List(&Type::Object(inner)) => ("[", "]}", inner),
            _ => continue,
        };
        let others = document.fields.iter().filter(|other| other.is_required() && other.name != field.name);
        let others: String = others.map(|other| format!("{:?}:{},", other.name, world::good(&other.r#type))).collect();
        let before = format!("{{{others}{:?}:{open}", field.name);
        let axes = inner.fields.iter().map(free).chain([undocumented()]).collect();
        products.push(Product { direction, before, after, axes });
    }
    products
}

fn free(field: &Field) -> Axis {
    let choices = world::choices(&field.r#type).into_iter().map(Some);
    Axis { name: field.name, choices: [None].into_iter().chain(choices).collect() }
}

fn fixed(field: &Field, is_given: bool) -> Axis {
    let choice = (is_given || field.is_required()).then(|| world::good(&field.r#type));
    Axis { name: field.name, choices: vec![choice] }
}

fn undocumented() -> Axis {
    let (name, values) = UNDOCUMENTED;
    Axis { name, choices: [None].into_iter().chain(values.map(|value| Some(value.to_owned()))).collect() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn documents_are_json_and_each_is_another() {
        for object in [UpdateAgent::OBJECT, Agent::OBJECT] {
            for product in products(object) {
                let size = product.size();
                let step = usize::try_from(size / 50 + 1).unwrap_or(usize::MAX);
                let numbers = (0..size).step_by(step);
                let texts: HashSet<_> = numbers.clone().map(|number| product.document(number)).collect();
                assert_eq!(texts.len(), numbers.count());
                for text in texts {
                    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
                }
            }
        }
    }
}
