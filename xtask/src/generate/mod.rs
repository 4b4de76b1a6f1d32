//! `cargo xtask generate`: every committed file that is generated from the model and the vectors.

mod file;
mod public_api;
pub(crate) mod ready_made;
mod reference;
mod verify_contract;

use callagent::schemas;

use self::file::File;
use crate::Halt;

/// The command that writes all generated files.
const COMMAND: &str = "cargo xtask generate";

/// Writes all files.
pub(crate) fn run() -> Result<(), Halt> {
    for file in files()? {
        file.write()?;
    }
    public_api::list()?.write()?;
    Ok(())
}

/// Fails if a committed file is stale, without writing it.
pub(crate) fn check() -> Result<(), Halt> {
    require_fresh(&files()?)
}

/// Fails if the list of the core's public items is stale, without writing it.
pub(crate) fn check_public_api() -> Result<(), Halt> {
    require_fresh(&[public_api::list()?])
}

/// Returns the schemas, the reference page, the ready-made types, and the vectors that the contract test carries.
fn files() -> Result<Vec<File>, String> {
    let schemas = [
        ("update-agent.schema", schemas::update_agent().to_value()),
        ("agent.schema", schemas::agent().to_value()),
        ("problem.schema", schemas::problem().to_value()),
        ("openapi", schemas::openapi()),
        ("openapi-3.0", schemas::openapi_3_0()),
    ];
    let mut files = Vec::new();
    for (name, schema) in schemas {
        let yaml = serde_saphyr::to_string(&schema).map_err(|error| format!("cannot write {name} as YAML: {error}"))?;
        files.push(File { path: format!("schemas/{name}.json"), text: format!("{schema:#}\n") });
        files.push(File { path: format!("schemas/{name}.yaml"), text: yaml });
    }
    for (name, text) in ready_made::files(COMMAND)?.into_iter().chain([reference::file(COMMAND)?]) {
        files.push(File { path: format!("schemas/{name}"), text });
    }
    // The core carries these, since a package has only its own files.
    let is_carried = |file: &&File| !file.path.contains("/python/") && !file.path.contains("/typescript/");
    let copies: Vec<_> = files.iter().filter(is_carried).map(File::of_core).collect();
    files.extend(copies);
    // So does the wheel.
    let models = files.iter().find(|file| file.path.ends_with(ready_made::PYTHON)).map(File::of_wheel);
    files.extend(models);
    let (path, text) = verify_contract::file()?;
    files.push(File { path: path.to_owned(), text });
    Ok(files)
}

fn require_fresh(files: &[File]) -> Result<(), Halt> {
    let stale: String = files.iter().filter_map(File::staleness).collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(Halt::Failed(format!("{stale}run `{COMMAND}` and commit the result, if these changes are intended")))
}
