//! The cases that are run.

use callagent_verify::{Case, Group, cases};

use crate::failure::Failure;

/// The most similar names that a message suggests.
const MAX_SUGGESTIONS: usize = 3;
/// The least similarity of a suggestion.
const SIMILAR: f64 = 0.75;

/// Returns the cases that names select.
pub(super) fn select(only: &[String], skip: &[String]) -> Result<Vec<&'static Case>, Failure> {
    for name in only.iter().chain(skip) {
        if !cases().iter().any(|case| case.is_selected_by(name)) {
            return Err(Failure::Usage(unknown(name)));
        }
    }
    let is_in = |case: &Case, names: &[String]| names.iter().any(|name| case.is_selected_by(name));
    let is_selected = |case: &&Case| (only.is_empty() || is_in(case, only)) && !is_in(case, skip);
    let selected: Vec<_> = cases().iter().filter(is_selected).collect();
    if selected.is_empty() {
        return Err(Failure::Usage("--skip leaves out every case".to_owned()));
    }
    Ok(selected)
}

/// Returns the case with a full name, or with the name of its group and its number.
pub(crate) fn find(name: &str) -> Option<&'static Case> {
    let case = cases().iter().find(|case| case.is_selected_by(name))?;
    let is_group = case.group().as_str() == name.trim_end_matches('/');
    (!is_group).then_some(case)
}

/// Returns a message about a name that selects nothing.
pub(crate) fn unknown(name: &str) -> String {
    let similar = similar(name);
    if similar.is_empty() {
        let groups: Vec<_> = Group::ALL.iter().map(|group| group.as_str()).collect();
        let groups = groups.join(", ");
        return format!(
            "unknown case `{name}`; the groups are {groups}, and `callagent verify --list` prints all cases"
        );
    }
    format!("unknown case `{name}`; similar: {}", similar.join(", "))
}

fn similar(name: &str) -> Vec<String> {
    let groups = Group::ALL.iter().map(|group| group.as_str().to_owned());
    let similarity = |known: &String| {
        let own = known.split_once('/').map_or("", |(_, own)| own);
        // The group may be missing.
        strsim::jaro_winkler(name, known).max(strsim::jaro_winkler(name, own))
    };
    let names = groups.chain(cases().iter().map(Case::id));
    let mut similar: Vec<_> = names.map(|known| (similarity(&known), known)).collect();
    similar.retain(|(similarity, _)| *similarity > SIMILAR);
    similar.sort_by(|(left, left_name), (right, right_name)| right.total_cmp(left).then(left_name.cmp(right_name)));
    similar.into_iter().map(|(_, name)| name).take(MAX_SUGGESTIONS).collect()
}
