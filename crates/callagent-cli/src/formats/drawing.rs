//! Rendering a finding as compilers do: a title, an excerpt with carets, notes.

use annotate_snippets::{AnnotationKind, Group, Level, Message, Renderer, Snippet, Title, renderer::DecorStyle};
use unicode_width::UnicodeWidthStr as _;

use super::excerpt::Excerpt;

/// A placeholder for one cell of the terminal. No line margin contains this character.
const CELL: &str = ".";
/// The maximum width of a line's margin and the decoration of its label.
const MARGIN: usize = 100;
/// The row of the source line, after the title and an empty row.
const ROW: usize = 2;

/// A finding to render.
pub(crate) struct Drawing<'d> {
    pub(crate) title: Title<'d>,
    pub(crate) excerpt: Excerpt,
    /// The line number.
    pub(crate) line: usize,
    pub(crate) label: Option<String>,
    pub(crate) notes: Vec<Message<'d>>,
}

impl Drawing<'_> {
    /// Renders several lines, without a final line end.
    ///
    /// The renderer adds up the widths of characters, but terminals show some sequences as one: an emoji with modifiers,
    /// or letters with combining marks. So it renders one placeholder per cell, and the text replaces them afterwards.
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

/// Renders a finding whose place in the text is not known, without a final line end.
#[cfg(feature = "compat")]
pub(crate) fn render_without_excerpt(title: Title<'_>, notes: Vec<Message<'_>>, colored: bool) -> String {
    let group = notes.into_iter().fold(Group::with_title(title), Group::element);
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// A note without a label.
pub(crate) fn note<'n>(text: impl Into<std::borrow::Cow<'n, str>>) -> Message<'n> {
    Level::NOTE.no_name().message(text)
}
