//! The word that was likely meant.

/// A listed word that is close to a given one.
pub(super) struct Near {
    pub(super) word: &'static str,
    /// Whether nothing else could have been meant.
    pub(super) plain: bool,
}

/// The nearest of some words. It is not plain where another one is as near, or where the digits differ: another number is
/// another model, not a slip.
pub(super) fn nearest(given: &str, words: impl Iterator<Item = &'static str>) -> Option<Near> {
    let folded = folded(given, 64)?;
    let mut near: Vec<_> = words
        .filter_map(|word| {
            let candidate = self::folded(word, usize::MAX)?;
            let allowed = (candidate.len() / 4).max(1);
            Some(distance(&folded, &candidate)).filter(|distance| *distance <= allowed).map(|distance| (distance, word))
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let (best, word) = *near.first()?;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let is_only = near.get(1).is_none_or(|(distance, _)| *distance > best);
    Some(Near { word, plain: is_only && digits(given) == digits(word) })
}

/// A text without what habits of spelling change: case, and the marks between words. `None` if it is too long to be a slip.
fn folded(text: &str, longest: usize) -> Option<Vec<char>> {
    let characters = text.chars().filter(|character| !matches!(character, '_' | '-' | ' '));
    (text.len() <= longest).then(|| characters.flat_map(char::to_lowercase).collect())
}

/// How many characters must be inserted, deleted, replaced, or swapped with their neighbours (optimal string alignment).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut two_above = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, &character) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &other) in to.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&above, column) + usize::from(character != other);
            let mut best = replaced.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            let swapped = column > 0
                && row > 0
                && to.get(column - 1) == Some(&character)
                && from.get(row - 1) == Some(&other);
            if swapped {
                best = best.min(at(&two_above, column - 1) + 1);
            }
            current.push(best);
        }
        two_above = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        for (from, to, expected) in [("", "", 0), ("a", "", 1), ("nmae", "name", 1), ("nam", "name", 1), ("ca", "abc", 3)] {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&characters(from), &characters(to)), expected, "{from} {to}");
        }
    }

    #[test]
    fn another_number_is_not_a_slip() {
        let words = ["gpt-4.1", "gpt-4.1-mini", "gpt-5"];
        let found = |given| nearest(given, words.into_iter()).map(|near| (near.word, near.plain));
        assert_eq!(found("gpt-4.1-mni"), Some(("gpt-4.1-mini", true)));
        assert_eq!(found("GPT_5"), Some(("gpt-5", true)));
        assert_eq!(found("gpt-6"), Some(("gpt-5", false)));
        assert_eq!(found("claude"), None);
    }
}
