//! The contract's principles, which the reasons of codes name.

use super::text::markdown_inline;

pub(super) struct Principle {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    says: &'static str,
}

pub(super) const PRINCIPLES: &[Principle] = &[
    Principle {
        name: "P1",
        title: "Doubt breaks nothing.",
        says: "A violation is what the service’s page rules out, and nothing else. What the page leaves doubtful is an \
               advisory: it is reported, and the document stays valid.",
    },
    Principle {
        name: "P2",
        title: "A request is closed.",
        says: "It has documented fields and documented words only, and null only where the page gives null a meaning. \
               `settings` and `variables` alone take fields of your own.",
    },
    Principle {
        name: "P3",
        title: "A response is open.",
        says: "It may have further fields, which are kept, and words that are not listed. Each field may be absent or \
               null, which is the same. What holds is the type of each documented field and the bounds of its number; \
               and an item of an array is never null.",
    },
    Principle {
        name: "P4",
        title: "There is one verdict.",
        says: "The Rust types, the reader, the JSON Schemas and the OpenAPI documents accept the same JSON values, as far \
               as each can say the rules, and point at the same places of those that they refuse.",
    },
    Principle {
        name: "P5",
        title: "A report is whole.",
        says: "It has every violation, each with its code, its place (a JSON Pointer, and in a text the byte, line and \
               column) and what would have been right. The value of a key is in no report.",
    },
];

impl Principle {
    /// What it says, as HTML.
    pub(super) fn says(&self) -> String {
        markdown_inline(self.says)
    }
}

/// A reason as Markdown in which each principle leads to what it says.
pub(super) fn linked(reason: &str) -> String {
    PRINCIPLES
        .iter()
        .fold(reason.to_owned(), |reason, Principle { name, .. }| reason.replace(name, &format!("[{name}](#{name})")))
}
