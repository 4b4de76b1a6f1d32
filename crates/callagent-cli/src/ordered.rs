//! Parallel jobs whose output keeps the order of the input, in bounded memory.

use std::{
    io::{self, Write},
    panic::resume_unwind,
    sync::{
        Mutex,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread::{self, Builder},
};

use crate::failure::Failure;

/// The number of bytes that a worker buffers before it sends them.
const PIECE: usize = 64 * 1024;
/// The number of pieces of one job that may wait for their turn before its worker blocks.
const WAITING: usize = 4;

/// A part of a job's output.
pub(crate) enum Piece {
    Output(Vec<u8>),
    Error(Vec<u8>),
}

/// The output of a job: standard output, or standard error within [`Sink::error`].
pub(crate) struct Sink {
    pieces: SyncSender<Piece>,
    buffer: Vec<u8>,
    is_error: bool,
}

impl Sink {
    /// Writes to standard error.
    pub(crate) fn error(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.flush()?;
        self.is_error = true;
        let written = write(self).and_then(|()| self.flush());
        self.is_error = false;
        written
    }
}

impl Write for Sink {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(text);
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let text = std::mem::take(&mut self.buffer);
        let piece = if self.is_error { Piece::Error(text) } else { Piece::Output(text) };
        self.pieces.send(piece).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Runs the jobs on up to `threads` threads and passes their output to `write` in the order of the jobs. Returns the
/// results in any order.
///
/// # Errors
/// The first error of `write`, after which no job is started, or the failure to start any thread.
pub(crate) fn run<J: Send, R: Send>(
    jobs: impl Iterator<Item = J> + Send,
    threads: usize,
    work: impl Fn(J, &mut Sink) -> io::Result<R> + Sync,
    mut write: impl FnMut(Piece) -> io::Result<()>,
) -> Result<Vec<R>, Failure> {
    let (job_sender, job_receiver) = sync_channel::<(J, SyncSender<Piece>)>(threads);
    let (turn_sender, turn_receiver) = sync_channel::<Receiver<Piece>>(2 * threads);
    let (result_sender, result_receiver) = channel();
    let job_receiver = Mutex::new(job_receiver);
    let (job_receiver, work) = (&job_receiver, &work);
    thread::scope(|scope| {
        let hand_out = move || {
            let (mut workers, mut most) = (0, threads);
            for job in jobs {
                // Start no more workers than there are jobs.
                if workers < most {
                    let results = result_sender.clone();
                    match Builder::new().spawn_scoped(scope, move || worker(job_receiver, work, &results)) {
                        Ok(_) => workers += 1,
                        Err(error) if workers == 0 => return Err(error),
                        Err(_) => most = workers,
                    }
                }
                let (pieces, turn) = sync_channel(WAITING);
                if turn_sender.send(turn).is_err() || job_sender.send((job, pieces)).is_err() {
                    break;
                }
            }
            Ok(())
        };
        let hand_out = Builder::new().spawn_scoped(scope, hand_out).map_err(Failure::Thread)?;
        // Dropping a turn's receiver makes its worker stop; dropping all of them stops the jobs.
        let written = turn_receiver.iter().try_for_each(|turn| turn.iter().try_for_each(&mut write));
        drop(turn_receiver);
        hand_out.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(Failure::Thread)?;
        written.map_err(Failure::Output)?;
        Ok(result_receiver.into_iter().collect())
    })
}

fn worker<J, R>(
    jobs: &Mutex<Receiver<(J, SyncSender<Piece>)>>,
    work: &impl Fn(J, &mut Sink) -> io::Result<R>,
    results: &Sender<R>,
) {
    loop {
        let Ok(Ok((job, pieces))) = jobs.lock().map(|jobs| jobs.recv()) else { return };
        let mut sink = Sink { pieces, buffer: Vec::new(), is_error: false };
        let result = work(job, &mut sink).and_then(|result| sink.flush().map(|()| result));
        // An error means that the receiver of the output is gone. The writer reports why.
        if let Ok(result) = result
            && results.send(result).is_err()
        {
            return;
        }
    }
}
