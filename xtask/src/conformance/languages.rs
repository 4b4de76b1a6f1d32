//! Validators of other languages with the committed schemas, each installed from its own pinned manifest.

use std::{
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
        prepare: &[
            "python3 -m venv target/conformance/python",
            "target/conformance/python/bin/pip install --quiet --disable-pip-version-check --require-hashes \
             --requirement conformance/executors/python/requirements.txt",
        ],
        executors: &[
            ("python", "python3 conformance/executors/python/contract_executor.py"),
            (
                "python-jsonschema",
                "target/conformance/python/bin/python conformance/executors/python/schema_executor.py jsonschema schemas",
            ),
            (
                "jsonschema-rs",
                "target/conformance/python/bin/python conformance/executors/python/schema_executor.py jsonschema_rs schemas",
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
        prepare: &["mvn --quiet --batch-mode --file conformance/executors/java/pom.xml package"],
        executors: &[("java", "java -jar conformance/executors/java/target/executor.jar schemas")],
    },
];

/// The executors of the languages whose toolchains are at hand, installed and built; says which are not.
///
/// # Errors
/// Something cannot be installed or built.
pub(super) fn subjects(timeout: Duration) -> Result<Vec<Box<dyn Subject>>, String> {
    let mut subjects: Vec<Box<dyn Subject>> = Vec::new();
    for Language { toolchain, prepare, executors } in LANGUAGES {
        let names: Vec<_> = executors.iter().map(|(name, _)| *name).collect();
        if let Some(missing) = toolchain.iter().find(|program| !is_at_hand(program)) {
            println!("not run here: {}: {missing} not found", names.join(", "));
            continue;
        }
        for command in *prepare {
            eprintln!("{}: {command}", names.join(", "));
            self::prepare(command)?;
        }
        for (name, command) in *executors {
            let words = super::split(command)?;
            subjects.push(Box::new(Executor::new(*name, words, timeout).within(crate::root())));
        }
    }
    Ok(subjects)
}

fn is_at_hand(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok()
}

fn prepare(command: &str) -> Result<(), String> {
    let words = super::split(command)?;
    let wrong = |reason: String| format!("cannot make an executor ready: `{command}`: {reason}");
    let (program, arguments) = words.split_first().ok_or_else(|| wrong("there is no command".to_owned()))?;
    let mut started = Command::new(program);
    // Packages come to an ignored folder, not to the user's.
    let target = crate::root().join("target/conformance");
    started.env("GOMODCACHE", target.join("go/modules")).env("GOFLAGS", "-modcacherw");
    let output =
        started.args(arguments).current_dir(crate::root()).output().map_err(|error| wrong(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(wrong(format!("{}\n{}", output.status, String::from_utf8_lossy(&said))))
}
