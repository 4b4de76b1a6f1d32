//! The principles of the contract, to which the explanations of codes refer.

use super::text::markdown_inline;

pub(super) struct Principle {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    text: &'static str,
}

pub(super) const PRINCIPLES: &[Principle] = &[
    Principle {
        name: "P1",
        title: "Ambiguity is never a violation.",
        text: "Only what the service’s page rules out is a violation. Where the page is ambiguous, a finding is an \
               advisory: it is reported, but the document stays valid.",
    },
    Principle {
        name: "P2",
        title: "Requests are closed.",
        text: "A request has only documented fields and values, and null only where the page gives null a meaning. Only \
               `settings` and `variables` accept custom fields.",
    },
    Principle {
        name: "P3",
        title: "Responses are open.",
        text: "A response may have undocumented fields and values, which are kept. Any field may be absent or null, which \
               have the same meaning. The types and bounds of documented fields still apply, and items of arrays are \
               never null.",
    },
    Principle {
        name: "P4",
        title: "Every implementation gives the same verdict.",
        text: "The Rust types, the reader, the JSON Schemas and the OpenAPI documents accept the same JSON values, as far \
               as each can express the rules, and report the same locations for the values that they reject.",
    },
    Principle {
        name: "P5",
        title: "Reports are complete.",
        text: "A report has every violation, each with its code, its location (a JSON Pointer and, in text, the byte \
               offset, line and column) and what was expected. No report shows the value of a key.",
    },
];

impl Principle {
    /// The text as HTML.
    pub(super) fn text(&self) -> String {
        markdown_inline(self.text)
    }
}

/// Links the principles in a reason, which is Markdown.
pub(super) fn linked(reason: &str) -> String {
    PRINCIPLES
        .iter()
        .fold(reason.to_owned(), |reason, Principle { name, .. }| reason.replace(name, &format!("[{name}](#{name})")))
}
