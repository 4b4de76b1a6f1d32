//! Whether an update is on disk before it is answered, shown by traced system calls.

#![cfg(target_os = "linux")]

use std::{
    collections::HashMap,
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::program::{Serve, command, database, wait_until};

/// The setting of `synchronous` of a control, and the directory of its database.
const SYNCHRONOUS: &str = "CALLAGENT_TEST_SYNCHRONOUS";
const FOLDER: &str = "CALLAGENT_TEST_FOLDER";

/// The number of updates, each of which waits for the answer to the one before.
const UPDATES: usize = 20;

/// Returns the command that runs a command and traces it into a file. `None` where that is not possible.
fn traced(command: &Command, trace: &Path) -> Option<Command> {
    let strace = |output: &Path| {
        let mut strace = Command::new("strace");
        // The tracer is not the parent, so that signals reach the program.
        strace.args(["-D", "-f", "-y", "-s", "16", "-e", "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg"]);
        strace.arg("-o").arg(output).arg("--");
        strace
    };
    match strace(Path::new("/dev/null")).arg("true").output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            println!("not run here: {}", String::from_utf8_lossy(&output.stderr));
            return None;
        }
        Err(error) => {
            println!("not run here: strace: {error}");
            return None;
        }
    }
    let mut traced = strace(trace);
    traced.arg(command.get_program()).args(command.get_args()).stdout(Stdio::null());
    traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    Some(traced)
}

/// Checks that each answer in a trace comes after a write to the log of the database and the end of the sync of all such
/// writes. Returns the number of answers.
fn check(trace: &str) -> Result<usize, String> {
    let (mut written, mut synced, mut answers) = (false, false, 0);
    // The system call that each thread is in.
    let mut unfinished = HashMap::new();
    for line in trace.lines() {
        let (thread, line) = line.split_once(' ').ok_or("expected a thread")?;
        let call = match line.trim_start() {
            resumed if resumed.starts_with("<...") => unfinished.remove(thread).ok_or("expected a call")?,
            call => call,
        };
        let is_begun = call == line.trim_start();
        let is_ended = !line.ends_with("<unfinished ...>");
        if !is_ended {
            unfinished.insert(thread, call);
        }
        let is_log = call.contains("-wal>");
        let is_sync = call.starts_with("fdatasync(") || call.starts_with("fsync(");
        if is_log && call.starts_with("pwrite64(") && is_begun {
            (written, synced) = (true, false);
        }
        if is_log && is_sync && is_ended {
            if !line.ends_with("= 0") {
                return Err(format!("a sync failed: {line}"));
            }
            synced = written;
        }
        if call.contains("\"HTTP/1.1 200") && is_begun {
            answers += 1;
            if !(written && synced) {
                return Err(format!("answer {answers}: written to the log {written}, synced {synced}: {call}"));
            }
            (written, synced) = (false, false);
        }
    }
    Ok(answers)
}

/// Sends updates, and checks the trace of the server.
fn checked(server: Serve, trace: &Path) -> Result<usize, String> {
    for number in 0..UPDATES {
        let answer = server.put(&format!(r#"{{"llmModel": "gpt-5", "name": "{number}"}}"#));
        assert_eq!(answer.status, 200);
    }
    // The end of a trace may lag behind.
    wait_until("the trace is complete", || {
        fs::read_to_string(trace).is_ok_and(|trace| trace.matches("HTTP/1.1 200").count() >= UPDATES)
    });
    server.kill();
    check(&fs::read_to_string(trace).expect("a trace"))
}

#[test]
fn an_update_is_synced_before_it_is_answered() {
    let folder = database();
    let trace = folder.path().join("trace");
    let Some(command) = traced(&command(folder.path(), &[]), &trace) else { return };
    assert_eq!(checked(Serve::spawn(command), &trace), Ok(UPDATES));
}

/// A server whose commits do or do not wait for the disk.
#[test]
fn control() -> Result<(), Box<dyn std::error::Error>> {
    let (Ok(synchronous), Some(folder)) = (std::env::var(SYNCHRONOUS), std::env::var_os(FOLDER)) else {
        return Ok(());
    };
    let connection = Connection::open(PathBuf::from(folder).join("control.sqlite"))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.execute_batch("CREATE TABLE updates (body BLOB)")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    eprintln!("listening on http://{}/", listener.local_addr()?);
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut request = [0; 4096];
        let length = stream.read(&mut request)?;
        connection.execute("INSERT INTO updates VALUES (?1)", [&request[..length]])?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
    }
}

/// The check would find a server that does not wait.
#[test]
fn the_check_fails_without_syncs() {
    for (synchronous, is_synced) in [("FULL", true), ("NORMAL", false)] {
        let folder = TempDir::new().expect("a temporary folder");
        let trace = folder.path().join("trace");
        let mut control = Command::new(std::env::current_exe().expect("this program"));
        control.args(["--exact", "synced::control", "--nocapture"]);
        control.env(SYNCHRONOUS, synchronous).env(FOLDER, folder.path());
        let Some(command) = traced(&control, &trace) else { return };
        let checked = checked(Serve::spawn(command), &trace);
        assert_eq!(checked.is_ok(), is_synced, "{synchronous}: {checked:?}");
    }
}
