//! The running program.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    client::{Answer, Connection, Request},
    common,
};

/// How long to wait for what happens at once on an idle machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A server that runs until it is dropped.
pub(crate) struct Serve {
    process: Child,
    address: SocketAddr,
    log: Option<JoinHandle<String>>,
}

/// A server that has ended.
pub(crate) struct Ended {
    /// `None` if a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) log: String,
}

impl Serve {
    /// Serves the database in the directory.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        Serve::spawn(command(folder, arguments))
    }

    /// Serves agents from memory.
    pub(crate) fn in_memory(folder: &Path, agents: &str, arguments: &[&str]) -> Self {
        std::fs::write(folder.join("agents.json"), agents).expect("the file is written");
        Serve::start(folder, &[&["--agents", "agents.json", "--workspace", "acme"], arguments].concat())
    }

    /// Runs a command that becomes the server, and waits until it listens.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut lines = BufReader::new(process.stderr.take().expect("its log"));
        let (found, address) = mpsc::channel();
        let log = thread::spawn(move || {
            let mut log = String::new();
            loop {
                let start = log.len();
                if lines.read_line(&mut log).expect("the log is UTF-8") == 0 {
                    return log;
                }
                if let Some(address) = address_in(&log[start..]) {
                    // Nobody waits for a second one.
                    let _ = found.send(address);
                }
            }
        });
        let Ok(address) = address.recv_timeout(PATIENCE) else {
            // It may have ended.
            let _ = process.kill();
            panic!("expected a server, found {:?}: {:?}", process.wait(), log.join());
        };
        Serve { process, address, log: Some(log) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(self.address)
    }

    /// Sends a request on a connection of its own.
    pub(crate) fn send(&self, request: &Request) -> Answer {
        self.connect().send(request)
    }

    /// Updates the agent `agent_1`.
    pub(crate) fn put(&self, body: &str) -> Answer {
        self.send(&Request::valid().body(body))
    }

    /// Asserts that the server still answers.
    pub(crate) fn assert_serving(&self) {
        let answer = self.send(&Request::valid());
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Asserts that the server takes updates.
    #[cfg(feature = "postgres")]
    pub(crate) fn assert_ready(&self) {
        let ready = Request { method: "GET", prefix: "/readyz", segment: "", ..Request::valid().body("") };
        assert_eq!(self.send(&ready).status, 204);
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Stops the server gracefully.
    pub(crate) fn stop(self) -> Ended {
        self.signal("TERM");
        self.wait()
    }

    pub(crate) fn kill(mut self) -> Ended {
        self.process.kill().expect("a kill");
        self.wait()
    }

    /// Waits for the server to end by itself.
    pub(crate) fn wait(mut self) -> Ended {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().expect("its status") {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "the server does not end");
            thread::sleep(Duration::from_millis(2));
        };
        let log = self.log.take().map(JoinHandle::join).expect("a log").expect("a log");
        Ended { status: status.code(), log }
    }

    /// Asserts that the process never had more memory than 150 MB, where the operating system tells.
    pub(crate) fn assert_small(&self) {
        #[cfg(target_os = "linux")]
        {
            let kilobytes = self.kilobytes("VmHWM");
            println!("at most {kilobytes} kB of memory");
            assert!(kilobytes < 150_000, "{kilobytes} kB");
        }
    }

    /// A number of kilobytes that the operating system knows about the process.
    #[cfg(target_os = "linux")]
    pub(crate) fn kilobytes(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).expect("an entry");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The command that serves on a free port.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = bare_command(folder);
    command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// The program, without the settings of the developer's environment.
pub(crate) fn bare_command(folder: &Path) -> Command {
    bare_command_of(env!("CARGO_BIN_EXE_callagent"), folder)
}

/// Any build of the program, without the settings of the developer's environment.
pub(crate) fn bare_command_of(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    for name in ["CONFIG", "LISTEN", "DATABASE", "ENCRYPTION_KEYS", "WORKSPACE", "LOG"] {
        command.env_remove(format!("CALLAGENT_{name}"));
    }
    command.current_dir(folder);
    command
}

/// Returns the address in the line of the log that has it.
pub(crate) fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once("listening on http")?.1.split_once("://")?;
    address.split('/').next()?.parse().ok()
}

/// Runs a command that has to succeed, and returns what it prints.
pub(crate) fn succeed(folder: &Path, arguments: &[impl AsRef<OsStr>], input: &str) -> (String, String) {
    let (status, output, errors) = common::run(folder, arguments, input.as_bytes());
    assert_eq!(status, 0, "{errors}");
    (output, errors)
}

/// Imports agents into the database in the directory.
pub(crate) fn import(folder: &Path, agents: &str) {
    import_into(folder, &[], agents);
}

/// Imports agents into the database that the arguments name.
pub(crate) fn import_into(folder: &Path, database: &[&str], agents: &str) {
    succeed(folder, &[&["import", "--workspace", "acme", "--lines", "-"], database].concat(), agents);
}

/// Grants an access key in the database of the directory.
pub(crate) fn grant(folder: &Path, workspace: &str, name: &str, arguments: &[&str]) -> String {
    let (key, _) =
        succeed(folder, &[&["access", "grant", "--workspace", workspace, "--name", name], arguments].concat(), "");
    key.trim_end().to_owned()
}

/// A directory with a database that has the agent `agent_1`.
pub(crate) fn database() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    import(folder.path(), r#"{"_id": "agent_1"}"#);
    folder
}

/// Waits until a condition holds.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}
