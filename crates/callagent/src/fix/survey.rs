//! A walk over a text that gives violations their surroundings: the object around each, its member, and the member that
//! it repeats.

use std::{borrow::Cow, collections::HashMap};

use super::Fixer;
use crate::{
    json::{Kind, Source, Stop, Text},
    model::{Code, Object},
    report::Suggestion,
};

/// From one byte to before another one.
pub(super) type Span = (usize, usize);

/// One name and value of an object.
pub(super) struct Member {
    pub(super) name: Span,
    pub(super) value: Span,
    /// The value of the first member of the same name, if that is another one.
    pub(super) first: Option<Span>,
}

/// A suggestion whose safety depends on the object around it.
pub(super) struct Pending {
    /// The violation's number in the report.
    pub(super) index: usize,
    pub(super) code: Code,
    pub(super) suggestion: Suggestion,
    /// Whether nothing else could have been meant.
    pub(super) plain: bool,
    /// What the contract says of the object.
    pub(super) object: &'static Object,
    /// The field that it would add to the object.
    pub(super) adds: Option<&'static str>,
}

impl Fixer<'_> {
    /// Looks at all members of all objects.
    pub(super) fn survey(&mut self, source: &mut Text<'_>) -> Result<(), Stop> {
        match source.peek()? {
            Kind::Array => source.array(|source| self.survey(source)),
            Kind::Object => self.survey_object(source),
            _ => source.skip(),
        }
    }

    fn survey_object<'t>(&mut self, source: &mut Text<'t>) -> Result<(), Stop> {
        let start = source.position();
        let mut firsts: HashMap<Cow<'t, str>, Span> = HashMap::new();
        let mut pending: Vec<Pending> = Vec::new();
        source.object(|source, name| {
            let from = source.position();
            self.survey(source)?;
            let value = (from, source.position());
            let mut member = Member { name: (name.start, name.end), value, first: None };
            if self.has_repeats {
                let first = *firsts.entry(name.text).or_insert(value);
                member.first = Some(first).filter(|first| *first != value);
            }
            for offset in [name.start, from] {
                let found = self.member(offset, &member);
                // Of several fields that could be the same documented one, the first is.
                pending
                    .extend(found.filter(|new| new.adds.is_none() || pending.iter().all(|old| old.adds != new.adds)));
            }
            Ok(())
        })?;
        let object = (start, source.position());
        for pending in pending {
            self.judge(pending, object);
        }
        Ok(())
    }
}
