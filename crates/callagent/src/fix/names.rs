//! Comparison of names ignoring case and separators.

/// Normalizes a name: ASCII lowercase, without `_`, `-` and spaces. Names with the same result are treated as
/// misspellings of each other.
///
/// ```
/// use callagent::tools::normalize_name;
///
/// assert!(normalize_name("eleven_labs-api key").eq(normalize_name("elevenLabsApiKey")));
/// ```
pub fn normalize_name(text: &str) -> impl Iterator<Item = char> {
    let characters = text.chars().filter(|character| !matches!(character, '_' | '-' | ' '));
    characters.map(|character| character.to_ascii_lowercase())
}
