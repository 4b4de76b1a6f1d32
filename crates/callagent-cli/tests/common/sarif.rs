//! The schema of SARIF.

use serde_json::Value;

/// The published schema of SARIF 2.1.0.
pub(crate) fn sarif_schema() -> Value {
    serde_json::from_str(include_str!("sarif/sarif-schema-2.1.0.json")).expect("the schema is JSON")
}
