//! The validator of the crate `jsonschema`.

use std::collections::BTreeSet;

use jsonschema::error::ValidationErrorKind;
use serde_json::{Value, json};

use super::{Broken, Entry, Findings, Validator};

/// The validator of the crate `jsonschema`.
pub struct Jsonschema(jsonschema::Validator);

impl Jsonschema {
    /// Compiles a schema of an OpenAPI document.
    ///
    /// # Errors
    /// The schema is invalid, or not part of the document.
    pub fn compile_component(document: &Value, name: &str) -> Result<Self, String> {
        let reference = format!("#/components/schemas/{name}");
        Jsonschema::compile(&json!({"$ref": reference, "components": {"schemas": document["components"]["schemas"]}}))
    }
}

impl Validator for Jsonschema {
    const NAME: &'static str = "jsonschema";

    fn compile(schema: &Value) -> Result<Self, String> {
        jsonschema::draft202012::new(schema).map(Jsonschema).map_err(|error| error.to_string())
    }

    fn violations(&self, value: &Value) -> Result<BTreeSet<Entry>, String> {
        let mut findings = Findings::default();
        for error in self.0.iter_errors(value) {
            let broken = match error.kind() {
                ValidationErrorKind::Required { property: Value::String(name) } => Broken::Required(vec![name]),
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    Broken::Additional(unexpected.iter().map(String::as_str).collect())
                }
                ValidationErrorKind::Type { .. } => Broken::Type,
                ValidationErrorKind::Enum { .. } => Broken::Enum,
                ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } => Broken::Bound,
                ValidationErrorKind::MinLength { .. } => Broken::MinLength,
                other => Broken::Else(other.keyword().to_owned()),
            };
            findings.add(error.instance_path().as_str(), error.schema_path().as_str(), broken);
        }
        findings.violations()
    }
}
