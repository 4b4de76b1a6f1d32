//! The certificate of the server, and the handshake of TLS.

use std::{
    error::Error,
    fmt,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use zeroize::Zeroizing;

/// The maximum size of a file.
const MAX_SIZE: u64 = 1 << 20;

/// The number of bytes that are discarded of a client that does not speak TLS.
const MAX_DISCARDED: u64 = 64 << 10;

/// The protocol that clients may negotiate.
const PROTOCOL: &[u8] = b"http/1.1";

/// The certificate and the private key of a server, from files. Cloning is cheap, and a reload affects all clones.
///
/// `Debug` shows the paths alone.
#[derive(Clone)]
pub struct Tls(Arc<Files>);

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

/// The error of reading a certificate and its key.
#[derive(Debug)]
pub struct TlsError {
    /// The file that the error is about.
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Read(io::Error),
    TooLarge,
    NoCertificate,
    NoKey,
    /// The text between the lines of PEM is not base64.
    Pem,
    /// The key is not that of the certificate.
    Mismatch {
        certificate: PathBuf,
    },
    /// The first certificate is none.
    Damaged,
    Key(rustls::Error),
}

impl Tls {
    /// Reads a chain of certificates, that of the server first, and its private key, both as PEM.
    ///
    /// # Errors
    /// If a file cannot be read or lacks what it should have, or the key is not that of the first certificate.
    pub fn read(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Result<Self, TlsError> {
        let (certificate, key) = (certificate.into(), key.into());
        let config = RwLock::new(Arc::new(read(&certificate, &key)?));
        Ok(Tls(Arc::new(Files { certificate, key, config })))
    }

    /// Reads the files again. Connections from then on use what they contain.
    ///
    /// # Errors
    /// As [`Tls::read`]. The previous certificate is kept.
    pub fn reload(&self) -> Result<(), TlsError> {
        let config = Arc::new(read(&self.0.certificate, &self.0.key)?);
        *self.0.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// Performs the handshake.
    pub(super) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        let config = Arc::clone(&self.0.config.read().unwrap_or_else(PoisonError::into_inner));
        match TlsAcceptor::from(config).accept(stream).into_fallible().await {
            Ok(stream) => Ok(stream),
            Err((error, mut stream)) => {
                // Closing a connection with unread data resets it, and the client would not see the alert.
                stream.shutdown().await?;
                tokio::io::copy(&mut stream.take(MAX_DISCARDED), &mut tokio::io::sink()).await?;
                Err(error)
            }
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Files { certificate, key, .. } = &*self.0;
        out.debug_struct("Tls").field("certificate", certificate).field("key", key).finish_non_exhaustive()
    }
}

fn read(certificate: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
    let chain = text(certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&chain).collect();
    let chain = chain.map_err(|_| TlsError::new(certificate, Kind::Pem))?;
    if chain.is_empty() {
        return Err(TlsError::new(certificate, Kind::NoCertificate));
    }
    let private = PrivateKeyDer::from_pem_slice(&text(key)?).map_err(|error| match error {
        rustls::pki_types::pem::Error::NoItemsFound => TlsError::new(key, Kind::NoKey),
        _ => TlsError::new(key, Kind::Pem),
    })?;
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::new(key, Kind::Key(error)))?;
    let mut config = config.with_no_client_auth().with_single_cert(chain, private).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            TlsError::new(key, Kind::Mismatch { certificate: certificate.to_owned() })
        }
        rustls::Error::InvalidCertificate(_) => TlsError::new(certificate, Kind::Damaged),
        error => TlsError::new(key, Kind::Key(error)),
    })?;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}

fn text(path: &Path) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    let mut text = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut text));
    match read.map(|length| length as u64) {
        Ok(length) if length > MAX_SIZE => Err(TlsError::new(path, Kind::TooLarge)),
        Ok(_) => Ok(text),
        Err(error) => Err(TlsError::new(path, Kind::Read(error))),
    }
}

impl TlsError {
    fn new(path: &Path, kind: Kind) -> Self {
        TlsError { path: path.to_owned(), kind }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            Kind::Read(error) => write!(out, "cannot read `{path}`: {error}"),
            Kind::TooLarge => write!(out, "expected at most {MAX_SIZE} bytes in `{path}`"),
            Kind::NoCertificate => write!(out, "expected a certificate as PEM in `{path}`, found none"),
            Kind::NoKey => write!(out, "expected a private key as PEM, not encrypted, in `{path}`, found none"),
            Kind::Pem => write!(out, "`{path}` is not valid PEM"),
            Kind::Mismatch { certificate } => {
                write!(
                    out,
                    "the private key in `{path}` is not that of the first certificate in `{}`",
                    certificate.display()
                )
            }
            Kind::Damaged => write!(out, "the first certificate in `{path}` is damaged"),
            Kind::Key(error) => write!(out, "cannot use the private key in `{path}`: {error}"),
        }
    }
}

impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Read(error) => Some(error),
            Kind::Key(error) => Some(error),
            _ => None,
        }
    }
}
