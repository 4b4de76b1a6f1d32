//! Patterns as languages: proofs, and texts that are found.

use crate::patterns::{Found, Search, is_subset};

#[test]
fn proofs() {
    for (matching, superset, expected) in [
        (&["^[a-f]+$"][..], "^[a-z]+$", true),
        (&["^[a-z]+$"], "^[a-f]+$", false),
        (&["^[a-z]+$"], "[a-z]", true),
        (&["[a-z]"], "^[a-z]+$", false),
        (&["^a", "b$"], "^a.*b$", false),
        (&["^[ab]*$", "^a", "b$"], "^a[ab]*b$", true),
        (&["^.{1,3}$"], "^.{1,4}$", true),
        (&[r"^\d+$"], "^[0-9]+$", true),
        // Engines differ in whether a dot matches a carriage return.
        (&["^[^\n]$"], "^.$", false),
        // Not regular.
        (&["^(?=.*b)(?=.*c)a"], "^(?=.*b)a", false),
    ] {
        assert_eq!(is_subset(matching, superset), expected, "{matching:?} {superset}");
    }
}

#[test]
fn a_text_is_found() {
    let search = |matching, not_matching, least, most| {
        let search = Search { matching, not_matching, least, most, ..Search::default() };
        match search.run() {
            Found::Text(text) => text,
            Found::Nothing => "nothing".to_owned(),
            Found::Unknown => "unknown".to_owned(),
        }
    };
    assert_eq!(search(vec!["^[a-z]+$"], vec!["^a"], 1, None), "x");
    assert_eq!(search(vec!["^[A-Z]{2}(-[A-Z]{2})?$"], vec!["^[A-Z]{2}$"], 0, None), "AA-AA");
    assert_eq!(search(vec!["^é+$"], vec![], 3, Some(3)), "ééé");
    assert_eq!(search(vec!["^é+$"], vec!["^é{4}$"], 4, Some(4)), "nothing");
    assert_eq!(search(vec!["^(?!a)"], vec![], 0, None), "unknown");
    // The automaton of this pattern is too large.
    assert_eq!(search(vec!["(a|b)*a(a|b){40}"], vec![], 0, None), "unknown");
}
