//! The metrics of a server. No label has a value from a client.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use callagent::{AgentId, ProblemType};
use callagent_axum::ProblemResponse;
use prometheus_client::{
    encoding::{EncodeLabelSet, prometheus_text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};

use super::{access::AccessRefusal, memory::Memory, options::ServerOptions};
use crate::{
    metrics::{Counters, constant, read_at_scrape},
    store::Store,
};

/// The upper bounds of the time of a call, in seconds: up to the limit of a request.
const SECONDS: [f64; 16] =
    [0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// What a server counts and measures. Clones are the same metrics.
#[derive(Debug, Clone)]
pub(super) struct HttpMetrics {
    /// The path of the call, as a route.
    call: Arc<str>,
    requests: Family<Answered, Counter>,
    in_flight: Gauge,
    duration: Histogram,
    connections: Gauge,
    access_refused: Counters,
    rate_limited: Counter,
}

/// The labels of an answered request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    status: u16,
}

impl HttpMetrics {
    pub(super) fn new() -> Self {
        let requests = Family::default();
        drop(requests.get_or_create(&Answered { route: route(true), status: StatusCode::OK.as_u16() }));
        HttpMetrics {
            call: AgentId::path_template().into(),
            requests,
            in_flight: Gauge::default(),
            duration: Histogram::new(SECONDS),
            connections: Gauge::default(),
            access_refused: Counters::new("reason", &AccessRefusal::ALL.map(AccessRefusal::name)),
            rate_limited: Counter::default(),
        }
    }

    /// Counts a connection until the result is dropped.
    pub(super) fn connection(&self) -> InUse {
        InUse::new(&self.connections)
    }

    /// Counts a call without access.
    pub(super) fn refused(&self, refusal: AccessRefusal) {
        self.access_refused.increment(refusal.name());
    }

    /// Counts a call beyond the rate of its workspace.
    pub(super) fn limited(&self) {
        self.rate_limited.inc();
    }

    /// Registers the metrics of a server, and those of its store.
    pub(super) fn registry(&self, store: &Store, memory: &Memory, options: &ServerOptions) -> Registry {
        let mut registry = Registry::with_prefix("callagent");
        let build = [("version", env!("CARGO_PKG_VERSION")), ("database", store.database_name())];
        registry.register("build", "The version and the database: memory, sqlite or postgresql", Info::new(build));
        let help = "Requests by status and by route: call or other";
        registry.register("http_requests", help, self.requests.clone());
        registry.register("http_requests_in_flight", "Requests that are being served", self.in_flight.clone());
        let help = "Time from the head of a call to its response, with the time for the body";
        registry.register_with_unit("http_call_duration", help, Unit::Seconds, self.duration.clone());
        registry.register("http_connections", "Open connections", self.connections.clone());
        constant(
            &mut registry,
            "http_connections_limit",
            "The limit of `callagent_http_connections`",
            options.connections,
        );
        let (bodies, limit) = (memory.clone(), memory.limit());
        let help = "Bytes of bodies that are being received or sent";
        read_at_scrape(&mut registry, "http_body_memory_bytes", help, move || bodies.held());
        let help = "The limit of `callagent_http_body_memory_bytes`";
        constant(&mut registry, "http_body_memory_limit_bytes", help, limit);
        self.access_refused.register(&mut registry, "access_refused", "Calls without access, by reason");
        let help = "Calls beyond the rate of their workspace";
        registry.register("rate_limited", help, self.rate_limited.clone());
        store.register_metrics(&mut registry);
        registry
    }
}

/// A thing that a gauge counts until it is dropped.
pub(super) struct InUse(Gauge);

impl InUse {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        InUse(gauge.clone())
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A request that is being served, until it is dropped.
pub(super) struct Measured {
    metrics: Arc<HttpMetrics>,
    is_call: bool,
}

impl Measured {
    pub(super) fn start(metrics: Arc<HttpMetrics>, request: &Request) -> Self {
        let path = request.extensions().get::<MatchedPath>();
        let is_call = path.is_some_and(|path| path.as_str() == &*metrics.call);
        metrics.in_flight.inc();
        Measured { metrics, is_call }
    }

    /// Counts the response. There is none if the server closes the connection at the end of a stop.
    pub(super) fn answered(&self, status: StatusCode, time: Duration) {
        let answered = Answered { route: route(self.is_call), status: status.as_u16() };
        self.metrics.requests.get_or_create(&answered).inc();
        if self.is_call {
            self.metrics.duration.observe(time.as_secs_f64());
        }
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        self.metrics.in_flight.dec();
    }
}

const fn route(is_call: bool) -> &'static str {
    if is_call { "call" } else { "other" }
}

/// Returns the metrics in the text format of Prometheus.
pub(super) async fn metrics(State(registry): State<Arc<Registry>>) -> Response {
    let mut text = String::new();
    match prometheus_text::encode(&mut text, &registry) {
        Ok(()) => ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(_) => ProblemResponse::from(ProblemType::INTERNAL).into_response(),
    }
}
