//! The word that was likely meant.

/// A listed word that is close to a given one.
pub(super) struct Near {
    pub(super) word: &'static str,
    /// Whether nothing else could have been meant.
    pub(super) plain: bool,
}

/// Longer texts are no slips of the words that there are.
const LONGEST: usize = 64;

/// The nearest of some words. It is not plain where another one is as near, or where the digits differ: another number is
/// another model, not a slip.
pub(super) fn nearest(given: &str, words: impl Iterator<Item = &'static str>) -> Option<Near> {
    let folded = Folded::of(given)?;
    let (mut best, mut tied) = (None, false);
    for word in words {
        let Some(candidate) = Folded::of(word) else { continue };
        let allowed = (candidate.length / 4).max(1);
        if folded.length.abs_diff(candidate.length) > allowed {
            continue;
        }
        let distance = distance(folded.as_slice(), candidate.as_slice());
        match best {
            _ if distance > allowed => {}
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tied = true,
            _ => (best, tied) = (Some((distance, word)), false),
        }
    }
    let (_, word) = best?;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    Some(Near { word, plain: !tied && digits(given) == digits(word) })
}

/// A text without what habits of spelling change: case, and the marks between words.
struct Folded {
    characters: [char; LONGEST],
    length: usize,
}

impl Folded {
    /// `None` if the text is too long.
    fn of(text: &str) -> Option<Self> {
        let mut folded = Folded { characters: ['\0'; LONGEST], length: 0 };
        for character in text.chars().filter(|character| !matches!(character, '_' | '-' | ' ')) {
            *folded.characters.get_mut(folded.length)? = character.to_ascii_lowercase();
            folded.length += 1;
        }
        Some(folded)
    }

    fn as_slice(&self) -> &[char] {
        self.characters.get(..self.length).unwrap_or_default()
    }
}

/// How many characters must be inserted, deleted, replaced, or swapped with their neighbours (optimal string alignment),
/// of two texts of at most [`LONGEST`].
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

    /// A quarter of a word may differ, and one character of any; `plain` is whether the nearest word alone can be meant.
    #[test]
    fn the_nearest_word() {
        let models = ["gpt-4.1", "gpt-4.1-mini", "gpt-5"];
        let cases: [(&str, &[&'static str], Option<(&str, bool)>); 14] = [
            ("gpt-4.1-mni", &models, Some(("gpt-4.1-mini", true))),
            ("GPT_5", &models, Some(("gpt-5", true))),
            // Another number is another model, not a slip.
            ("gpt-6", &models, Some(("gpt-5", false))),
            ("claude", &models, None),
            ("b", &["a"], Some(("a", true))),
            ("bc", &["a"], None),
            ("abcdexy", &["abcdefg"], None),
            ("abcdefxy", &["abcdefgh"], Some(("abcdefgh", true))),
            ("abcdef", &["abcdefgh"], Some(("abcdefgh", true))),
            ("abcdefghij", &["abcdefgh"], Some(("abcdefgh", true))),
            // The nearest, wherever it stands.
            ("abcdefxx", &["abcdefgx", "abcdefgh"], Some(("abcdefgx", true))),
            ("abcdefxx", &["abcdefgh", "abcdefgx"], Some(("abcdefgx", true))),
            // Of words that are as near, the first; it is not plain, unless a nearer one follows.
            ("abcx", &["abcd", "abce"], Some(("abcd", false))),
            ("abcdefgx", &["abcdefyh", "abcdefzh", "abcdefgh"], Some(("abcdefgh", true))),
        ];
        for (given, words, expected) in cases {
            let found = nearest(given, words.iter().copied()).map(|near| (near.word, near.plain));
            assert_eq!(found, expected, "{given} of {words:?}");
        }
    }
}
