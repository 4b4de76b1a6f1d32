//! Texts without what habits of spelling change.

/// A name without its case (of ASCII), and without the marks between words: `_`, `-` and spaces. Names that are alike in
/// this are taken for slips of one another.
///
/// ```
/// assert!(callagent::normalize_name("eleven_labs-api key").eq(callagent::normalize_name("elevenLabsApiKey")));
/// ```
pub fn normalize_name(text: &str) -> impl Iterator<Item = char> {
    let characters = text.chars().filter(|character| !matches!(character, '_' | '-' | ' '));
    characters.map(|character| character.to_ascii_lowercase())
}
