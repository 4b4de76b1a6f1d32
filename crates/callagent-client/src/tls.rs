//! TLS with rustls and ring, without a default provider for the process.

use std::{error::Error, io, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;

use crate::error::BuildError;

/// Reads certificates in PEM.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, BuildError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(BuildError("expected a root certificate in PEM, `-----BEGIN CERTIFICATE-----`".to_owned())),
    }
}

/// Creates a configuration that trusts the certificates of the system and `roots`. A client for `http` is created on
/// systems without certificates too.
pub(crate) fn config(roots: Vec<CertificateDer<'static>>, needs_tls: bool) -> Result<ClientConfig, BuildError> {
    let failed = |error: &dyn Error| BuildError(format!("cannot use the root certificates: {error}"));
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?;
    let config = match Verifier::new_with_extra_roots(roots.clone(), provider) {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
        Err(error) if needs_tls && roots.is_empty() => return Err(failed(&error)),
        // A system without certificates.
        Err(_) => {
            let mut store = RootCertStore::empty();
            roots.into_iter().try_for_each(|root| store.add(root)).map_err(|error| failed(&error))?;
            builder.with_root_certificates(store)
        }
    };
    Ok(config.with_no_client_auth())
}

/// Returns whether an error is that of a certificate, which a repeat would meet again.
pub(crate) fn is_certificate_error(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // The source of an I/O error is that of the error in it.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = inner.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source());
    }
    false
}
