//! A case: a named part of the test.

use std::{borrow::Cow, fmt, future::Future, pin::Pin};

use serde::Serialize;

use crate::{
    contract::{Document, Sentence},
    log::Done,
    session::Session,
};

/// A group of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Group {
    /// The server accepts what it must.
    Accepts,
    /// The server refuses what it must.
    Refuses,
    /// The server applies updates as documented.
    Applies,
    /// The server keeps secrets.
    Secrets,
    /// The server behaves under concurrency.
    Concurrency,
    /// HTTP itself: statuses, headers, methods and preconditions.
    Http,
}

impl Group {
    /// All groups, in the order in which they run.
    pub const ALL: &'static [Self] =
        &[Group::Accepts, Group::Refuses, Group::Applies, Group::Secrets, Group::Concurrency, Group::Http];

    /// Returns the name of the group, which is the first part of the names of its cases.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Group::Accepts => "accepts",
            Group::Refuses => "refuses",
            Group::Applies => "applies",
            Group::Secrets => "secrets",
            Group::Concurrency => "concurrency",
            Group::Http => "http",
        }
    }

    /// Returns what the group tests.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Group::Accepts => "Accepts what it must",
            Group::Refuses => "Refuses what it must",
            Group::Applies => "Applies updates as documented",
            Group::Secrets => "Keeps secrets",
            Group::Concurrency => "Behaves under concurrency",
            Group::Http => "Speaks HTTP",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

pub(crate) type Running<'s> = Pin<Box<dyn Future<Output = Done> + Send + 's>>;

pub(crate) enum Action {
    /// Sends each of these documents.
    Documents(Vec<&'static Document>),
    Scenario(fn(&mut Session) -> Running<'_>),
    /// Collects what other cases saw in all responses.
    General(&'static str),
}

/// A case: a named part of the test.
pub struct Case {
    pub(crate) group: Group,
    pub(crate) number: usize,
    pub(crate) name: Cow<'static, str>,
    pub(crate) title: Cow<'static, str>,
    pub(crate) sentences: Vec<Cow<'static, str>>,
    pub(crate) action: Action,
}

impl Case {
    pub(crate) fn scenario(
        group: Group,
        name: &'static str,
        title: &'static str,
        sentences: &[&'static str],
        run: fn(&mut Session) -> Running<'_>,
    ) -> Self {
        let sentences = sentences.iter().map(|sentence| Cow::Borrowed(*sentence)).collect();
        let (name, title) = (name.into(), title.into());
        Case { group, number: 0, name, title, sentences, action: Action::Scenario(run) }
    }

    /// Returns the group of the case.
    #[must_use]
    pub fn group(&self) -> Group {
        self.group
    }

    /// Returns the position of the case in its group, from 1. It may change with the version of the test.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// Returns the full name, such as `applies/absent-fields`. It stays the same across versions of the test.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.group, self.name)
    }

    /// Returns what a correct server does.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns the sentences of the contract that the case tests.
    pub fn sentences(&self) -> impl Iterator<Item = &'static Sentence> {
        self.sentences.iter().filter_map(|id| Sentence::find(id))
    }

    /// Returns about how many requests the case sends.
    #[must_use]
    pub fn approximate_requests(&self) -> usize {
        match &self.action {
            Action::Documents(documents) => documents.len() + 1,
            Action::Scenario(_) if self.group == Group::Concurrency => 120,
            Action::Scenario(_) => 12,
            Action::General(_) => 1,
        }
    }

    /// Returns whether a name selects the case: that of its group, or its own with its name or its number.
    ///
    /// ```
    /// let cases = callagent_verify::cases();
    /// let case = cases.iter().find(|case| case.id() == "applies/absent-fields").expect("the case");
    /// assert!(["applies", "applies/absent-fields", "applies/1"].iter().all(|name| case.is_selected_by(name)));
    /// assert!(!case.is_selected_by("applies/2"));
    /// ```
    #[must_use]
    pub fn is_selected_by(&self, name: &str) -> bool {
        match name.trim_end_matches('/').split_once('/') {
            None => name.trim_end_matches('/') == self.group.as_str(),
            Some((group, case)) => {
                group == self.group.as_str() && (case == self.name || case.parse() == Ok(self.number))
            }
        }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Case({})", self.id())
    }
}
