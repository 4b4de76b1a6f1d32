//! Types ready to be copied into programs of other languages, one file each, from the declarations.

mod check;
mod probes;
mod python;
mod typescript;

use callagent::{Agent, UpdateAgent, model::Object};
use textwrap::{Options, WordSeparator, WordSplitter};

pub(crate) use check::run;

/// The columns that generated text takes.
const WIDTH: usize = 120;

/// The files below `schemas/`, each with its text.
///
/// # Errors
/// A template cannot be filled.
pub(crate) fn files() -> Result<[(&'static str, String); 2], String> {
    Ok([(python::FILE, python::module()?), (typescript::FILE, typescript::declarations()?)])
}

/// A type of words.
struct Alias {
    name: &'static str,
    doc: String,
    words: &'static [&'static str],
}

/// The vocabularies, each once, with their descriptions as `doc` writes them.
fn aliases(doc: impl Fn(&str) -> String) -> Vec<Alias> {
    let mut aliases: Vec<Alias> = Vec::new();
    for (_, vocabulary) in [UpdateAgent::OBJECT, Agent::OBJECT].into_iter().flat_map(Object::vocabularies) {
        if !aliases.iter().any(|known| known.name == vocabulary.name) {
            let doc = doc(&vocabulary.description());
            aliases.push(Alias { name: vocabulary.name, doc, words: vocabulary.values });
        }
    }
    aliases
}

/// A description in lines that begin with `indent` (but the first), with room for `around` more columns in each.
fn paragraph(description: &str, indent: &str, around: usize) -> String {
    let options = Options::new(WIDTH - around).subsequent_indent(indent);
    // Words and names with a hyphen stay whole.
    textwrap::fill(
        description,
        options.word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation),
    )
}
