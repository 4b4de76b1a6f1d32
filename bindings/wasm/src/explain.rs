//! Explanations of codes as JSON.

use callagent::{Code, Explanation, Severity, model::Direction, tools::DocumentKind};
use serde::ser::{Serialize, Serializer};

/// Returns the explanation of a code; `None` if there is no code of this name.
pub(crate) fn json(name: &[u8]) -> Option<String> {
    let explanation = Explanation::ALL.iter().find(|explanation| explanation.code.as_str().as_bytes() == name)?;
    let Explanation { code, meaning, reason, fix, direction, example, fixed, .. } = explanation;
    let kind = match direction {
        Direction::Request => DocumentKind::Update,
        Direction::Response => DocumentKind::Agent,
    };
    let severity = match code.severity() {
        Severity::Violation => "violation",
        Severity::Advisory => "advisory",
        Severity::Tolerable => "tolerable",
    };
    let members = [
        ("code", code.as_str()),
        ("title", code.title()),
        ("severity", severity),
        ("meaning", meaning),
        ("reason", reason),
        ("fix", fix),
        ("kind", kind.as_str()),
        ("example", example),
        ("fixed", fixed),
        ("reference", &code.reference()),
    ];
    Some(written(&Members(&members)))
}

/// Returns the names of all codes.
pub(crate) fn codes() -> String {
    let names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    written(&names)
}

/// An object whose members are strings.
struct Members<'m>(&'m [(&'static str, &'m str)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings serialize")
}
