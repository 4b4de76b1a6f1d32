//! Types ready to be copied into programs of other languages, one file each, from the declarations.

mod check;
mod python;
mod typescript;

use std::ptr;

use callagent::{
    Agent, UpdateAgent,
    declaration::{Object, Type, Vocabulary},
};
use textwrap::{Options, WordSeparator, WordSplitter};

pub(crate) use check::{Arguments, run};

/// The columns that generated text takes.
const WIDTH: usize = 120;

/// The files below `schemas/`, each with its text.
pub(crate) fn files() -> Result<[(&'static str, String); 2], String> {
    Ok([(python::FILE, python::module()?), (typescript::FILE, typescript::declarations()?)])
}

/// All declared objects, each after those that it holds.
fn objects() -> Vec<&'static Object> {
    fn add(object: &'static Object, all: &mut Vec<&'static Object>) {
        for field in object.fields {
            if let Some(held) = held(&field.r#type) {
                add(held, all);
            }
        }
        if !all.iter().any(|known| ptr::eq(*known, object)) {
            all.push(object);
        }
    }
    let mut all = Vec::new();
    for document in [UpdateAgent::OBJECT, Agent::OBJECT] {
        add(document, &mut all);
    }
    all
}

/// The object that a value holds, in itself or as items.
fn held(r#type: &Type) -> Option<&'static Object> {
    match *r#type {
        Type::Object(object) => Some(object),
        Type::List(item) => held(item),
        _ => None,
    }
}

/// All vocabularies, each once.
fn vocabularies() -> Vec<&'static Vocabulary> {
    let mut all: Vec<&'static Vocabulary> = Vec::new();
    for (_, vocabulary) in [UpdateAgent::OBJECT, Agent::OBJECT].into_iter().flat_map(Object::vocabularies) {
        if !all.iter().any(|known| known.name == vocabulary.name) {
            all.push(vocabulary);
        }
    }
    all
}

/// A description in lines that begin with `indent` (but the first), with room for `around` more columns in each.
fn paragraph(description: &str, indent: &str, around: usize) -> String {
    let options = Options::new(WIDTH - around).subsequent_indent(indent);
    // Words and names with a hyphen stay whole.
    textwrap::fill(description, options.word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation))
}
