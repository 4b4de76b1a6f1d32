//! A server that runs during a task.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// How often to try whether a server listens, and how long to wait in between.
const TRIES: u32 = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// A server, which is stopped when this is dropped.
pub(crate) struct Served {
    process: Child,
    address: String,
}

impl Served {
    /// Starts a server on a free port, and waits until it listens. `command` gets the address.
    pub(crate) fn start(command: impl FnOnce(&str) -> Command) -> Result<Self, String> {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = address.map_err(|error| format!("cannot find a free port: {error}"))?.to_string();
        let mut command = command(&address);
        let process =
            command.stdout(Stdio::null()).spawn().map_err(|error| format!("cannot start a server: {error}"))?;
        let mut served = Served { process, address };
        for _ in 0..TRIES {
            if TcpStream::connect(&served.address).is_ok() {
                return Ok(served);
            }
            if let Ok(Some(status)) = served.process.try_wait() {
                return Err(format!("the server ended with {status}"));
            }
            thread::sleep(PAUSE);
        }
        Err("the server does not listen".to_owned())
    }

    /// Returns the URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
