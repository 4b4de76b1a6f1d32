//! Vectors as TypeScript: each document as a literal that must have its type, or must not where types can say why.

use callagent::{
    Agent, Code, UpdateAgent,
    model::{Direction, Object, Type},
};
use serde_json::Value;

use super::typescript;
use crate::{
    vectors::{Case, Suite},
    world,
};

/// A file of probes, and which vector stands on which of its lines.
pub(super) struct Probes {
    pub(super) text: String,
    /// The ids, from the first line on; what stands on two lines is there twice.
    pub(super) ids: Vec<String>,
    pub(super) accepted: usize,
    pub(super) refused: usize,
    /// Invalid documents that types cannot refuse.
    pub(super) unsaid: usize,
}

pub(super) fn probes(suites: &[Suite]) -> Probes {
    let import = format!("import type {{ Agent, UpdateAgent }} from \"../../schemas/{}\";\n", typescript::FILE);
    let text = import.replace(".d.ts", "");
    let mut probes = Probes { text, ids: vec![String::new()], accepted: 0, refused: 0, unsaid: 0 };
    for vector in suites.iter().flat_map(|suite| &suite.vectors) {
        let Case::Judge(judge) = &vector.case else { continue };
        let (Some(value), None) = (judge.document().value, &judge.tolerance) else { continue };
        let object = match judge.direction {
            Direction::Request => UpdateAgent::OBJECT,
            Direction::Response => Agent::OBJECT,
        };
        let is_refused = judge.violations.iter().any(|(pointer, code)| is_said(object, value, pointer, *code));
        match (is_refused, judge.violations.is_empty()) {
            (true, _) => probes.refused += 1,
            (false, true) => probes.accepted += 1,
            (false, false) => probes.unsaid += 1,
        }
        if is_refused {
            probes.line(&vector.id, "// @ts-expect-error");
        }
        // The compact text stands on one line, but for two characters that end a line in TypeScript.
        let literal = value.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        probes.line(&vector.id, &format!("({literal}) satisfies {};", object.name));
    }
    probes
}

impl Probes {
    fn line(&mut self, id: &str, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.ids.push(id.to_owned());
    }
}

/// Whether types can say that this is wrong. What they cannot say stands in the head of the declarations.
fn is_said(root: &'static Object, document: &Value, pointer: &str, code: Code) -> bool {
    let value = document.pointer(pointer);
    match code {
        Code::OUT_OF_RANGE => false,
        Code::WRONG_TYPE => {
            let is_number = value.is_some_and(Value::is_number);
            !(is_number && matches!(world::declared(root, pointer), Some((_, Type::Integer(_)))))
        }
        Code::MISSING_FIELD => value.is_none_or(|value| *value != ""),
        _ => true,
    }
}
