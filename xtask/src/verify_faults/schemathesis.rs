//! Running schemathesis on a server, and reading its report.

use std::fs;

use serde::Deserialize;

use crate::{Halt, schemathesis::program};

use super::ACCESS_KEY;

/// The configurations, which are run one after the other. A parameter with a fixed value is never made wrong, and without
/// one most requests reach no agent.
const CONFIGURATIONS: [&str; 2] =
    ["conformance/schemathesis/faults-fixed.toml", "conformance/schemathesis/faults.toml"];

/// The parts of its report that are read.
#[derive(Deserialize)]
struct Report {
    complete: bool,
    failures: Vec<Finding>,
    /// Requests without a response, among other things.
    errors: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    title: String,
}

/// Installs schemathesis.
pub(super) fn install() -> Result<(), Halt> {
    program(CONFIGURATIONS[0]).map(drop)
}

/// Runs schemathesis on the server at a URL until it finds something, and returns what it finds.
pub(super) fn judge(url: &str, examples: u32) -> Result<Vec<String>, Halt> {
    for configuration in CONFIGURATIONS {
        let port = url.rsplit(':').next().unwrap_or_default();
        let report = crate::root().join(format!("target/schemathesis/faults-{port}.json"));
        let mut schemathesis = program(configuration)?;
        schemathesis.args(["--url", url, "--header", &format!("x-api-key: {ACCESS_KEY}")]);
        schemathesis.args(["--max-failures", "1", "--max-examples", &examples.to_string()]);
        schemathesis.args(["--report", "json", "--report-json-path"]).arg(&report);
        schemathesis.arg(crate::root().join("schemas/openapi.json"));
        let output = schemathesis.output().map_err(|error| format!("cannot start schemathesis: {error}"))?;
        let found = fs::read(&report).map_err(|error| error.to_string()).and_then(|text| read(&text));
        let found = found.map_err(|error| {
            let text = [output.stdout, output.stderr].concat();
            format!("cannot read the report of schemathesis: {error}\n{}", String::from_utf8_lossy(&text))
        })?;
        fs::remove_file(&report).map_err(|error| format!("cannot remove {}: {error}", report.display()))?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Reads the titles of all findings.
fn read(report: &[u8]) -> Result<Vec<String>, String> {
    let report: Report = serde_json::from_slice(report).map_err(|error| error.to_string())?;
    if !report.complete {
        return Err("the run is not complete".to_owned());
    }
    Ok(report.failures.into_iter().chain(report.errors).map(|finding| finding.title).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_and_errors_are_findings_of_a_complete_run() {
        let report = |complete, failures, errors| {
            format!(r#"{{"seed": 1, "complete": {complete}, "failures": {failures}, "errors": {errors}}}"#)
        };
        let failure = r#"[{"type": "UndefinedContentType", "title": "Undocumented Content-Type", "count": 1}]"#;
        let error = r#"[{"title": "Network Error", "count": 2}]"#;
        for (report, expected) in [
            (report(true, "[]", "[]"), Ok(vec![])),
            (report(true, failure, error), Ok(vec!["Undocumented Content-Type", "Network Error"])),
            (report(false, failure, "[]"), Err(())),
            ("{}".to_owned(), Err(())),
        ] {
            let expected = expected.map(|titles| titles.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(read(report.as_bytes()).map_err(drop), expected, "{report}");
        }
    }
}
