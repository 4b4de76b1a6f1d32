//! Judges in other languages: validators with the committed schemas, each installed from its own pinned manifest, and
//! an independent reading of the contract.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{Executor, Subject};

/// What makes executors run: the programs that must be at hand, what installs and builds, and what is run.
struct Language {
    toolchain: &'static [&'static str],
    prepare: &'static [&'static str],
    executors: &'static [(&'static str, &'static str)],
}

/// Everything goes to ignored folders: below `target/conformance`, or beside the manifests.
const LANGUAGES: &[Language] = &[
    Language {
        toolchain: &["node", "npm"],
        prepare: &[
            "npm ci --prefix conformance/executors/typescript --no-fund --no-audit --loglevel=error",
            "npm run build --silent --prefix conformance/executors/typescript",
        ],
        executors: &[("ajv", "node conformance/executors/typescript/dist/ajv.js schemas")],
    },
    Language {
        toolchain: &["python3"],
        prepare: &[],
        executors: &[("python", "python3 conformance/executors/python/contract_executor.py")],
    },
    Language {
        toolchain: &["python3"],
        prepare: &[
            "python3 -m venv target/conformance/python",
            "target/conformance/python/bin/pip install --quiet --disable-pip-version-check --require-hashes \
             --requirement conformance/executors/python/requirements.txt",
        ],
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
        prepare: &["go build -C conformance/executors/go -o ../../../target/conformance/go/executor ."],
        executors: &[("go", "target/conformance/go/executor schemas")],
    },
    Language {
        toolchain: &["java", "mvn"],
        prepare: &[
            "mvn --quiet --batch-mode -Dmaven.repo.local=target/conformance/maven --file conformance/executors/java/pom.xml package",
        ],
        executors: &[("java", "java -jar conformance/executors/java/target/executor.jar schemas")],
    },
];

/// The executors of these names, or all: installed and built, where the toolchains are at hand; says which are not.
///
/// # Errors
/// There is none of a name, or something cannot be installed or built.
pub(super) fn subjects(names: &[String], timeout: Duration) -> Result<Vec<Box<dyn Subject>>, String> {
    let known: Vec<_> = LANGUAGES.iter().flat_map(|language| language.executors).map(|(name, _)| *name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("there is no executor `{name}`; there are {}", known.join(", ")));
    }
    let mut subjects: Vec<Box<dyn Subject>> = Vec::new();
    for language in LANGUAGES {
        let wanted =
            language.executors.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|wanted| wanted == name));
        let wanted: Vec<_> = wanted.collect();
        let Some((first, _)) = wanted.first() else { continue };
        if let Some(missing) = language.missing() {
            let names: Vec<_> = wanted.iter().map(|(name, _)| *name).collect();
            println!("not run here: {}: {missing} not found", names.join(", "));
            continue;
        }
        language.prepare(first)?;
        for (name, command) in wanted {
            subjects.push(Box::new(subject(name, command, timeout)?));
        }
    }
    Ok(subjects)
}

/// Installs and builds what the executor of this name needs, and gives it. An error is why it is not at hand.
pub(super) fn install(name: &str, timeout: Duration) -> Result<Executor, String> {
    let executors = |language: &'static Language| language.executors.iter().map(move |executor| (language, executor));
    let executor = LANGUAGES.iter().flat_map(executors).find(|(_, (known, _))| *known == name);
    let (language, (_, command)) = executor.ok_or_else(|| format!("there is no executor `{name}`"))?;
    if let Some(missing) = language.missing() {
        return Err(format!("{missing} not found"));
    }
    language.prepare(name)?;
    subject(name, command, timeout)
}

fn subject(name: &str, command: &str, timeout: Duration) -> Result<Executor, String> {
    Ok(Executor::new(name, super::split(command)?, timeout).within(crate::root()))
}

impl Language {
    /// A program that it needs and that is not at hand.
    fn missing(&self) -> Option<&'static str> {
        self.toolchain.iter().copied().find(|program| !is_at_hand(program))
    }

    fn prepare(&self, name: &str) -> Result<(), String> {
        self.prepare.iter().try_for_each(|command| {
            eprintln!("{name}: {command}");
            prepare(crate::root(), command)
        })
    }
}

/// Whether a program can be started.
pub(crate) fn is_at_hand(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok()
}

/// Runs a command in a folder.
///
/// # Errors
/// It fails; with what it said.
pub(crate) fn prepare(folder: &Path, command: &str) -> Result<(), String> {
    let words = super::split(command)?;
    let wrong = |reason: String| format!("`{command}`: {reason}");
    let (program, arguments) = words.split_first().ok_or_else(|| wrong("there is no command".to_owned()))?;
    let mut started = Command::new(program);
    // Packages come to an ignored folder, not to the user's.
    let target = crate::root().join("target/conformance");
    started.env("GOMODCACHE", target.join("go/modules")).env("GOFLAGS", "-modcacherw");
    let output = started.args(arguments).current_dir(folder).output().map_err(|error| wrong(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(wrong(format!("{}\n{}", output.status, String::from_utf8_lossy(&said))))
}
