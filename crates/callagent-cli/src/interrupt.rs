//! Ctrl-C and its like: the work ends after what is under way, and nothing waits for more input.

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

/// What a shell takes for the status of a command that Ctrl-C ended.
pub(crate) const STATUS: u8 = 130;

/// How long input is waited for before the next look at [`requested`].
const PATIENCE: Duration = Duration::from_millis(50);
/// How much is read at once.
const PART: usize = 64 * 1024;

/// The signals are the whole process's.
static HAS_COME: AtomicBool = AtomicBool::new(false);

/// The response to an interruption.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    /// The work ends after the part that is under way; a second interruption ends the process.
    Finish,
    /// The process ends.
    Exit,
}

/// Installs the handler of interruptions, once per process.
pub(crate) fn install_handler(response: Response) {
    // Without a handler an interruption ends the process by its signal; so it does under `nohup`, which has its own way.
    let _ = ctrlc::try_set_handler(move || {
        if response == Response::Exit {
            terminal::say("interrupted");
        }
        if response == Response::Exit || HAS_COME.swap(true, Ordering::Relaxed) {
            process::exit(STATUS.into());
        }
    });
}

pub(crate) fn requested() -> bool {
    HAS_COME.load(Ordering::Relaxed)
}

/// What comes from a pipe or a terminal. Waiting for it ends, with an error, when an interruption comes.
pub(crate) struct Input {
    parts: Receiver<io::Result<Vec<u8>>>,
    part: io::Cursor<Vec<u8>>,
}

impl Input {
    /// Reads on a thread of its own, which nothing waits for.
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
            self.part = match self.parts.recv_timeout(PATIENCE) {
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
