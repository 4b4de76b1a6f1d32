//! Vectors as TypeScript: each document is a literal that must have its type, or must not if types can express the rule.

use callagent::{
    Agent, Code, UpdateAgent,
    model::{Direction, Object, Type},
};
use callagent_testkit::vectors::{Case, Suite};
use serde_json::Value;

use super::typescript;
use crate::world;

/// A file of probes, with the vector of each line.
pub(super) struct Probes {
    pub(super) text: String,
    /// The ids by line.
    pub(super) ids: Vec<String>,
    pub(super) accepted: usize,
    pub(super) rejected: usize,
    /// Invalid documents that types cannot reject.
    pub(super) inexpressible: usize,
}

pub(super) fn probes(suites: &[Suite]) -> Probes {
    let import = format!("import type {{ Agent, UpdateAgent }} from \"../../schemas/{}\";\n", typescript::FILE);
    let text = import.replace(".d.ts", "");
    let mut probes = Probes { text, ids: vec![String::new()], accepted: 0, rejected: 0, inexpressible: 0 };
    for vector in suites.iter().flat_map(|suite| &suite.vectors) {
        let Case::Check(check) = &vector.case else { continue };
        let (Some(value), None) = (check.document().value, &check.tolerance) else { continue };
        let object = match check.direction {
            Direction::Request => UpdateAgent::OBJECT,
            Direction::Response => Agent::OBJECT,
        };
        let is_rejected = check.violations.iter().any(|(pointer, code)| is_expressible(object, value, pointer, *code));
        match (is_rejected, check.violations.is_empty()) {
            (true, _) => probes.rejected += 1,
            (false, true) => probes.accepted += 1,
            (false, false) => probes.inexpressible += 1,
        }
        if is_rejected {
            probes.line(&vector.id, "// @ts-expect-error");
        }
        // Compact text is on one line, except for two characters that end a line in TypeScript.
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

/// Returns whether types can express this violation. The head of the declarations lists what they cannot express.
fn is_expressible(root: &'static Object, document: &Value, pointer: &str, code: Code) -> bool {
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
