//! Text as HTML: Markdown, the changelog, and names with line breaks.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};

/// Returns the changelog without its title, with lower headings.
pub(super) fn changes() -> Result<String, String> {
    let text = callagent_testkit::read("CHANGELOG.md")?;
    let lower = |level: HeadingLevel| HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6);
    let events =
        parsed(&text).skip_while(|event| !matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. })));
    let events = events.map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        event => event,
    });
    Ok(rendered(events))
}

/// Markdown as HTML.
pub(super) fn markdown(text: &str) -> String {
    rendered(parsed(text))
}

/// One paragraph of Markdown as HTML, without the paragraph.
pub(super) fn markdown_inline(text: &str) -> String {
    let is_paragraph =
        |event: &Event<'_>| matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph));
    rendered(parsed(text).filter(|event| !is_paragraph(event)))
}

/// Parses Markdown. HTML in it is text.
fn parsed(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new(text).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        event => event,
    })
}

fn rendered<'e>(events: impl Iterator<Item = Event<'e>>) -> String {
    let mut rendered = String::new();
    html::push_html(&mut rendered, events);
    rendered
}

/// Splits a name or path where a line may break: after a dot, slash or colon, and between a lowercase and an uppercase
/// letter.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = None;
    for letter in name.chars() {
        let breaks = before.is_some_and(|before| "./:".contains(before))
            || before.is_some_and(char::is_lowercase) && letter.is_uppercase();
        if breaks {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        before = Some(letter);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_where_words_begin() {
        assert_eq!(parts("ttsModel.voiceId"), ["tts", "Model.", "voice", "Id"]);
        assert_eq!(parts("_id"), ["_id"]);
    }
}
