//! TLS: certificates, and the process of the caller.

use std::{net::SocketAddr, sync::Arc};

use callagent_client::ErrorKind;
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::{
    AGENT, builder,
    listener::{Reply, respond, success},
    update,
};

/// The authority of the certificate of the server.
const AUTHORITY: &str = include_str!("certificates/ca.pem");

async fn server() -> SocketAddr {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("certificates/server.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("certificates/server.key")).expect("a key");
    let config = ServerConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().expect("the versions are supported");
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("the key fits");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Reply::Bytes(reply) = success() else { continue };
            // A client that does not trust the server closes the connection.
            if let Ok(stream) = acceptor.accept(stream).await {
                drop(respond(stream, &reply).await);
            }
        }
    });
    address
}

#[tokio::test]
async fn a_root_certificate_of_ones_own() {
    let address = server().await;
    for url in [format!("https://{address}"), format!("https://localhost:{}", address.port())] {
        let client = builder(&url).root_certificate(AUTHORITY).build().expect("valid");
        client.update(AGENT, update("a")).await.expect("the certificate is trusted");
        let Ok(client) = builder(&url).build() else { continue };
        let error = client.update(AGENT, update("a")).await.expect_err("the certificate is not trusted");
        assert!(matches!(error.kind(), ErrorKind::Connect { is_certificate: true, .. }), "{error:?}");
        assert_eq!((error.attempts(), error.may_be_applied()), (1, false), "a repeat would not help");
        assert!(error.to_string().contains("add the certificate of its authority with `root_certificate`"), "{error}");
    }
    assert!(CryptoProvider::get_default().is_none(), "the process has no default that it did not choose");
}

#[tokio::test]
async fn http_on_a_port_for_https_and_the_reverse() {
    let address = server().await;
    let error = builder(&format!("http://{address}")).build().expect("valid").update(AGENT, update("a")).await;
    assert!(matches!(error.expect_err("no HTTP").kind(), ErrorKind::Interrupted { .. }));
    let plain = crate::listener::Listener::replies([success()]).await;
    let url = format!("https://{}", plain.address);
    let client = builder(&url).root_certificate(AUTHORITY).build().expect("valid");
    let error = client.update(AGENT, update("a")).timeout(std::time::Duration::from_millis(300)).await;
    assert!(!error.expect_err("no TLS").to_string().is_empty());
}
