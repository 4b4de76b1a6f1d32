//! A finding as compilers draw theirs: a title, an excerpt with carets, notes.

use annotate_snippets::{AnnotationKind, Group, Level, Message, Renderer, Snippet, Title, renderer::DecorStyle};
use unicode_width::UnicodeWidthStr as _;

use super::excerpt::Excerpt;

/// A cell of the terminal, by a character that no margin of a line has.
const CELL: &str = ".";
/// How many columns the margin of a line and the ends of its label take at most.
const MARGIN: usize = 100;
/// The row of the line, after the title and an empty one.
const ROW: usize = 2;

/// A finding to draw.
pub(crate) struct Drawing<'d> {
    pub(crate) title: Title<'d>,
    pub(crate) excerpt: Excerpt,
    /// The number of the line.
    pub(crate) line: usize,
    pub(crate) label: Option<String>,
    pub(crate) notes: Vec<Message<'d>>,
}

impl Drawing<'_> {
    /// Draws it in several lines, the last one without its end.
    ///
    /// The renderer adds up the widths of characters, but terminals show sequences of them as one: an emoji with its
    /// modifiers, letters with their marks. So it draws cells, and the text takes their place.
    pub(crate) fn render(self, colored: bool) -> String {
        let Drawing { title, excerpt: Excerpt { text, span }, line, label, notes } = self;
        let width = |end: usize| text.get(..end).unwrap_or(&text).width();
        let (span, cells) = (width(span.start)..width(span.end), CELL.repeat(text.width()));
        let columns = MARGIN + cells.len() + label.as_ref().map_or(0, |label| label.width());
        let annotation = AnnotationKind::Primary.span(span).label(label);
        let snippet = Snippet::source(cells.as_str()).line_start(line).annotation(annotation);
        let group = notes.into_iter().fold(title.element(snippet), Group::element);
        let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
        let drawn = renderer.decor_style(DecorStyle::Ascii).term_width(columns).render(&[group]);
        if cells.is_empty() {
            return drawn;
        }
        let rows = drawn.split_inclusive('\n').enumerate();
        rows.map(|(row, drawn)| if row == ROW { drawn.replacen(&cells, &text, 1) } else { drawn.to_owned() }).collect()
    }
}

/// A note without a name.
pub(crate) fn note<'n>(text: impl Into<std::borrow::Cow<'n, str>>) -> Message<'n> {
    Level::NOTE.no_name().message(text)
}
