//! The faulty server: a correct one on `callagent-axum`, with hooks at which a fault changes what it does.

mod body;
mod fault;
mod faults;
mod flow;
mod reply;
mod store;
mod text;

use std::sync::{Arc, atomic::AtomicU64};

use axum::{
    Extension, Router,
    middleware::{from_fn, from_fn_with_state},
};
use callagent::Reader;
use callagent_axum::{UpdateConfig, problems, routes};

pub(crate) use fault::Fault;
pub(crate) use faults::FAULTS;

use fault::Kind;
use store::Agents;

/// The state of the application.
struct Server {
    fault: Option<&'static Fault>,
    reader: Reader,
    /// The key that grants access to the workspace `acme`, if one is required.
    access_key: Option<String>,
    agents: Agents,
    /// The number of requests so far.
    count: AtomicU64,
}

impl Server {
    fn kind(&self) -> Option<Kind> {
        self.fault.map(|fault| fault.kind)
    }
}

/// Creates the application with at most one fault. Without a fault it is correct. A tolerant one drops unknown fields.
pub(crate) fn app(fault: Option<&'static Fault>, tolerant: bool) -> Router {
    create(fault, tolerant, None)
}

/// Creates the application with an access key for the workspace `acme`.
pub(crate) fn app_with_key(fault: Option<&'static Fault>, tolerant: bool, access_key: String) -> Router {
    create(fault, tolerant, Some(access_key))
}

fn create(fault: Option<&'static Fault>, tolerant: bool, access_key: Option<String>) -> Router {
    let reader = if tolerant { Reader::new().tolerate_unknown_fields() } else { Reader::new() };
    let agents = Agents::default();
    let server = Arc::new(Server { fault, reader, access_key, agents, count: AtomicU64::new(0) });
    let config = UpdateConfig::new().body_limit(UpdateConfig::MIN_BODY_LIMIT);
    let call = routes(flow::handle).layer(from_fn(problems)).layer(Extension(config)).with_state(Arc::clone(&server));
    // The layer sees requests before they are routed.
    Router::new().fallback_service(call).layer(from_fn_with_state(server, reply::around))
}
