//! Judges in other languages: validators with the committed schemas, each installed from its own pinned manifest, and
//! an independent reading of the contract.

use std::time::Duration;

use super::{Executor, Subject};
use crate::{
    Stop,
    install::{Packages, at_hand},
    process::{prepare, split},
};

/// What makes executors run: the programs that must be at hand beside those that install, what is installed, what builds,
/// and what is run.
struct Language {
    toolchain: &'static [&'static str],
    packages: Option<Packages>,
    build: &'static [&'static str],
    executors: &'static [(&'static str, &'static str)],
}

/// Everything goes to ignored folders: below `target/conformance`, or beside the manifests.
const LANGUAGES: &[Language] = &[
    Language {
        toolchain: &[],
        packages: Some(Packages::Npm("conformance/executors/typescript")),
        build: &["npm run build --silent --prefix conformance/executors/typescript"],
        executors: &[("ajv", "node conformance/executors/typescript/dist/ajv.js schemas")],
    },
    Language {
        toolchain: &["python3"],
        packages: None,
        build: &[],
        executors: &[("python", "python3 conformance/executors/python/contract_executor.py")],
    },
    Language {
        toolchain: &[],
        packages: Some(Packages::Pip {
            lockfile: "conformance/executors/python/requirements.txt",
            into: "target/conformance/python",
        }),
        build: &[],
        executors: &[
            (
                "python-jsonschema",
                "target/conformance/python/bin/python conformance/executors/python/schema_executor.py jsonschema schemas",
            ),
            (
                "jsonschema-rs",
                "target/conformance/python/bin/python conformance/executors/python/schema_executor.py jsonschema_rs schemas",
            ),
            (
                "pydantic",
                "target/conformance/python/bin/python conformance/executors/python/pydantic_executor.py schemas/python",
            ),
        ],
    },
    Language {
        toolchain: &["go"],
        packages: None,
        build: &["go build -C conformance/executors/go -o ../../../target/conformance/go/executor ."],
        executors: &[("go", "target/conformance/go/executor schemas")],
    },
    Language {
        toolchain: &["java", "mvn"],
        packages: None,
        build: &[
            "mvn --quiet --batch-mode -Dmaven.repo.local=target/conformance/maven --file conformance/executors/java/pom.xml package",
        ],
        executors: &[("java", "java -jar conformance/executors/java/target/executor.jar schemas")],
    },
];

/// The executors of these names, or all, as far as they can be had here; says which cannot.
pub(super) fn subjects(names: &[String], timeout: Duration) -> Result<Vec<Box<dyn Subject>>, Stop> {
    let known: Vec<_> = LANGUAGES.iter().flat_map(|language| language.executors).map(|(name, _)| *name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Stop::Failed(format!("there is no executor `{name}`; there are {}", known.join(", "))));
    }
    let mut subjects: Vec<Box<dyn Subject>> = Vec::new();
    let mut missing = Vec::new();
    for language in LANGUAGES {
        let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
        let wanted: Vec<_> = language.executors.iter().filter(|(name, _)| is_wanted(name)).collect();
        let Some((first, _)) = wanted.first() else { continue };
        match language.prepare(first) {
            Ok(()) => {}
            Err(Stop::Skipped(reason)) => {
                let names: Vec<_> = wanted.iter().map(|(name, _)| *name).collect();
                missing.push(format!("{}: {reason}", names.join(", ")));
                continue;
            }
            Err(failed) => return Err(failed),
        }
        for (name, command) in wanted {
            subjects.push(Box::new(subject(name, command, timeout)?));
        }
    }
    if subjects.is_empty() {
        return Err(Stop::Skipped(missing.join("; ")));
    }
    for missing in missing {
        println!("not run here: {missing}");
    }
    Ok(subjects)
}

/// The executor of this name, with all that it needs.
pub(super) fn install(name: &str, timeout: Duration) -> Result<Executor, Stop> {
    let executors = |language: &'static Language| language.executors.iter().map(move |executor| (language, executor));
    let executor = LANGUAGES.iter().flat_map(executors).find(|(_, (known, _))| *known == name);
    let (language, (_, command)) = executor.ok_or_else(|| format!("there is no executor `{name}`"))?;
    language.prepare(name)?;
    Ok(subject(name, command, timeout)?)
}

fn subject(name: &str, command: &str, timeout: Duration) -> Result<Executor, String> {
    Ok(Executor::new(name, split(command)?, timeout).within(crate::root()))
}

impl Language {
    /// Installs and builds.
    fn prepare(&self, name: &str) -> Result<(), Stop> {
        at_hand(self.toolchain)?;
        self.packages.as_ref().map_or(Ok(()), Packages::install)?;
        for command in self.build {
            eprintln!("{name}: {command}");
            prepare(crate::root(), command)?;
        }
        Ok(())
    }
}
