//! Fixing: what a machine may put in the place of a violation, whether it is safe to, and doing it.

mod edit;
mod names;
mod nearest;
mod suggest;

use crate::{
    model::{Contract, Object},
    read::{Decode, Options, read_text},
};
use edit::{apply, is_better};
pub use names::normalize_name;
pub(crate) use suggest::suggest;

/// Applies the safe suggestions to a document in JSON text, then those that are safe after them, and so on. A text that is not
/// JSON stays whole.
pub(crate) fn fix<T: Decode>(
    options: &Options,
    contract: &'static Contract,
    root: &'static Object,
    mut text: Vec<u8>,
) -> Vec<u8> {
    let options = &Options { limit: None, ..options.clone() };
    let check = |text: &[u8]| read_text::<T, false>(text, options, contract, &mut None);
    let mut report = check(&text);
    loop {
        report = suggest::<T>(options, contract, root, &text, report);
        let suggestions = report.violations().filter_map(|violation| violation.suggestion());
        let safe: Vec<_> = suggestions.filter(|suggestion| suggestion.safe).collect();
        // What goes goes first: a changed value would be no exact duplicate any more.
        let removals: Vec<_> = safe.iter().copied().filter(|suggestion| suggestion.text.is_empty()).collect();
        let round = if removals.is_empty() { &safe } else { &removals };
        let attempts = [round.as_slice(), round.get(..1).unwrap_or_default()];
        let better = attempts.into_iter().find_map(|suggestions| {
            let fixed = apply(&text, suggestions);
            let after = check(&fixed);
            is_better(&report, &after).then_some((fixed, after))
        });
        match better {
            Some((fixed, after)) => (text, report) = (fixed, after),
            None => return text,
        }
    }
}
