//! The principles of the contract, which the explanations of codes refer to.

use super::text::markdown_inline;

pub(super) struct Principle {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    says: &'static str,
}

pub(super) const PRINCIPLES: &[Principle] = &[
    Principle {
        name: "P1",
        title: "Ambiguity is never a violation.",
        says: "A violation is something that the service’s page rules out. Something that the page leaves ambiguous is an \
               advisory: it is reported, and the document stays valid.",
    },
    Principle {
        name: "P2",
        title: "A request is closed.",
        says: "It has only documented fields and documented values, and null only where the page gives null a meaning. \
               Only `settings` and `variables` accept additional fields.",
    },
    Principle {
        name: "P3",
        title: "A response is open.",
        says: "It may have additional fields, which are kept, and values that are not listed. Each field may be absent or \
               null, which means the same. The types and numeric bounds of documented fields apply, and items of arrays \
               are never null.",
    },
    Principle {
        name: "P4",
        title: "All implementations agree.",
        says: "The Rust types, the reader, the JSON Schemas and the OpenAPI documents accept the same JSON values, as far \
               as each can express the rules, and report the same locations in values that they reject.",
    },
    Principle {
        name: "P5",
        title: "A report is complete.",
        says: "It has every violation, each with its code, its location (a JSON Pointer, and in text the byte, line and \
               column) and the expected value. No report contains a key.",
    },
];

impl Principle {
    /// The principle as HTML.
    pub(super) fn says(&self) -> String {
        markdown_inline(self.says)
    }
}

/// Links the principles in a reason, as Markdown.
pub(super) fn linked(reason: &str) -> String {
    PRINCIPLES
        .iter()
        .fold(reason.to_owned(), |reason, Principle { name, .. }| reason.replace(name, &format!("[{name}](#{name})")))
}
