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

const ACCESS_KEY: &str = "the-access-key";
const TOKEN: &str = "the-token";
const BODY: &str = "the-body";
const NAME: &str = "the-name";

/// Keeps the fields of the spans of the client, and events of any crate that contain a secret.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Default)]
struct Recorded {
    open: BTreeMap<u64, Fields>,
    closed: Vec<Fields>,
    leaks: Vec<Fields>,
}

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
            self.0.lock().expect("no panic").open.insert(id.into_u64(), fields);
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        if let Some(fields) = self.0.lock().expect("no panic").open.get_mut(&id.into_u64()) {
            record.record(&mut Visitor(fields));
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Visitor(&mut fields));
        let text = format!("{fields:?}");
        if [ACCESS_KEY, TOKEN, BODY, NAME].iter().any(|secret| text.contains(secret)) {
            self.0.lock().expect("no panic").leaks.push(fields);
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let mut recorded = self.0.lock().expect("no panic");
        if let Some(fields) = recorded.open.remove(&id.into_u64()) {
            recorded.closed.push(fields);
        }
    }
}

#[tokio::test]
async fn each_attempt_is_a_span_with_standard_attributes() {
    let recorder = Recorder::default();
    // One for all tests: a callsite that a thread without a subscriber reaches first would be off for every thread.
    tracing::subscriber::set_global_default(Registry::default().with(recorder.clone())).expect("no other subscriber");
    let listener = Listener::replies([response(503, &[], BODY), success()]).await;
    let client =
        builder(&listener.url()).access_key(ACCESS_KEY).secret_header("x-token", TOKEN).build().expect("valid");
    client.update(AGENT, update(NAME)).await.expect("the second attempt succeeds");
    let Recorded { closed, leaks, .. } = std::mem::take(&mut *recorder.0.lock().expect("no panic"));
    assert!(leaks.is_empty(), "{leaks:?}");
    let url = format!("{}/v1/api/agents/agent_1", listener.url());
    let port = listener.address.port().to_string();
    let spans: Vec<_> = closed.into_iter().filter(|fields| fields.get("server.port") == Some(&port)).collect();
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
        assert_eq!(span, expected);
    }
}
