//! A server of a store, over sockets.

use std::net::SocketAddr;

use callagent_server::{Server, ServerOptions, Stop, Store, StoreError};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::client::{Answer, Connection, Request};

/// A server that runs until it is stopped.
pub(crate) struct Serving {
    address: SocketAddr,
    stop: Stop,
    served: JoinHandle<Result<(), StoreError>>,
}

impl Serving {
    pub(crate) async fn start(store: Store, options: ServerOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (server, stop) = Server::new(store, options);
        Serving { address, stop, served: tokio::spawn(server.serve(listener)) }
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(self.address)
    }

    /// Sends a request on a connection of its own.
    pub(crate) fn send(&self, request: &Request) -> Answer {
        self.connect().send(request)
    }

    pub(crate) fn get(&self, path: &'static str) -> Answer {
        self.send(&get(path))
    }

    pub(crate) fn is_listening(&self) -> bool {
        std::net::TcpStream::connect(self.address).is_ok()
    }

    /// Begins to stop.
    pub(crate) fn stop(&self) {
        self.stop.stop();
    }

    /// Waits until the server has stopped.
    pub(crate) async fn stopped(self) -> Result<(), StoreError> {
        self.served.await.expect("a server")
    }
}

pub(crate) fn get(path: &'static str) -> Request {
    Request { method: "GET", prefix: path, segment: "", ..Request::valid().body("") }
}
