//! Reading the body, with faults that accept or refuse too much.

use callagent::{
    Code, FindingDetails, LlmModel, Problem, ProblemType, Reader, TtsProvider, UpdateAgent, tools::child_pointer,
};
use serde_json::{Number, Value, json};

use super::{
    fault::{Flaw, Kind, Overlook, Refuse},
    text,
};

impl Kind {
    pub(super) fn is(self, flaw: Flaw) -> bool {
        matches!(self, Kind::Flaw(known) if known == flaw)
    }
}

/// What a violation is about.
pub(super) struct Found<'b> {
    pub(super) text: &'b [u8],
    /// The value, or `None` if it is absent.
    pub(super) value: Option<&'b Value>,
}

impl Found<'_> {
    pub(super) fn number(&self) -> f64 {
        self.value.and_then(Value::as_f64).unwrap_or(f64::NAN)
    }

    pub(super) fn str(&self) -> Option<&str> {
        self.value.and_then(Value::as_str)
    }

    /// Returns whether the value is of a JSON type.
    pub(super) fn is(&self, is: fn(&Value) -> bool) -> bool {
        self.value.is_some_and(is)
    }
}

/// A valid body.
pub(super) struct Body<'b> {
    pub(super) text: &'b str,
    pub(super) value: Value,
}

impl Body<'_> {
    /// Returns the first pointer and value, from the outside in, for which `is` holds.
    pub(super) fn find(&self, is: impl Fn(&str, &Value) -> bool) -> Option<String> {
        let mut rest = vec![(String::new(), &self.value)];
        while let Some((pointer, value)) = rest.pop() {
            if is(&pointer, value) {
                return Some(pointer);
            }
            match value {
                Value::Array(items) => {
                    rest.extend(items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)));
                }
                Value::Object(fields) => {
                    rest.extend(fields.iter().map(|(name, value)| (child_pointer(&pointer, name), value)));
                }
                _ => {}
            }
        }
        None
    }

    /// Returns the pointer if `is` holds for its value.
    pub(super) fn at(&self, pointer: &str, is: impl Fn(&Value) -> bool) -> Option<String> {
        self.value.pointer(pointer).filter(|value| is(value)).map(|_| pointer.to_owned())
    }

    /// Returns the pointer of an integer of the contract if a number of the text is spelled in this way.
    pub(super) fn integer_spelled(&self, is: fn(&str) -> bool) -> Option<String> {
        let is_spelled = text::numbers(self.text).any(is);
        self.find(|pointer, value| is_spelled && is_integer(pointer) && value.is_number())
    }

    /// Returns the pointer of an advisory.
    pub(super) fn advisory(&self, code: Code) -> Option<String> {
        let report = callagent::check::<UpdateAgent>(self.text);
        report.advisories().find(|advisory| advisory.code() == code).map(|advisory| advisory.pointer())
    }
}

/// Returns whether the contract has an integer at a pointer.
pub(super) fn is_integer(pointer: &str) -> bool {
    pointer.starts_with("/gapBetweenEachAttemptForSmartCallback/") || pointer == "/maxAttemptsForSmartCallback"
}

/// Parses JSON, of which the last of repeated fields counts.
pub(super) fn parse(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_default()
}

/// Reads an update.
pub(super) fn read(kind: Option<Kind>, reader: &Reader, text: &[u8]) -> Result<UpdateAgent, Problem> {
    let update = reader.read::<UpdateAgent>(text).map_err(Problem::from);
    match (kind, update) {
        (Some(Kind::Repair(repair)), Err(problem)) if problem.problem_type() == Some(ProblemType::MALFORMED) => {
            Ok(reader.read(repair(text)).map_err(|_| problem)?)
        }
        (Some(Kind::Overlook(overlook)), Err(problem)) => repair(&overlook, reader, text, problem),
        (Some(Kind::Refuse(refuse)), Ok(update)) => match made_up(&refuse, text) {
            Some(problem) => Err(problem),
            None => Ok(update),
        },
        (_, update) => update,
    }
}

/// Returns the problem of a fault that refuses a valid update.
fn made_up(refuse: &Refuse, text: &[u8]) -> Option<Problem> {
    let body = Body { text: std::str::from_utf8(text).ok()?, value: parse(text) };
    let pointer = (refuse.when)(&body)?;
    let mut problem = Problem::new(refuse.problem);
    if !refuse.code.is_empty() {
        problem.violations.push(finding(refuse.code, &pointer)?);
    }
    Some(problem)
}

fn finding(code: &str, pointer: &str) -> Option<FindingDetails> {
    serde_json::from_value(json!({"code": code, "pointer": pointer, "message": "not accepted"})).ok()
}

/// Reads an update of which some violations are overlooked. Values are kept as far as they can be converted.
fn repair(overlook: &Overlook, reader: &Reader, text: &[u8], mut problem: Problem) -> Result<UpdateAgent, Problem> {
    let mut value = parse(text);
    let is_overlooked = |violation: &FindingDetails| {
        let found = Found { text, value: value.pointer(&violation.pointer) };
        violation.code == overlook.code && matches(overlook.at, &violation.pointer) && (overlook.when)(&found)
    };
    let (overlooked, others): (Vec<_>, Vec<_>) = problem.violations.iter().cloned().partition(is_overlooked);
    if !others.is_empty() || overlooked.is_empty() {
        problem.violations = others;
        return Err(problem);
    }
    let reader = reader.clone().tolerate_unknown_values();
    // Items are removed from the last one to the first one.
    for violation in overlooked.iter().rev() {
        convert(&reader, &mut value, &violation.code, &violation.pointer);
    }
    Ok(reader.read_value(&value)?)
}

/// Returns whether a pointer matches a pattern.
fn matches(pattern: &str, pointer: &str) -> bool {
    let mut pointer = pointer.split('/');
    let is_match = pattern.split('/').all(|part| match (part, pointer.next()) {
        ("**", name) => name.is_some_and(|_| pointer.by_ref().last().is_none_or(|_| true)),
        (part, Some(name)) => part == "*" || part == name,
        (_, None) => false,
    });
    is_match && pointer.next().is_none()
}

/// Makes a value valid, or removes it.
fn convert(reader: &Reader, value: &mut Value, code: &str, pointer: &str) {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        *value = json!({"llmModel": LlmModel::default().as_str()});
        return;
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    if code == Code::DUPLICATE_FIELD.as_str() {
        return;
    }
    if code != Code::UNKNOWN_FIELD.as_str() {
        for candidate in candidates(value.pointer(pointer), code == Code::MISSING_FIELD.as_str()) {
            put(value, parent, &name, candidate);
            if is_valid(reader, value, pointer) {
                return;
            }
        }
    }
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(&name)),
        Some(Value::Array(items)) => drop(name.parse().map(|index: usize| items.remove(index))),
        _ => {}
    }
    // A required field that is removed has its default.
    if matches!(pointer, "/llmModel" | "/ttsModel/provider") {
        convert(reader, value, Code::MISSING_FIELD.as_str(), pointer);
    }
}

fn put(value: &mut Value, parent: &str, name: &str, candidate: Value) {
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.insert(name.to_owned(), candidate)),
        Some(Value::Array(items)) => {
            if let Some(item) = name.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                *item = candidate;
            }
        }
        _ => {}
    }
}

fn is_valid(reader: &Reader, value: &Value, pointer: &str) -> bool {
    reader.check_value::<UpdateAgent>(value).violations().all(|violation| !violation.pointer().starts_with(pointer))
}

/// Returns values that could be meant by an invalid one.
fn candidates(value: Option<&Value>, is_missing: bool) -> Vec<Value> {
    if is_missing {
        return vec![json!(LlmModel::default().as_str()), json!(TtsProvider::OpenAi.as_str())];
    }
    match value {
        Some(Value::String(text)) => {
            let folded = text.trim().to_ascii_lowercase();
            let number = text.trim().parse::<Number>().map_or(Value::Null, Value::from);
            vec![json!(folded), number, json!(folded == "true"), json!([text]), json!({})]
        }
        Some(Value::Number(number)) => {
            let float = number.as_f64().unwrap_or_default();
            let known = [4_294_967_295.0, 30.0, 23.0, 1.0, 0.0].into_iter().filter(|known| *known <= float.max(0.0));
            let mut candidates: Vec<Value> = known.map(|known| json!(known)).collect();
            candidates.insert(0, json!(float.trunc()));
            candidates.extend([json!(number.to_string()), json!(float != 0.0), json!({})]);
            candidates
        }
        Some(Value::Bool(flag)) => vec![json!(i32::from(*flag)), json!(flag.to_string())],
        Some(Value::Array(_)) => vec![json!({})],
        Some(value @ Value::Object(_)) => vec![json!([value])],
        _ => Vec::new(),
    }
}

/// Returns what is valid in a refused update.
pub(super) fn salvage(text: &[u8]) -> Option<UpdateAgent> {
    let mut value = parse(text);
    let report = callagent::check::<UpdateAgent>(text);
    for violation in report.violations() {
        let pointer = violation.pointer();
        let (parent, name) = pointer.rsplit_once('/')?;
        match value.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.remove(name)),
            _ => return None,
        }
    }
    Reader::new().read_value(&value).ok()
}
