//! Interruption by Ctrl-C and similar signals: work in progress ends, and no more input is awaited.

use std::{
    io::{self, Read},
    process,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, sync_channel},
    },
    thread,
    time::Duration,
};

use crate::terminal;

/// The exit status that shells use for commands ended by Ctrl-C.
pub(crate) const STATUS: u8 = 130;

/// How long to wait for input before checking [`requested`] again.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// The number of bytes read at once.
const PART: usize = 64 * 1024;

/// Global, because signals are sent to the process.
static IS_REQUESTED: AtomicBool = AtomicBool::new(false);

/// The response to an interruption.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    /// Finish the work in progress; a second interruption exits.
    Finish,
    /// Exit at once.
    Exit,
}

/// Installs the interruption handler of the process.
pub(crate) fn install_handler(response: Response) {
    // If this fails, an interruption ends the process by its signal. `nohup` ignores signals on its own.
    let _ = ctrlc::try_set_handler(move || {
        if response == Response::Exit {
            terminal::print("interrupted");
        }
        if response == Response::Exit || IS_REQUESTED.swap(true, Ordering::Relaxed) {
            process::exit(STATUS.into());
        }
    });
}

pub(crate) fn requested() -> bool {
    IS_REQUESTED.load(Ordering::Relaxed)
}

/// Input from a pipe or a terminal. An interruption ends a blocked read with an error.
pub(crate) struct Input {
    parts: Receiver<io::Result<Vec<u8>>>,
    part: io::Cursor<Vec<u8>>,
}

impl Input {
    /// Starts a thread that reads the input. It is never joined.
    pub(crate) fn new<R: Read>(open: impl FnOnce() -> io::Result<R> + Send + 'static) -> io::Result<Self> {
        let (sender, parts) = sync_channel(1);
        thread::Builder::new().spawn(move || {
            let mut input = match open() {
                Ok(input) => input,
                Err(error) => return drop(sender.send(Err(error))),
            };
            loop {
                let mut part = vec![0; PART];
                let read = match input.read(&mut part) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read.map(|length| part.truncate(length)),
                };
                let is_last = part.is_empty() || read.is_err();
                if sender.send(read.map(|()| part)).is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(Input { parts, part: io::Cursor::default() })
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.part.position() == self.part.get_ref().len() as u64 {
            self.part = match self.parts.recv_timeout(POLL_INTERVAL) {
                Ok(part) => io::Cursor::new(part?),
                Err(RecvTimeoutError::Timeout) if requested() => return Err(io::Error::other("interrupted")),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            };
            if self.part.get_ref().is_empty() {
                return Ok(0);
            }
        }
        self.part.read(buffer)
    }
}
