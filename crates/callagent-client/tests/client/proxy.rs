//! A TCP proxy that disturbs the exchange of a request and its response.

use std::{
    collections::BTreeSet,
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::listener::{read_message, reset};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    None,
    /// The server receives this number of bytes of the request.
    CutRequest(usize),
    /// The client receives this number of bytes of the response.
    CutResponse(usize),
    /// The connection is reset after this number of bytes of the request.
    Reset(usize),
    /// The response is late.
    Delay(Duration),
    /// The server receives the request twice. The client receives the second response.
    Repeat,
}

type Hook = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// A proxy. Each fault of its list happens to one request.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    server: SocketAddr,
    faults: Mutex<Vec<Fault>>,
    /// Runs once after a request with a fault.
    hook: Mutex<Option<Hook>>,
    connections: AtomicUsize,
    /// The lengths of the last request and response.
    lengths: Mutex<(usize, usize)>,
    /// The entity tags of the responses of the server since faults were set.
    tags: Mutex<BTreeSet<String>>,
}

impl Proxy {
    pub(crate) async fn start(server: SocketAddr) -> Self {
        Proxy::serve(server, |stream, inner| async move { disturb(stream, &inner).await }).await
    }

    /// A proxy that passes on everything, and counts connections.
    pub(crate) async fn counting(server: SocketAddr) -> Self {
        Proxy::serve(server, |mut stream, inner| async move {
            let mut upstream = TcpStream::connect(inner.server).await?;
            copy_bidirectional(&mut stream, &mut upstream).await.map(drop)
        })
        .await
    }

    async fn serve<F>(server: SocketAddr, handle: impl Fn(TcpStream, Arc<Inner>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let inner = Arc::new(Inner {
            server,
            faults: Mutex::default(),
            hook: Mutex::default(),
            connections: AtomicUsize::new(0),
            lengths: Mutex::default(),
            tags: Mutex::default(),
        });
        let shared = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                let handled = handle(stream, Arc::clone(&shared));
                // The client sees errors as a closed connection.
                tokio::spawn(async move { drop(handled.await) });
            }
        });
        Proxy { address, inner }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.inner.connections.load(Ordering::Relaxed)
    }

    /// The lengths of the last request and response that were passed on as a whole.
    pub(crate) fn lengths(&self) -> (usize, usize) {
        *self.inner.lengths.lock().expect("no panic")
    }

    /// The number of different states in the responses of the server since faults were set. Updates that change nothing
    /// keep the state.
    pub(crate) fn states(&self) -> usize {
        self.inner.tags.lock().expect("no panic").len()
    }

    /// Sets the faults of the next requests.
    pub(crate) fn set(&self, faults: &[Fault]) {
        self.inner.tags.lock().expect("no panic").clear();
        *self.inner.faults.lock().expect("no panic") = faults.iter().rev().copied().collect();
    }

    /// Sets what happens once after the next request with a fault, before the client sees it.
    pub(crate) fn after_fault<F: Future<Output = ()> + Send + 'static>(
        &self,
        hook: impl Fn() -> F + Send + Sync + 'static,
    ) {
        *self.inner.hook.lock().expect("no panic") = Some(Box::new(move || Box::pin(hook())));
    }
}

async fn disturb(mut client: TcpStream, inner: &Inner) -> io::Result<()> {
    loop {
        if let Some(Fault::Reset(length)) = inner.next(false) {
            client.read_exact(&mut vec![0; length]).await?;
            inner.next(true);
            inner.run_hook().await;
            return reset(&client);
        }
        let request = read_message(&mut client).await?;
        let fault = inner.next(true).unwrap_or(Fault::None);
        let response = match fault {
            Fault::Reset(_) => None,
            Fault::CutRequest(length) => inner.exchange(&request[..length], true).await,
            _ => inner.exchange(&request, false).await,
        };
        let response = if fault == Fault::Repeat { inner.exchange(&request, false).await } else { response };
        if fault != Fault::None {
            inner.run_hook().await;
        }
        let response = match (fault, response) {
            (Fault::CutRequest(_), _) | (_, None) => return reset(&client),
            (_, Some(response)) => response,
        };
        match fault {
            Fault::CutResponse(length) => {
                client.write_all(&response[..length]).await?;
                return Ok(());
            }
            Fault::Delay(time) => sleep(time).await,
            _ => *inner.lengths.lock().expect("no panic") = (request.len(), response.len()),
        }
        client.write_all(&response).await?;
    }
}

impl Inner {
    /// Sends bytes to the server, and returns its response, if there is one.
    async fn exchange(&self, request: &[u8], is_cut: bool) -> Option<Vec<u8>> {
        let mut stream = TcpStream::connect(self.server).await.ok()?;
        stream.write_all(request).await.ok()?;
        if is_cut {
            stream.shutdown().await.ok()?;
        }
        let response = read_message(&mut stream).await.ok()?;
        let text = String::from_utf8_lossy(&response);
        if let Some(tag) = text.lines().find_map(|line| line.strip_prefix("etag: ")) {
            self.tags.lock().expect("no panic").insert(tag.to_owned());
        }
        Some(response)
    }

    fn next(&self, takes: bool) -> Option<Fault> {
        let mut faults = self.faults.lock().expect("no panic");
        if takes { faults.pop() } else { faults.last().copied() }
    }

    async fn run_hook(&self) {
        let hook = self.hook.lock().expect("no panic").take();
        if let Some(hook) = hook {
            hook().await;
        }
    }
}
