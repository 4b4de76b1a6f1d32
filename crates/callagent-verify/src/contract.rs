//! The sentences of the contract, and documents that test them.

use std::{borrow::Cow, sync::LazyLock};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// A sentence of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Sentence {
    /// Its id, such as `request.gaps.days.bounds`.
    pub id: String,
    /// What it says.
    pub says: String,
}

impl Sentence {
    /// Returns the sentence with an id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Sentence> {
        CONTRACT.sentences.iter().find(|sentence| sentence.id == id)
    }

    /// Returns all sentences, in the order of the contract.
    #[must_use]
    pub fn all() -> &'static [Sentence] {
        &CONTRACT.sentences
    }
}

/// A request body that tests sentences of the contract.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    pub(crate) contract: Vec<String>,
    text: Option<String>,
    base64: Option<String>,
}

impl Document {
    pub(crate) fn body(&self) -> Cow<'_, [u8]> {
        match (&self.text, &self.base64) {
            (Some(text), _) => text.as_bytes().into(),
            (None, base64) => {
                let base64 = base64.as_deref().unwrap_or_default();
                BASE64.decode(base64.as_bytes()).expect("the embedded documents are valid base64").into()
            }
        }
    }

    /// The sentence that the document is mainly about: one about a field, or else one about text or values.
    pub(crate) fn main_sentence(&self) -> &str {
        let of = |prefix: &str| self.contract.iter().find(|id| id.starts_with(prefix));
        let main = ["request.", "text.", "values."].into_iter().find_map(of).or(self.contract.first());
        main.map_or("", String::as_str)
    }
}

#[derive(Deserialize)]
struct Contract {
    sentences: Vec<Sentence>,
    documents: Vec<Document>,
}

static CONTRACT: LazyLock<Contract> =
    LazyLock::new(|| serde_json::from_str(include_str!("contract.json")).expect("the embedded contract is valid"));

pub(crate) fn documents() -> &'static [Document] {
    &CONTRACT.documents
}
