//! A proxy in front of PostgreSQL that cuts a connection at a chosen moment.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// When to cut the connection that sends a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Before the database has the text.
    Before,
    /// Once the database has answered, before the client has the answer.
    After,
    /// Before, and no further connection is made.
    ForGood,
    /// Before, and the client gets another connection once the proxy is restored.
    AfterRestore,
}

#[derive(Default)]
struct State {
    cut: Mutex<Option<(String, When)>>,
    is_gone: AtomicBool,
    is_held: Mutex<bool>,
    released: Condvar,
}

pub(crate) struct Proxy {
    url: String,
    state: Arc<State>,
}

impl Proxy {
    /// Starts a proxy in front of the server of a URL.
    pub(crate) fn start(url: &str) -> Self {
        let (start, name) = url.rsplit_once('/').expect("a name");
        let (start, server) = start.rsplit_once('@').expect("a host");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let (server, shared) = (server.to_owned(), Arc::clone(&state));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mut is_held = shared.is_held.lock().expect("a lock");
                while *is_held {
                    is_held = shared.released.wait(is_held).expect("a lock");
                }
                drop(is_held);
                if !shared.is_gone.load(Ordering::SeqCst) {
                    let server = TcpStream::connect(&server).expect("the server");
                    let state = Arc::clone(&shared);
                    thread::spawn(move || forward(&client, &server, &state));
                }
            }
        });
        Proxy { url: format!("{start}@{address}/{name}"), state }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Cuts the next connection on which a client sends the text as a part of a document that it writes.
    pub(crate) fn cut(&self, text: &str, when: When) {
        *self.state.cut.lock().expect("a lock") = Some((format!("\"{text}\""), when));
    }

    /// Returns whether the cut is yet to come.
    pub(crate) fn is_armed(&self) -> bool {
        self.state.cut.lock().expect("a lock").is_some()
    }

    /// Lets connections through again.
    pub(crate) fn restore(&self) {
        self.state.is_gone.store(false, Ordering::SeqCst);
        *self.state.is_held.lock().expect("a lock") = false;
        self.state.released.notify_all();
    }
}

impl State {
    /// Returns when to cut a connection that sends these bytes.
    fn take(&self, bytes: &[u8]) -> Option<When> {
        let mut cut = self.cut.lock().expect("a lock");
        let (_, when) = cut.take_if(|(text, _)| bytes.windows(text.len()).any(|window| window == text.as_bytes()))?;
        match when {
            When::ForGood => self.is_gone.store(true, Ordering::SeqCst),
            When::AfterRestore => *self.is_held.lock().expect("a lock") = true,
            When::Before | When::After => {}
        }
        Some(when)
    }
}

fn forward(client: &TcpStream, server: &TcpStream, state: &State) {
    let is_cut = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut from, mut to, mut buffer) = (client, server, vec![0; 1 << 16]);
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                let bytes = buffer.get(..count).unwrap_or_default();
                let when = state.take(bytes);
                if when == Some(When::After) {
                    is_cut.store(true, Ordering::SeqCst);
                    let _ = to.write_all(bytes);
                    // The database works on it, and its answer is dropped.
                    thread::sleep(Duration::from_millis(300));
                }
                if when.is_some() || to.write_all(bytes).is_err() {
                    break;
                }
            }
            close(client, server);
        });
        let (mut from, mut to, mut buffer) = (server, client, vec![0; 1 << 16]);
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if !is_cut.load(Ordering::SeqCst) && to.write_all(buffer.get(..count).unwrap_or_default()).is_err() {
                break;
            }
        }
        close(client, server);
    });
}

fn close(client: &TcpStream, server: &TcpStream) {
    // They may be closed already.
    let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
}
