//! The spans of `tracing`.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use tracing::{
    Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, SubscriberExt as _},
};

use crate::{
    AGENT, builder,
    listener::{Listener, response, success},
    update,
};

type Fields = BTreeMap<&'static str, String>;

/// Keeps the fields of spans of the client, and all events of any crate.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<(BTreeMap<u64, Fields>, Vec<Fields>)>>);

struct Visitor<'f>(&'f mut Fields);

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().target().starts_with("callagent_client") {
            let mut fields = Fields::new();
            attributes.record(&mut Visitor(&mut fields));
            self.0.lock().expect("no panic").0.insert(id.into_u64(), fields);
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        if let Some(fields) = self.0.lock().expect("no panic").0.get_mut(&id.into_u64()) {
            record.record(&mut Visitor(fields));
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Visitor(&mut fields));
        self.0.lock().expect("no panic").1.push(fields);
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let mut recorded = self.0.lock().expect("no panic");
        if let Some(fields) = recorded.0.remove(&id.into_u64()) {
            recorded.1.push(fields);
        }
    }
}

#[tokio::test]
async fn each_attempt_is_a_span_with_standard_attributes() {
    let recorder = Recorder::default();
    let guard = tracing::subscriber::set_default(Registry::default().with(recorder.clone()));
    let listener = Listener::replies([response(503, &[], "the body"), success()]).await;
    let client = builder(&listener.url()).access_key("key-of-acme").secret_header("x-token", "the-token").build();
    client.expect("valid").update(AGENT, update("a")).await.expect("the second attempt succeeds");
    drop(guard);
    let recorded = recorder.0.lock().expect("no panic").1.clone();
    let text = format!("{recorded:?}");
    assert!(!["key-of-acme", "the-token", "the body", "Support"].iter().any(|secret| text.contains(secret)), "{text}");
    let spans: Vec<_> = recorded.iter().filter(|fields| fields.contains_key("http.request.method")).collect();
    let url = format!("{}/v1/api/agents/agent_1", listener.url());
    let port = listener.address.port().to_string();
    let common = [
        ("http.request.method", "PUT"),
        ("otel.kind", "client"),
        ("otel.name", "PUT /v1/api/agents/{agentId}"),
        ("server.address", "127.0.0.1"),
        ("server.port", port.as_str()),
        ("url.full", url.as_str()),
    ];
    let own = [
        [("http.response.status_code", "503"), ("error.type", "503")],
        [("http.response.status_code", "200"), ("http.request.resend_count", "1")],
    ];
    assert_eq!(spans.len(), own.len(), "{spans:?}");
    for (span, own) in spans.into_iter().zip(own) {
        let expected: Fields = common.into_iter().chain(own).map(|(name, value)| (name, value.to_owned())).collect();
        assert_eq!(*span, expected);
    }
}
