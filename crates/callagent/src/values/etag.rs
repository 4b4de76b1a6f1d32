//! Entity tags and the `If-Match` precondition (RFC 9110, sections 8.8.3 and 13.1.1).

use std::{error::Error, fmt, str::FromStr};

use crate::model::string_type;

/// An entity tag, which identifies a state of a resource.
///
/// ```
/// use callagent::ETag;
///
/// let tag = ETag::strong("5")?;
/// assert_eq!(tag.as_str(), "\"5\"");
/// assert_eq!(tag, ETag::from(5));
/// let weak: ETag = "W/\"5\"".parse()?;
/// assert!(weak.is_weak() && !tag.strongly_equals(&weak));
/// # Ok::<(), callagent::InvalidETag>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag(String);

/// The value of the header `If-Match`: the states in which a resource may be changed.
///
/// ```
/// use callagent::{ETag, IfMatch};
///
/// let condition: IfMatch = r#""4", "5""#.parse()?;
/// assert!(condition.permits(&ETag::strong("5")?));
/// assert!(!condition.permits(&ETag::strong("6")?));
/// assert_eq!("*".parse(), Ok(IfMatch::ANY));
/// assert_eq!(IfMatch::from(ETag::strong("5")?).to_string(), "\"5\"");
/// assert!("5".parse::<IfMatch>().is_err());
/// # Ok::<(), callagent::InvalidETag>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(
    /// `None` for `*`. The list is not empty.
    Option<Vec<ETag>>,
);

/// The error of parsing an [`ETag`] or [`IfMatch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidETag(());

/// The prefix of a weak tag.
const WEAK: &str = "W/";

impl ETag {
    /// The ECMA-262 regular expression that matches exactly the valid tags.
    pub const PATTERN: &'static str = r#"^(W/)?"[^\x00-\x20"\x7F]*"$"#;

    /// Creates a strong tag from text without quotes.
    ///
    /// # Errors
    /// If the text contains a quote, a space or a control character.
    pub fn strong(tag: impl fmt::Display) -> Result<Self, InvalidETag> {
        format!("\"{tag}\"").parse()
    }

    /// Returns the tag as in a header, with its quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the tag is weak: two states with the same weak tag may differ.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.0.starts_with(WEAK)
    }

    /// Compares strongly, as `If-Match` requires: both tags are strong and equal.
    #[must_use]
    pub fn strongly_equals(&self, other: &ETag) -> bool {
        self == other && !self.is_weak()
    }

    /// Splits a tag off the beginning of text.
    fn first_of(text: &str) -> Option<(Self, &str)> {
        let opaque = text.strip_prefix(WEAK).unwrap_or(text).strip_prefix('"')?;
        let (tag, rest) = opaque.split_once('"')?;
        let is_tag = tag.chars().all(|character| matches!(character, '!'..='~' | '\u{80}'..));
        let tag = text.strip_suffix(rest).filter(|_| is_tag)?;
        Some((ETag(tag.to_owned()), rest))
    }
}

impl IfMatch {
    /// The ECMA-262 regular expression that matches exactly the valid values.
    pub const PATTERN: &'static str = concat!(
        r#"^[\t ]*(\*|(,[\t ]*)*(W/)?"[^\x00-\x20"\x7F]*""#,
        r#"([\t ]*,([\t ]*(W/)?"[^\x00-\x20"\x7F]*")?)*)[\t ]*$"#,
    );

    /// `*`: any state of an existing resource.
    pub const ANY: IfMatch = IfMatch(None);

    /// Returns the tags, in the order of the header; `None` for `*`.
    #[must_use]
    pub fn tags(&self) -> Option<&[ETag]> {
        self.0.as_deref()
    }

    /// Returns whether a resource in the state with this tag may be changed.
    #[must_use]
    pub fn permits(&self, current: &ETag) -> bool {
        self.tags().is_none_or(|tags| tags.iter().any(|tag| tag.strongly_equals(current)))
    }
}

/// The strong tag of a version number.
impl From<u64> for ETag {
    fn from(version: u64) -> Self {
        ETag(format!("\"{version}\""))
    }
}

string_type!(ETag, InvalidETag, |text| match ETag::first_of(text) {
    Some((tag, "")) => Ok(tag),
    _ => Err(InvalidETag(())),
});

/// The state with this tag.
impl From<ETag> for IfMatch {
    fn from(tag: ETag) -> Self {
        IfMatch(Some(vec![tag]))
    }
}

/// Parses a list (RFC 9110, section 5.6.1): elements may be empty, but not all of them.
impl FromStr for IfMatch {
    type Err = InvalidETag;

    fn from_str(text: &str) -> Result<Self, InvalidETag> {
        let is_space = |character| matches!(character, ' ' | '\t');
        let text = text.trim_matches(is_space);
        if text == "*" {
            return Ok(IfMatch::ANY);
        }
        let (mut tags, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            if !rest.starts_with(',') {
                let (tag, after) = ETag::first_of(rest).ok_or(InvalidETag(()))?;
                tags.push(tag);
                rest = after.trim_start_matches(is_space);
            }
            match rest.strip_prefix(',') {
                Some(after) => rest = after.trim_start_matches(is_space),
                None if rest.is_empty() => {}
                None => return Err(InvalidETag(())),
            }
        }
        if tags.is_empty() { Err(InvalidETag(())) } else { Ok(IfMatch(Some(tags))) }
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

impl fmt::Display for IfMatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tags() {
            None => out.write_str("*"),
            Some(tags) => {
                let tags: Vec<_> = tags.iter().map(ETag::as_str).collect();
                out.write_str(&tags.join(", "))
            }
        }
    }
}

impl fmt::Display for InvalidETag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("expected an entity tag in quotes, such as `\"5\"`, or a list of them")
    }
}

impl Error for InvalidETag {}
