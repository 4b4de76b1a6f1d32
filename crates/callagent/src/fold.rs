//! Texts without what habits of spelling change.

/// A text without its case, and without the marks between words.
pub(crate) fn fold(text: &str) -> impl Iterator<Item = char> {
    let characters = text.chars().filter(|character| !matches!(character, '_' | '-' | ' '));
    characters.map(|character| character.to_ascii_lowercase())
}
