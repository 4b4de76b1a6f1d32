//! Escaping of text from a document, so that it is safe on one line.

use std::fmt::{self, Write as _};

/// Escapes control and bidirectional characters so that text is safe on one line, such as in a log. Messages of reports
/// are escaped; pointers and values found are not.
///
/// ```
/// assert_eq!(callagent::tools::EscapeControl("/a\nb").to_string(), r"/a\u000ab");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct EscapeControl<'t>(pub &'t str);

impl fmt::Display for EscapeControl<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_spelled = |character: char| {
            let turns_text = matches!(
                character,
                '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            );
            character.is_control() || turns_text
        };
        let is_plain = self.0.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if is_plain || !self.0.contains(is_spelled) {
            return out.write_str(self.0);
        }
        self.0.chars().try_for_each(|character| match character {
            _ if is_spelled(character) => write!(out, "\\u{:04x}", u32::from(character)),
            _ => out.write_char(character),
        })
    }
}
