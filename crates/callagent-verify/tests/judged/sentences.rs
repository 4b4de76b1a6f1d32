//! The cases and the sentences of the contract.

use std::collections::BTreeSet;

use callagent_verify::{Case, Group, NOT_OBSERVABLE, Sentence, cases};

#[test]
fn cases_have_unique_names_and_numbers() {
    let names: BTreeSet<_> = cases().iter().map(Case::id).collect();
    assert_eq!(names.len(), cases().len());
    for group in Group::ALL {
        let numbers: Vec<_> = cases().iter().filter(|case| case.group() == *group).map(Case::number).collect();
        assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{group}");
    }
}

/// Every sentence about HTTP and about applying an update has a case, or cannot be observed.
#[test]
fn every_sentence_is_tested_or_not_observable() {
    let cited: BTreeSet<_> = cases().iter().flat_map(Case::sentences).map(|sentence| &*sentence.id).collect();
    let must: Vec<_> = Sentence::all()
        .iter()
        .map(|sentence| &*sentence.id)
        .filter(|id| id.starts_with("http.") || id.starts_with("apply."))
        .filter(|id| !cited.contains(id))
        .collect();
    let expected: Vec<_> = NOT_OBSERVABLE.iter().copied().filter(|id| !cited.contains(id)).collect();
    assert_eq!(BTreeSet::from_iter(must), BTreeSet::from_iter(expected));
}
