//! The output shown in the README and in the docs is what the commands print.

use std::{env, fs, net::TcpListener, path::Path, process::Command};

use regex::Regex;

/// The pages. The example change of the contract is run by `cargo xtask ci --step example`, since it needs a copy
/// of the workspace.
const PAGES: [&str; 5] =
    ["README.md", "docs/access.md", "docs/contract-test-in-ci.md", "docs/operations.md", "docs/running-the-server.md"];

/// The files that commands read.
const FILES: &str = "fixtures/documented";

/// The address in the pages. Another program may use it, so the test uses a free one.
const ADDRESS: &str = "127.0.0.1:8080";
const SERVE: &str = "callagent serve";

/// The directory in the pages.
const FOLDER: &str = "/srv/callagent";

/// Times, versions, ids of requests and durations.
const VARIABLE: &str = r#"\d{4}-\d\d-\d\dT[\d:.]+Z|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|\b[0-9a-f]{16}\b|\bmilliseconds\W+\d+"?|\d+\.\d+ s\b|about \d+ \w+|\d+ requests in"#;

#[test]
fn pages_show_real_output() {
    let variable = Regex::new(VARIABLE).expect("a regular expression");
    // `cargo xtask ci` reports that it is missing.
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: `curl` is not installed");
        return;
    }
    for page in PAGES {
        let text = fs::read_to_string(root().join(page)).expect("the page");
        let steps = steps(&text);
        assert!(!steps.is_empty(), "{page} shows no command");
        let printed = run(&steps.iter().map(|(command, _)| *command).collect::<Vec<_>>());
        assert_eq!(printed.len(), steps.len(), "a command of {page} ends the shell");
        let constant = |text: &str| variable.replace_all(text.trim_end(), "").into_owned();
        let differing =
            steps.into_iter().zip(printed).filter(|((_, shown), printed)| constant(shown) != constant(printed));
        let differing: String = differing.map(|((command, _), printed)| format!("$ {command}\n{printed}\n")).collect();
        assert!(differing.is_empty(), "{page} shows other output for these commands; paste this:\n{differing}");
    }
}

/// Returns the commands of a page with the output that it shows.
fn steps(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("```console\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let steps = blocks.flat_map(|(block, _)| block.strip_prefix("$ ").expect("a command").split("\n$ "));
    steps.map(|step| step.split_once('\n').unwrap_or((step, ""))).collect()
}

/// Runs commands in a shell, in a new directory. Returns the output of each.
fn run(commands: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir_all(folder.path().join(FILES)).expect("a folder");
    for file in fs::read_dir(root().join(FILES)).expect("the files") {
        let file = file.expect("a file");
        fs::copy(file.path(), folder.path().join(FILES).join(file.file_name())).expect("the file is copied");
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let script = format!("trap 'kill $(jobs -p) 2> /dev/null' EXIT\n{}\n", commands.join("\nprintf '\\0'\n"));
    let script = script.replace(ADDRESS, &address).replace(SERVE, &format!("{SERVE} --listen {address}"));
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("exec 2>&1\n{script}")]);
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CALLAGENT_")) {
        shell.env_remove(name);
    }
    let output = shell.current_dir(&folder).env("PATH", path()).output();
    let printed = output.expect("bash is installed").stdout;
    let real = folder.path().canonicalize().expect("the folder exists");
    let printed = String::from_utf8_lossy(&printed)
        .replace('\r', "")
        .replace(&address, ADDRESS)
        .replace(&*real.to_string_lossy(), FOLDER);
    printed.split('\0').map(str::to_owned).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace's root")
}

/// The search path, with the command in front.
fn path() -> std::ffi::OsString {
    let binaries = Path::new(env!("CARGO_BIN_EXE_callagent")).parent().expect("the binary's folder").to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths([binaries].into_iter().chain(env::split_paths(&path))).expect("a search path")
}
