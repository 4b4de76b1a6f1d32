//! Adapters in other languages: validators with the committed schemas, each installed from a pinned manifest, and the
//! reference implementation in Python.

use std::time::Duration;

use super::{Adapter, Subject};
use crate::{
    Halt,
    bindings::{python, wasm},
    install::{Packages, require_programs},
    process::{prepare, split},
};

/// The requirements of adapters: installed programs, packages and build commands, and the adapters' own commands.
struct Language {
    toolchain: &'static [&'static str],
    install: fn() -> Result<(), Halt>,
    build: &'static [&'static str],
    adapters: &'static [(&'static str, &'static str)],
}

/// Everything is installed into ignored directories: below `target/conformance`, or next to the manifests.
const LANGUAGES: &[Language] = &[
    Language {
        toolchain: &[],
        install: || Packages::Npm("conformance/adapters/typescript").install(),
        build: &["npm run build --silent --prefix conformance/adapters/typescript"],
        adapters: &[("ajv", "node conformance/adapters/typescript/dist/ajv.js schemas")],
    },
    Language {
        toolchain: &["python3"],
        install: || Ok(()),
        build: &[],
        adapters: &[("python", "python3 conformance/adapters/python/contract_adapter.py")],
    },
    Language {
        toolchain: &[],
        install: || {
            Packages::Pip {
                lockfile: "conformance/adapters/python/requirements.txt",
                into: "target/conformance/python",
            }
            .install()
        },
        build: &[],
        adapters: &[
            (
                "python-jsonschema",
                "target/conformance/python/bin/python conformance/adapters/python/schema_adapter.py jsonschema schemas",
            ),
            (
                "jsonschema-rs",
                "target/conformance/python/bin/python conformance/adapters/python/schema_adapter.py jsonschema_rs schemas",
            ),
            (
                "pydantic",
                "target/conformance/python/bin/python conformance/adapters/python/pydantic_adapter.py schemas/python",
            ),
        ],
    },
    Language {
        toolchain: &[],
        install: || python::PACKAGES.install(),
        build: python::BUILD,
        adapters: &[("wheel", "target/bindings/python/bin/python conformance/adapters/python/wheel_adapter.py")],
    },
    Language {
        toolchain: &["node"],
        install: wasm::build,
        build: &[],
        adapters: &[("javascript", "node conformance/adapters/javascript/package_adapter.mjs")],
    },
    Language {
        toolchain: &["go"],
        install: || Ok(()),
        build: &["go build -C conformance/adapters/go -o ../../../target/conformance/go/adapter ."],
        adapters: &[("go", "target/conformance/go/adapter schemas")],
    },
    Language {
        toolchain: &["java", "mvn"],
        install: || Ok(()),
        build: &[
            "mvn --quiet --batch-mode -Dmaven.repo.local=target/conformance/maven --file conformance/adapters/java/pom.xml package",
        ],
        adapters: &[("java", "java -jar conformance/adapters/java/target/adapter.jar schemas")],
    },
];

/// The adapters of these names, or all of them. Prints which are skipped.
pub(super) fn subjects(names: &[String], timeout: Duration) -> Result<Vec<Box<dyn Subject>>, Halt> {
    let known: Vec<_> = LANGUAGES.iter().flat_map(|language| language.adapters).map(|(name, _)| *name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Halt::Failed(format!("unknown adapter `{name}`; expected one of {}", known.join(", "))));
    }
    let mut subjects: Vec<Box<dyn Subject>> = Vec::new();
    let mut missing = Vec::new();
    for language in LANGUAGES {
        let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
        let wanted: Vec<_> = language.adapters.iter().filter(|(name, _)| is_wanted(name)).collect();
        let Some((first, _)) = wanted.first() else { continue };
        match language.prepare(first) {
            Ok(()) => {}
            Err(Halt::Skipped(reason)) => {
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
        return Err(Halt::Skipped(missing.join("; ")));
    }
    for missing in missing {
        println!("skipped: {missing}");
    }
    Ok(subjects)
}

/// Installs and returns the adapter of this name.
pub(super) fn install(name: &str, timeout: Duration) -> Result<Adapter, Halt> {
    let adapters = |language: &'static Language| language.adapters.iter().map(move |adapter| (language, adapter));
    let adapter = LANGUAGES.iter().flat_map(adapters).find(|(_, (known, _))| *known == name);
    let (language, (_, command)) = adapter.ok_or_else(|| format!("unknown adapter `{name}`"))?;
    language.prepare(name)?;
    Ok(subject(name, command, timeout)?)
}

fn subject(name: &str, command: &str, timeout: Duration) -> Result<Adapter, String> {
    Ok(Adapter::new(name, split(command)?, timeout).within(crate::root()))
}

impl Language {
    /// Installs and builds.
    fn prepare(&self, name: &str) -> Result<(), Halt> {
        require_programs(self.toolchain)?;
        (self.install)()?;
        for command in self.build {
            eprintln!("{name}: {command}");
            prepare(crate::root(), command)?;
        }
        Ok(())
    }
}
