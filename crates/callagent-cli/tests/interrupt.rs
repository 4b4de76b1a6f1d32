//! Interruptions: the command ends at once, keeps its output so far, and leaves no temporary files.

#![cfg(target_os = "linux")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

fn start(folder: &Path, arguments: &[&str]) -> Child {
    start_command(folder, &[&["validate"], arguments].concat())
}

fn start_command(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_callagent"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts")
}

/// The time a command has to start, in milliseconds.
const PATIENCE: usize = 30_000;

/// Sends a signal once the command is ready and returns its output. Returns `None` if the command was started with
/// interruptions ignored, which it respects.
fn ended_by(mut child: Child, signal: &str) -> Option<Output> {
    let bit = |status: &str, mask: &str| {
        let mask = status.lines().find_map(|line| line.strip_prefix(mask)).expect("a mask of signals");
        u64::from_str_radix(mask.trim(), 16).expect("a number") & (1 << 1) != 0
    };
    for waited in 0.. {
        assert!(waited < PATIENCE, "the command handles no interruption");
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
        if bit(&status, "SigIgn:") {
            eprintln!("not run here: interruptions are ignored");
            child.kill().and_then(|()| child.wait()).expect("it ends");
            return None;
        }
        if bit(&status, "SigCgt:") {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    Some(child.wait_with_output().expect("it ends"))
}

#[test]
fn a_command_that_waits_for_input_ends_at_once() {
    let pipe = TempDir::new().expect("a temporary folder");
    assert!(Command::new("mkfifo").arg(pipe.path().join("pipe")).status().is_ok_and(|status| status.success()));
    for arguments in [&["-"][..], &["--lines", "-"], &["pipe"], &["--lines", "pipe"]] {
        let mut command = start(pipe.path(), &[arguments, &["--format", "json"]].concat());
        let _stays_open = command.stdin.take();
        let Some(output) = ended_by(command, "INT") else { return };
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{arguments:?}: {errors}");
        assert_eq!(output.stdout, b"[]\n");
        assert!(errors.starts_with("0 documents") && errors.contains("callagent: interrupted"), "{errors}");
    }
}

#[test]
fn reports_so_far_are_kept() {
    let mut command = start(Path::new("."), &["--lines", "--format", "json", "-"]);
    let mut input = command.stdin.take().expect("its input");
    // An incomplete line is not a document.
    write!(input, "{{}}\n{{}}\n{{\"llm").expect("it reads");
    let mut output = BufReader::new(command.stdout.take().expect("its output"));
    output.read_line(&mut String::new()).expect("it reports");
    let Some(Output { status, stderr, .. }) = ended_by(command, "INT") else { return };
    let (mut report, errors) = (String::new(), String::from_utf8_lossy(&stderr));
    output.read_to_string(&mut report).expect("it is text");
    assert!(report.contains("\"line\":2") && report.ends_with("]\n"), "{report}");
    assert_eq!(status.code(), Some(130), "{errors}");
    assert!(errors.starts_with("2 documents: 0 valid, 2 invalid; 2 violations"), "{errors}");
}

#[test]
fn an_interrupted_command_prints_its_summary() {
    let mut command = start(Path::new("."), &["--lines", "--quiet", "--format", "concise", "-"]);
    let mut input = command.stdin.take().expect("its input");
    let writer = thread::spawn(move || while input.write_all(&b"{}\n".repeat(1000)).is_ok() {});
    let mut output = BufReader::new(command.stdout.take().expect("its output"));
    output.read_line(&mut String::new()).expect("it reports");
    let reader = thread::spawn(move || output.lines().count());
    let output = ended_by(command, "INT");
    writer.join().expect("the writer ends");
    assert!(reader.join().is_ok_and(|lines| lines > 0));
    let Some(Output { status, stderr, .. }) = output else { return };
    let errors = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(130), "{errors}");
    assert!(errors.contains(" invalid; ") && errors.contains("callagent: interrupted"), "{errors}");
}

#[test]
fn interrupting_a_fix_leaves_the_file_unchanged() {
    let text = "{\"llm_model\":\"gpt-5\"}\n".repeat(300_000);
    for signal in ["INT", "TERM"] {
        let folder = TempDir::new().expect("a temporary folder");
        let names = || fs::read_dir(folder.path()).expect("it can be read").count();
        fs::write(folder.path().join("lines"), &text).expect("the file is written");
        let mut command = start(folder.path(), &["--fix", "--lines", "--quiet", "lines"]);
        while names() == 1 && command.try_wait().is_ok_and(|status| status.is_none()) {
            thread::sleep(Duration::from_millis(1));
        }
        let Some(output) = ended_by(command, signal) else { return };
        assert_eq!(output.status.code(), Some(130), "{output:?}");
        assert_eq!(names(), 1, "no other file is left");
        assert!(fs::read(folder.path().join("lines")).is_ok_and(|left| left == text.as_bytes()));
    }
}

#[test]
fn every_command_ends_with_the_status_of_an_interruption() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("agent.json"), "{}").expect("the file is written");
    let commands: [&[&str]; 5] = [
        &["normalize", "-"],
        &["normalize", "--lines", "-"],
        &["apply", "agent.json", "-"],
        &["compat", "agent.json", "-"],
        // Its output is not read, so it does not end by itself.
        &["sample", "--count", "1000000000"],
    ];
    for arguments in commands {
        for signal in ["INT", "TERM"] {
            let mut command = start_command(folder.path(), arguments);
            let _stays_open = command.stdin.take();
            let output = command.stdout.take().expect("its output");
            let Some(Output { status, stderr, .. }) = ended_by(command, signal) else { return };
            drop(output);
            let errors = String::from_utf8_lossy(&stderr);
            assert_eq!(status.code(), Some(130), "{arguments:?}: {errors}");
            assert!(errors.starts_with("callagent: interrupted"), "{errors}");
        }
    }
}
