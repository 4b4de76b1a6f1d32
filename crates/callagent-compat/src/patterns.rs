//! Regular expressions as languages: finds a text that some match and others do not, or proves that there is none.

use std::collections::{HashSet, VecDeque};

use regex_automata::{
    Anchored, MatchKind,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson,
    util::{primitives::StateID, start},
};

/// The maximum size of an automaton in bytes.
const MAX_AUTOMATON: usize = 4 << 20;
/// The maximum number of visited combinations of states.
const MAX_STATES: usize = 400_000;
/// Any text in UTF-8, since the automata read bytes.
const ANY_TEXT: &str = r"\A(?s:.)*\z";
/// The bytes to try first, so that texts are readable.
const PLAIN: &[u8] = b"xaA0-1._ bB2/:@";

/// A search for a text.
#[derive(Default)]
pub(super) struct Search<'p> {
    /// JSON Schema patterns that the text must match, unanchored.
    pub(super) matching: Vec<&'p str>,
    pub(super) not_matching: Vec<&'p str>,
    /// Other texts.
    pub(super) not: Vec<&'p str>,
    /// The minimum and maximum number of characters.
    pub(super) least: usize,
    pub(super) most: Option<usize>,
}

pub(super) enum Found {
    Text(String),
    /// Proven not to exist.
    Nothing,
    /// A pattern is not regular, or the search is too large.
    Unknown,
}

/// The state of an automaton. After a match, the rest of the text does not matter.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    Matched,
    At(StateID),
}

type Automata = Vec<dense::DFA<Vec<u32>>>;

/// A point of the search: the states of all automata and the number of characters, up to the relevant maximum.
type Point = (Box<[State]>, usize);

/// Returns whether every text that matches all of `matching` is proven to match `superset`.
pub(super) fn is_subset(matching: &[&str], superset: &str) -> bool {
    // Engines differ in which line ends a dot matches.
    let is_proven = |matching: &[&str], superset: &str| {
        let search = Search { matching: matching.to_vec(), not_matching: vec![superset], ..Search::default() };
        matches!(search.run(), Found::Nothing)
    };
    let strict: Vec<_> = matching.iter().map(|pattern| with_strict_dots(pattern)).collect();
    let strict: Vec<_> = strict.iter().map(String::as_str).collect();
    is_proven(matching, superset) && is_proven(&strict, &with_strict_dots(superset))
}

/// A pattern whose dots match no line end, as in ECMAScript.
fn with_strict_dots(pattern: &str) -> String {
    let (mut strict, mut is_escaped, mut is_in_class) = (String::new(), false, false);
    for character in pattern.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '.' if !is_in_class => {
                strict.push_str(r"[^\n\r\u2028\u2029]");
                continue;
            }
            _ => {}
        }
        strict.push(character);
    }
    strict
}

impl Search<'_> {
    pub(super) fn run(&self) -> Found {
        self.try_run().unwrap_or(Found::Unknown)
    }

    fn try_run(&self) -> Option<Found> {
        let translated = |pattern: &&str| Some(jsonschema_regex::to_rust_regex(pattern).ok()?.into_owned());
        let mut patterns = vec![ANY_TEXT.to_owned()];
        patterns.extend(self.matching.iter().map(translated).collect::<Option<Vec<_>>>()?);
        let matching = patterns.len();
        patterns.extend(self.not_matching.iter().map(translated).collect::<Option<Vec<_>>>()?);
        patterns.extend(self.not.iter().map(|text| exactly(text)));
        let automata = patterns.iter().map(|pattern| automaton(pattern)).collect::<Option<Automata>>()?;

        let bytes = representatives(&automata);
        let most_counted = self.most.map_or(self.least, |most| most.saturating_add(1).max(self.least));
        let starts = automata.iter().map(|automaton| {
            let id = automaton.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
            Some(State::At(id))
        });
        let first: Point = (starts.collect::<Option<_>>()?, 0);
        let mut passed: Vec<(Option<usize>, u8)> = vec![(None, 0)];
        let mut seen = HashSet::from([first.clone()]);
        let mut open = VecDeque::from([(first, 0)]);
        while let Some(((states, length), index)) = open.pop_front() {
            let is_found = length >= self.least
                && self.most.is_none_or(|most| length <= most)
                && automata
                    .iter()
                    .zip(&states)
                    .enumerate()
                    .all(|(number, (automaton, state))| is_match_at_end(automaton, *state) == (number < matching));
            if is_found {
                return Some(Found::Text(text(&passed, index)?));
            }
            for &byte in &bytes {
                let is_character = byte & 0xC0 != 0x80;
                let length = (length + usize::from(is_character)).min(most_counted);
                if self.most.is_some_and(|most| length > most) {
                    continue;
                }
                let next = automata.iter().zip(&states).map(|(automaton, state)| step(automaton, *state, byte));
                let next: Box<[State]> = next.collect::<Option<_>>()?;
                let is_lost = |(number, (automaton, state)): (usize, (&dense::DFA<Vec<u32>>, &State))| match state {
                    State::Matched => number >= matching,
                    State::At(id) => number < matching && automaton.is_dead_state(*id),
                };
                let point = (next, length);
                if automata.iter().zip(&point.0).enumerate().any(is_lost) || !seen.insert(point.clone()) {
                    continue;
                }
                if seen.len() > MAX_STATES {
                    return None;
                }
                passed.push((Some(index), byte));
                open.push_back((point, passed.len() - 1));
            }
        }
        Some(Found::Nothing)
    }
}

/// A pattern that matches only one text.
fn exactly(text: &str) -> String {
    let characters: String = text.chars().map(|character| format!(r"\x{{{:X}}}", u32::from(character))).collect();
    format!(r"\A{characters}\z")
}

fn automaton(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    let config = dense::Config::new()
        .start_kind(StartKind::Unanchored)
        .match_kind(MatchKind::All)
        .dfa_size_limit(Some(MAX_AUTOMATON))
        .determinize_size_limit(Some(MAX_AUTOMATON));
    let nfa = thompson::Config::new().nfa_size_limit(Some(MAX_AUTOMATON));
    dense::Builder::new().configure(config).thompson(nfa).build(pattern).ok()
}

/// One representative for each class of bytes that no automaton distinguishes, readable ones first.
fn representatives(automata: &Automata) -> Vec<u8> {
    let graphic = (b'!'..=b'~').chain(0..=u8::MAX);
    let mut passed = HashSet::new();
    let mut bytes = Vec::new();
    for byte in PLAIN.iter().copied().chain(graphic) {
        let classes: Vec<_> = automata.iter().map(|automaton| automaton.byte_classes().get(byte)).collect();
        if passed.insert(classes) {
            bytes.push(byte);
        }
    }
    bytes
}

/// Advances an automaton. Returns `None` if it gives up.
fn step(automaton: &dense::DFA<Vec<u32>>, state: State, byte: u8) -> Option<State> {
    let State::At(id) = state else { return Some(State::Matched) };
    let next = automaton.next_state(id, byte);
    if automaton.is_quit_state(next) {
        return None;
    }
    Some(if automaton.is_match_state(next) { State::Matched } else { State::At(next) })
}

fn is_match_at_end(automaton: &dense::DFA<Vec<u32>>, state: State) -> bool {
    match state {
        State::Matched => true,
        State::At(id) => automaton.is_match_state(automaton.next_eoi_state(id)),
    }
}

/// The text that leads to a point.
fn text(passed: &[(Option<usize>, u8)], mut index: usize) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some((Some(before), byte)) = passed.get(index) {
        bytes.push(*byte);
        index = *before;
    }
    bytes.reverse();
    String::from_utf8(bytes).ok()
}
