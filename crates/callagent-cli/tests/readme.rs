//! The output shown in the README is what the command prints.

use std::{env, fs, path::Path, process::Command};

#[test]
fn the_readme_shows_real_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace's root");
    let binaries = Path::new(env!("CARGO_BIN_EXE_callagent")).parent().expect("the binary's folder");
    let path = env::join_paths(
        [binaries.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    )
    .expect("a search path");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let blocks: Vec<_> = readme.split("```console\n").skip(1).filter_map(|rest| rest.split_once("```")).collect();
    assert!(!blocks.is_empty(), "the README shows no command");
    for (block, _) in blocks {
        let (command, shown) = block.strip_prefix("$ ").and_then(|block| block.split_once('\n')).expect("a command");
        let output = Command::new("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(root)
            .env("PATH", &path)
            .output()
            .expect("a shell");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed == shown, "README.md shows other output for `{command}`; paste this:\n{printed}");
    }
}
