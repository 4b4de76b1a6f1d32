//! The validator of the crate `boon`.

use std::collections::BTreeSet;

use boon::{Compiler, ErrorKind, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

use super::{Broken, Entry, Findings, Validator};

/// The validator of the crate `boon`.
pub struct Boon {
    schemas: Schemas,
    root: SchemaIndex,
}

impl Validator for Boon {
    const NAME: &'static str = "boon";

    fn compile(schema: &Value) -> Result<Self, String> {
        const RESOURCE: &str = "schema.json";
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource(RESOURCE, schema.clone()).map_err(|error| error.to_string())?;
        let root = compiler.compile(RESOURCE, &mut schemas).map_err(|error| error.to_string())?;
        Ok(Boon { schemas, root })
    }

    fn violations(&self, value: &Value) -> Result<BTreeSet<Entry>, String> {
        let mut findings = Findings::default();
        if let Err(error) = self.schemas.validate(value, self.root) {
            add(&mut findings, &error);
        }
        findings.violations()
    }
}

fn add(findings: &mut Findings, error: &ValidationError<'_, '_>) {
    let broken = match &error.kind {
        ErrorKind::Group | ErrorKind::Schema { .. } | ErrorKind::Reference { .. } => {
            return error.causes.iter().for_each(|cause| add(findings, cause));
        }
        ErrorKind::Required { want } => Broken::Required(want.clone()),
        ErrorKind::AdditionalProperties { got } => Broken::Additional(got.iter().map(AsRef::as_ref).collect()),
        ErrorKind::Type { .. } => Broken::Type,
        ErrorKind::Enum { .. } => Broken::Enum,
        ErrorKind::Minimum { .. } | ErrorKind::Maximum { .. } => Broken::Bound,
        ErrorKind::MinLength { .. } => Broken::MinLength,
        other => Broken::Else(other.to_string()),
    };
    findings.add(&error.instance_location.to_string(), error.schema_url, broken);
}
