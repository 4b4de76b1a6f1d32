//! Faults that are injected for authors of clients.

use std::{error::Error, fmt, str::FromStr, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header::ALLOW},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use callagent::UPDATE_AGENT;

/// A share of the requests that fail with an error status before they have an effect.
///
/// ```
/// use callagent_server::Fault;
///
/// let fault: Fault = "503=0.1".parse()?;
/// assert_eq!(fault.to_string(), "503=0.1");
/// assert!("200=0.1".parse::<Fault>().is_err());
/// # Ok::<(), callagent_server::InvalidFault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    status: StatusCode,
    rate: f64,
}

/// The error of parsing a [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidFault(());

impl Fault {
    /// Returns the share of the requests that fail.
    #[must_use]
    pub const fn rate(&self) -> f64 {
        self.rate
    }
}

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let (status, rate) = text.split_once('=').ok_or(InvalidFault(()))?;
        let status = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.filter(|status| status.is_client_error() || status.is_server_error());
        let rate = rate.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
        status.zip(rate).map(|(status, rate)| Fault { status, rate }).ok_or(InvalidFault(()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={}", self.status.as_u16(), self.rate)
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("expected STATUS=RATE with an error status and a rate from 0 to 1, such as 503=0.1")
    }
}

impl Error for InvalidFault {}

/// The faults and the latency of a server.
#[derive(Clone)]
pub(super) struct Disturbance {
    pub(super) faults: Arc<[Fault]>,
    pub(super) latency: Duration,
}

/// Middleware that delays requests, and lets some of them fail.
pub(super) async fn disturb(State(disturbance): State<Disturbance>, request: Request, next: Next) -> Response {
    tokio::time::sleep(disturbance.latency).await;
    let mut draw = fastrand::f64();
    let fault = disturbance.faults.iter().find(|fault| {
        draw -= fault.rate;
        draw < 0.0
    });
    match fault {
        // It becomes a problem like any other error. Only axum's own 405 gets its header from axum.
        Some(Fault { status: StatusCode::METHOD_NOT_ALLOWED, .. }) => {
            (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, UPDATE_AGENT.method.as_str())]).into_response()
        }
        Some(fault) => fault.status.into_response(),
        None => next.run(request).await,
    }
}
