//! Ready-made types to copy into programs in other languages, one file per language, from the model.

mod check;
mod probes;
mod python;
mod typescript;

use callagent::{Agent, UpdateAgent, model::Object};
use textwrap::{Options, WordSeparator, WordSplitter};

pub(crate) use check::run;
pub(crate) use python::FILE as PYTHON;
pub(crate) use typescript::FILE as TYPESCRIPT;

/// The width of generated text.
const WIDTH: usize = 120;

/// The files in `schemas/` with their texts. `command` writes them.
///
/// # Errors
/// A template cannot be rendered.
pub(crate) fn files(command: &'static str) -> Result<[(&'static str, String); 2], String> {
    Ok([(python::FILE, python::module(command)?), (typescript::FILE, typescript::declarations(command)?)])
}

/// A type of known values.
struct Alias {
    name: &'static str,
    doc: String,
    values: &'static [&'static str],
}

/// The vocabularies without duplicates, with descriptions formatted by `doc`.
fn aliases(doc: impl Fn(&str) -> String) -> Vec<Alias> {
    let mut aliases: Vec<Alias> = Vec::new();
    for (_, vocabulary) in [UpdateAgent::OBJECT, Agent::OBJECT].into_iter().flat_map(Object::vocabularies) {
        if !aliases.iter().any(|known| known.name == vocabulary.name) {
            let doc = doc(&vocabulary.description());
            aliases.push(Alias { name: vocabulary.name, doc, values: vocabulary.values });
        }
    }
    aliases
}

/// Wraps a description. All lines but the first begin with `indent`, and each leaves `around` columns free.
fn paragraph(description: &str, indent: &str, around: usize) -> String {
    let options = Options::new(WIDTH - around).subsequent_indent(indent);
    // Do not break at hyphens.
    textwrap::fill(
        description,
        options.word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation),
    )
}
