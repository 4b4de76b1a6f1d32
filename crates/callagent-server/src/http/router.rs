//! The routes of the server.

use std::sync::Arc;

use axum::{
    Extension, Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use callagent_axum::{problems, routes};
use tokio::sync::watch;

use super::{
    access::AccessCheck,
    call::{Call, update},
    faults::{Disturbance, disturb},
    log::log,
    memory::{self, Memory},
    metrics::{self, HttpMetrics},
    options::ServerOptions,
    pages::{self, Readiness},
    rate_limit::RateLimiter,
};
use crate::store::Store;

/// Creates the routes. `stopping` is whether the server is about to stop, `is_exposed` whether other machines reach it.
pub(super) fn router(
    store: Store,
    options: &ServerOptions,
    stopping: watch::Receiver<bool>,
    is_exposed: bool,
    metrics: Arc<HttpMetrics>,
) -> Router {
    let memory = Memory::new(options.memory);
    let registry = Arc::new(metrics.registry(&store, &memory, options));
    let mut call =
        routes(update).layer(Extension(options.update.clone())).layer(from_fn_with_state(memory, memory::limit));
    // A sleep of no time takes until the next tick of the timer, a millisecond.
    if !options.faults.is_empty() || !options.latency.is_zero() {
        let disturbance = Disturbance { faults: Arc::from(&*options.faults), latency: options.latency };
        call = call.layer(from_fn_with_state(disturbance, disturb));
    }
    let access = (!options.no_auth).then(|| Arc::new(AccessCheck::new(store.clone(), is_exposed)));
    let rate = options.rate_limit.and_then(RateLimiter::new).map(Arc::new);
    let call = call.with_state(Call { store: store.clone(), access, rate, metrics: Arc::clone(&metrics) });
    let readiness = get(pages::readiness).with_state(Readiness { store, stopping });
    Router::new()
        .route("/", get(pages::reference))
        .route("/openapi.json", get(pages::openapi))
        .route("/healthz", get(pages::health))
        .route("/readyz", readiness)
        .route("/metrics", get(metrics::metrics).with_state(registry))
        .merge(call)
        .layer(from_fn(problems))
        .layer(from_fn_with_state(metrics, log))
}
