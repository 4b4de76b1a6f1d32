//! Validators with JSON Schemas. Their errors are translated to codes and pointers.

#[cfg(feature = "boon")]
mod boon;
#[cfg(feature = "jsonschema")]
mod jsonschema;

#[cfg(feature = "boon")]
pub use boon::Boon;
#[cfg(feature = "jsonschema")]
pub use jsonschema::Jsonschema;

use std::collections::BTreeSet;

use callagent::{Code, model::Direction, tools::child_pointer};
use serde_json::Value;

use super::{Document, Engine, Entry, Reported, Verdict};
use crate::read_json;

/// A validator with a schema.
pub trait Validator: Sized {
    /// Its name in reports.
    const NAME: &'static str;

    /// Compiles a schema.
    ///
    /// # Errors
    /// The schema is invalid.
    fn compile(schema: &Value) -> Result<Self, String>;

    /// Returns the violations of a value, with the codes and pointers of the contract.
    ///
    /// # Errors
    /// The value violates keywords that have no code in the contract.
    fn violations(&self, value: &Value) -> Result<BTreeSet<Entry>, String>;
}

/// The file of a direction's schema, relative to the workspace.
#[must_use]
pub const fn file(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "schemas/update-agent.schema.json",
        Direction::Response => "schemas/agent.schema.json",
    }
}

/// The validators of this crate's features, with the committed schemas.
pub(super) fn engines() -> Result<Vec<Engine>, String> {
    Ok(vec![
        #[cfg(feature = "jsonschema")]
        engine::<Jsonschema>()?,
        #[cfg(feature = "boon")]
        engine::<Boon>()?,
    ])
}

/// A validator with the committed schemas.
///
/// # Errors
/// A schema cannot be read or is invalid.
pub fn engine<V: Validator + Sync + 'static>() -> Result<Engine, String> {
    let compile = |direction| {
        let (name, file) = (V::NAME, file(direction));
        V::compile(&read_json(file)?).map_err(|error| format!("`{name}` rejects {file}: {error}"))
    };
    let (request, response) = (compile(Direction::Request)?, compile(Direction::Response)?);
    Ok(Engine::new(V::NAME, move |document| {
        let validator = match document.direction {
            Direction::Request => &request,
            Direction::Response => &response,
        };
        check(validator, document)
    }))
}

/// Schemas have no tolerances.
fn check(validator: &impl Validator, document: &Document<'_>) -> Option<Verdict> {
    let value = document.value.filter(|_| document.tolerant.is_none())?;
    Some(match validator.violations(value) {
        Ok(entries) => Verdict::new(entries.is_empty(), Reported::Entries(entries.into_iter().collect())),
        Err(error) => Verdict::new(false, Reported::Else(error)),
    })
}

/// The violated keyword, with the affected fields.
enum Broken<'n> {
    Required(Vec<&'n str>),
    Additional(Vec<&'n str>),
    Type,
    Enum,
    Bound,
    MinLength,
    Else(String),
}

/// A validator's errors as codes and pointers.
#[derive(Default)]
struct Findings {
    entries: BTreeSet<Entry>,
    /// Keywords without a code in the contract.
    others: Vec<String>,
}

impl Findings {
    fn add(&mut self, at: &str, keyword: &str, broken: Broken<'_>) {
        // The condition's `then` excludes null and the empty string.
        let is_conditional = keyword.contains("/then/");
        let code = match broken {
            Broken::Required(names) => return self.add_fields(at, &names, Code::MISSING_FIELD),
            Broken::Additional(names) => return self.add_fields(at, &names, Code::UNKNOWN_FIELD),
            Broken::Type | Broken::MinLength if is_conditional => Code::MISSING_FIELD,
            Broken::Type => Code::WRONG_TYPE,
            Broken::Enum => Code::UNKNOWN_VALUE,
            Broken::Bound => Code::OUT_OF_RANGE,
            Broken::MinLength => return self.others.push(format!("minLength at {at:?}")),
            Broken::Else(keyword) => return self.others.push(format!("{keyword} at {at:?}")),
        };
        self.entries.insert((at.to_owned(), code));
    }

    fn add_fields(&mut self, at: &str, names: &[&str], code: Code) {
        self.entries.extend(names.iter().map(|name| (child_pointer(at, name), code)));
    }

    fn violations(mut self) -> Result<BTreeSet<Entry>, String> {
        if !self.others.is_empty() {
            return Err(format!("the contract has no code for {}", self.others.join(", ")));
        }
        // A value of the wrong type violates other keywords, which the contract does not report.
        let mistyped: BTreeSet<_> =
            self.entries.iter().filter(|(_, code)| *code == Code::WRONG_TYPE).map(|(at, _)| at.clone()).collect();
        self.entries.retain(|(at, code)| *code == Code::WRONG_TYPE || !mistyped.contains(at));
        Ok(self.entries)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answers<V: Validator>() {
        let schema = json!({
            "type": "object",
            "properties": {
                "a/b": {"type": "integer", "minimum": 1, "maximum": 5},
                "word": {"type": "string", "enum": ["x"]},
                "text": {"type": "string", "minLength": 1},
                "list": {"type": "array", "maxItems": 1}
            },
            "required": ["word"],
            "additionalProperties": false
        });
        let validator = V::compile(&schema).expect("a valid schema");
        let violations = |value| validator.violations(&value);
        let found = |entries: &[(&str, Code)]| Ok(entries.iter().map(|(at, code)| ((*at).to_owned(), *code)).collect());
        assert_eq!(violations(json!({"word": "x", "a/b": 5})), found(&[]));
        assert_eq!(
            violations(json!({"a/b": 6})),
            found(&[("/a~1b", Code::OUT_OF_RANGE), ("/word", Code::MISSING_FIELD)])
        );
        assert_eq!(violations(json!({"word": 1, "~": 1})), {
            found(&[("/word", Code::WRONG_TYPE), ("/~0", Code::UNKNOWN_FIELD)])
        });
        assert_eq!(violations(json!([])), found(&[("", Code::WRONG_TYPE)]));
        for (value, keyword) in
            [(json!({"word": "x", "text": ""}), "minLength"), (json!({"word": "x", "list": [1, 2]}), "")]
        {
            let error = violations(value).expect_err("the contract has no such rule");
            assert!(error.starts_with(&format!("the contract has no code for {keyword}")), "{error}");
        }
        assert!(V::compile(&json!({"type": 1})).is_err());
    }

    #[test]
    #[cfg(feature = "boon")]
    fn boon_answers_with_codes() {
        answers::<Boon>();
    }

    #[test]
    #[cfg(feature = "jsonschema")]
    fn jsonschema_answers_with_codes() {
        answers::<Jsonschema>();
    }
}
