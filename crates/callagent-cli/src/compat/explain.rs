//! The explanations of rules, for `callagent explain`.

use callagent_compat::{
    Direction,
    rules::{self, Row, Rule, UNDECIDED, UNDECIDED_HELP},
};

/// A rule, or the finding that no rule decides.
#[derive(Clone, Copy)]
pub(crate) enum Topic {
    Rule(&'static Row, Direction, &'static Rule),
    Undecided,
}

impl Topic {
    /// Returns all topics.
    pub(crate) fn all() -> impl Iterator<Item = Topic> {
        rules::all().map(|(row, direction, rule)| Topic::Rule(row, direction, rule)).chain([Topic::Undecided])
    }

    pub(crate) fn name(self) -> &'static str {
        self.rule().name
    }

    pub(crate) fn title(self) -> String {
        format!("{}.", self.rule().title)
    }

    pub(crate) fn explanation(self, width: usize) -> String {
        let fill = |text: &str| textwrap::fill(text, width);
        let title = fill(&format!("{}: {}", self.name(), self.title()));
        let Topic::Rule(row, direction, _) = self else {
            let paragraphs = [title, fill("Reported by `callagent compat`."), fill(UNDECIDED_HELP)];
            return format!("{}\n", paragraphs.join("\n\n"));
        };
        let (old, new) = row.versions(direction);
        let whom = match direction {
            Direction::Request => "Breaks requests: the new version rejects some that the old version accepts.",
            Direction::Response => "Breaks responses: the new version may send some that the old version rejects.",
        };
        let reference = format!("Reported by `callagent compat`. See {}.", row.reference);
        let paragraphs = [title, fill(whom), fill(&reference), fill(rules::fix(direction))].join("\n\n");
        format!("{paragraphs}\n\nFor example, the old version:\n    {old}\nThe new version:\n    {new}\n")
    }

    fn rule(self) -> &'static Rule {
        match self {
            Topic::Rule(_, _, rule) => rule,
            Topic::Undecided => &UNDECIDED,
        }
    }
}
