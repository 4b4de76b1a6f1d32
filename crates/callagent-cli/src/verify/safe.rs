//! Text of a server, made safe for terminals and for the logs of CI.

use std::borrow::Cow;

use callagent::tools::EscapeControl;

/// Escapes what controls a terminal, and what the runners of GitHub and Azure execute anywhere in a line, such as
/// `##[group]` and `##vso[task.complete]`.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    let text = EscapeControl(text).to_string();
    if !text.contains("##") {
        return text.into();
    }
    let is_command = |rest: &str| rest.trim_start_matches(|name: char| name.is_ascii_alphabetic()).starts_with('[');
    let mut escaped = String::new();
    for (index, character) in text.char_indices() {
        let (before, rest) = text.split_at(index);
        if character == '#' && before.ends_with('#') && is_command(&rest[1..]) {
            escaped += r"\u0023";
        } else {
            escaped.push(character);
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn commands_of_runners_are_escaped() {
        for (text, expected) in [
            ("# one ## two ### three", "# one ## two ### three"),
            ("a ##[error]b", r"a #\u0023[error]b"),
            ("##vso[task.complete]", r"#\u0023vso[task.complete]"),
            ("###[x]", r"##\u0023[x]"),
            ("\u{1b}[31m\u{9b}", r"\u001b[31m\u009b"),
        ] {
            assert_eq!(safe(text), expected);
        }
    }
}
