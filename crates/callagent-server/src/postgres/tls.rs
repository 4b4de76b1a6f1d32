//! TLS with rustls and ring, without a default provider for the process.

use std::{fs, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::config::PostgresConfig;

/// Creates a connector that trusts the certificates in the file of the configuration or, without a file, those of the system.
pub(super) fn connector(config: &PostgresConfig) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| format!("cannot set up TLS: {error}"))?;
    let config = match config.root_certificates() {
        Some(path) => {
            let failed = |reason: String| format!("cannot use the root certificates in `{}`: {reason}", path.display());
            let pem = fs::read(path).map_err(|error| failed(error.to_string()))?;
            let certificates: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(&pem).collect();
            let certificates = certificates.map_err(|error| failed(error.to_string()))?;
            if certificates.is_empty() {
                return Err(failed("expected a certificate in PEM, `-----BEGIN CERTIFICATE-----`".to_owned()));
            }
            let mut store = RootCertStore::empty();
            for certificate in certificates {
                store.add(certificate).map_err(|error| failed(error.to_string()))?;
            }
            builder.with_root_certificates(store)
        }
        None => match Verifier::new(provider) {
            Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
            Err(error) if config.needs_tls() => {
                return Err(format!("cannot use the root certificates of the system: {error}"));
            }
            // A system without certificates.
            Err(_) => builder.with_root_certificates(RootCertStore::empty()),
        },
    };
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}
