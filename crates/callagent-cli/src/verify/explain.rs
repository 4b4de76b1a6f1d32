//! The explanation of a case, for `callagent explain`.

use callagent_verify::Case;

pub(crate) use super::selection::{find, unknown};

/// Explains a case: what it tests, the sentences of the contract, and how to run it.
pub(crate) fn explanation(case: &Case, width: usize) -> String {
    let title = format!("{}: {}.", case.id(), case.title().trim_end_matches('.'));
    let group = format!(
        "Case {} of the group `{}` of `callagent verify`: {}.",
        case.number(),
        case.group(),
        case.group().title().to_lowercase(),
    );
    let profiles = "With --profile documented, the server fails where it breaks what the vendor's page promises, and \
                    other differences are advisories. With --profile strict, every difference from these sentences is \
                    a failure. With --profile tolerant, it is too, except that the server may ignore undocumented \
                    fields and accept unknown values of requests.";
    let [title, group, profiles] = [&*title, &group, profiles].map(|text| textwrap::fill(text, width));
    let options = textwrap::Options::new(width).initial_indent("  ").subsequent_indent("    ");
    let sentence = |sentence: &callagent_verify::Sentence| {
        textwrap::fill(&format!("{}: {}", sentence.id, sentence.says), &options)
    };
    let sentences: Vec<_> = case.sentences().map(sentence).collect();
    let (sentences, id) = (sentences.join("\n"), case.id());
    let command = format!("    callagent verify URL --workspace ID --agent ID --only {id}");
    format!("{title}\n\n{group}\n\nThe contract says:\n{sentences}\n\n{profiles}\n\nTo run it alone:\n{command}\n")
}
