//! Automatic fixes: which replacements are plausible, which are safe, and their application.

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

/// Applies all safe suggestions to JSON text, repeatedly, until there are no more. Text that is not JSON is left
/// unchanged.
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
        // Removals come first: after another change, an exact duplicate may no longer be one.
        let removals: Vec<_> = safe.iter().copied().filter(|suggestion| suggestion.text.is_empty()).collect();
        let round = if removals.is_empty() { safe } else { removals };
        let attempts = [round.as_slice(), &round[..round.len().min(1)]];
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
