//! Search for the value that was probably intended.

use super::names::normalize_name;

/// A documented value that is similar to a given one.
pub(super) struct Near {
    pub(super) value: &'static str,
    /// Whether the match is unambiguous.
    pub(super) plain: bool,
}

/// Longer texts are not treated as misspellings.
const LONGEST: usize = 64;

/// The maximum edit distance of a misspelling.
const SLIP: usize = 2;

/// Returns the most similar of several values. The match is unambiguous if no other value is as similar and the given
/// one is a misspelling of it.
pub(super) fn nearest(given: &str, values: impl Iterator<Item = &'static str>) -> Option<Near> {
    let folded = Folded::new(given)?;
    let (mut best, mut tied): (Option<(usize, &str)>, _) = (None, false);
    for value in values {
        let Some(candidate) = Folded::new(value) else { continue };
        let allowed = (candidate.length / 4).max(1);
        if folded.length.abs_diff(candidate.length) > allowed {
            continue;
        }
        let distance = distance(folded.as_slice(), candidate.as_slice());
        match best {
            _ if distance > allowed => {}
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tied = true,
            _ => (best, tied) = (Some((distance, value)), false),
        }
    }
    let (distance, value) = best?;
    Some(Near { value, plain: !tied && distance <= SLIP && is_slip(given, value) })
}

/// Returns whether a text adds nothing to a value: its characters are only swapped, doubled or omitted. A text with
/// additional characters or other digits may be a different value, such as a newer model.
fn is_slip(given: &str, value: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let [mut given_ones, mut ones] = [given, value].map(|text| normalize_name(text).collect::<Vec<_>>());
    given_ones.dedup();
    given_ones.sort_unstable();
    ones.sort_unstable();
    let mut ones = ones.into_iter();
    digits(given) == digits(value) && given_ones.into_iter().all(|given| ones.any(|one| one == given))
}

/// A normalized text.
struct Folded {
    characters: [char; LONGEST],
    length: usize,
}

impl Folded {
    /// Returns `None` if the text is too long.
    fn new(text: &str) -> Option<Self> {
        let mut folded = Folded { characters: ['\0'; LONGEST], length: 0 };
        for character in normalize_name(text) {
            *folded.characters.get_mut(folded.length)? = character;
            folded.length += 1;
        }
        Some(folded)
    }

    fn as_slice(&self) -> &[char] {
        &self.characters[..self.length]
    }
}

/// Returns the edit distance (optimal string alignment) of two texts of at most [`LONGEST`] characters: the number of
/// insertions, deletions, replacements and swaps of adjacent characters.
fn distance(from: &[char], to: &[char]) -> usize {
    type Row = [usize; LONGEST + 1];
    let at = |row: &Row, column: usize| row.get(column).copied().unwrap_or(LONGEST);
    let mut two_above: Row = [LONGEST; LONGEST + 1];
    let mut above: Row = std::array::from_fn(|column| column);
    for (row, &character) in from.iter().enumerate() {
        let mut current: Row = [row + 1; LONGEST + 1];
        for (column, &other) in to.iter().enumerate() {
            let replaced = at(&above, column) + usize::from(character != other);
            let mut best = replaced.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            let before = column.checked_sub(1).zip(row.checked_sub(1));
            let is_swap =
                |&(left, up): &(usize, usize)| to.get(left) == Some(&character) && from.get(up) == Some(&other);
            if let Some((left, _)) = before.filter(is_swap) {
                best = best.min(at(&two_above, left) + 1);
            }
            if let Some(cell) = current.get_mut(column + 1) {
                *cell = best;
            }
        }
        two_above = std::mem::replace(&mut above, current);
    }
    at(&above, to.len())
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        for (from, to, expected) in
            [("", "", 0), ("a", "", 1), ("nmae", "name", 1), ("nam", "name", 1), ("names", "name", 1), ("ca", "abc", 3)]
        {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&characters(from), &characters(to)), expected, "{from} {to}");
        }
    }

    /// A quarter of the characters may differ, and at least one.
    #[test]
    fn the_nearest_word() {
        let cases: [(&str, &[&'static str], Option<&str>); 14] = [
            ("GPT_5", &["gpt-4.1", "gpt-5"], Some("gpt-5")),
            ("claude", &["gpt-4.1", "gpt-5"], None),
            ("b", &["a"], Some("a")),
            ("bc", &["a"], None),
            ("abcdexy", &["abcdefg"], None),
            ("abcdefxy", &["abcdefgh"], Some("abcdefgh")),
            ("abcdef", &["abcdefgh"], Some("abcdefgh")),
            ("abcde", &["abcdefgh"], None),
            ("abcdefghij", &["abcdefgh"], Some("abcdefgh")),
            // The most similar value in any position; the first one of equally similar values.
            ("abcdefxx", &["abcdefgx", "abcdefgh"], Some("abcdefgx")),
            ("abcdefxx", &["abcdefgh", "abcdefgx"], Some("abcdefgx")),
            ("abcx", &["abcd", "abce"], Some("abcd")),
            ("abcdefgx", &["abcdefyh", "abcdefzh", "abcdefgh"], Some("abcdefgh")),
            ("abcdefgx", &["abcdefgh", "abcdefgi", "xbcdefgx"], Some("abcdefgh")),
        ];
        for (given, values, expected) in cases {
            assert_eq!(
                nearest(given, values.iter().copied()).map(|near| near.value),
                expected,
                "{given} of {values:?}"
            );
        }
    }

    #[test]
    fn a_slip_can_have_meant_nothing_else() {
        for (value, slips, others) in [
            ("name", vec!["Name", "nmae", "nam", "naame", "n_a-me"], vec!["game", "fame", "names", "namex"]),
            ("rime", vec!["rmie", "riime"], vec!["time", "lime", "prime", "crime"]),
            ("google", vec!["goggle", "gogle", "Googel"], vec!["goggles", "doogle"]),
            ("gpt-5", vec!["GPT 5", "gtp-5"], vec!["gpt-6", "gpt-5o", "gpt-55", "gpt-"]),
            ("gpt-4.1-mini", vec!["gpt4.1mini", "gpt-4.1-mni"], vec!["gpt-1.4-mini", "gpt-4.1-mini2", "gpt-4.1-nano"]),
            ("gemini-2.5-flash", vec!["gemini-2.5-flsh"], vec!["gemini-2.5-flash-exp", "gemini-2.5-flash-hd"]),
            ("gemini-2.5-flash-preview-native-audio-dialog", vec![], vec!["gemini-2.5-flash-preview-native-audio"]),
            ("abcd", vec!["abdc"], vec![]),
        ] {
            let is_plain = |given: &str| nearest(given, [value].into_iter()).is_some_and(|near| near.plain);
            for slip in slips {
                assert!(is_plain(slip), "{slip} is a slip of {value}");
            }
            for other in others {
                assert!(!is_plain(other), "{other} need not mean {value}");
            }
        }
        // Two values are equally similar.
        assert!(nearest("abcde", ["abced", "abdce"].into_iter()).is_some_and(|near| !near.plain));
    }
}
