//! Correct servers are never accused. `CALLAGENT_TEST_SEEDS=100` runs the tests with a hundred seeds.

use callagent::Reader;
use callagent_server::{Database, ImportOptions, KeySource, Server, ServerOptions, Store};
use callagent_verify::{Options, Outcome, Profile, Target, cases};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{agent, block_on, failures, options, run, target};

/// The seeds to run with.
fn seeds() -> std::ops::Range<u64> {
    let count = std::env::var("CALLAGENT_TEST_SEEDS").ok();
    0..count.map_or(2, |count| count.parse().expect("CALLAGENT_TEST_SEEDS is a number"))
}

/// Runs all cases with each seed. Neither a failure nor an advisory is expected.
async fn is_never_accused(target: &Target, options: Options, profile: Profile) {
    for seed in seeds() {
        let all: Vec<_> = cases().iter().collect();
        let (report, _) = run(target.clone(), options.clone().profile(profile).seed(seed), &all).await;
        assert!(failures(&report).is_empty(), "{profile}, seed {seed}: {:#?}", failures(&report));
        let advised = report.results.iter().find(|result| !result.advisories.is_empty());
        assert!(advised.is_none(), "{profile}, seed {seed}: {advised:#?}");
        let passed = report.results.iter().filter(|result| result.outcome == Outcome::Passed).count();
        assert!(passed + 6 > report.results.len(), "{profile}, seed {seed}: only {passed} cases passed");
    }
}

#[test]
fn a_strict_server() {
    block_on(async {
        is_never_accused(&target(None, false, true), options(), Profile::Strict).await;
        is_never_accused(&target(None, false, true), options(), Profile::Documented).await;
    });
}

#[test]
fn a_tolerant_server() {
    block_on(is_never_accused(&target(None, true, true), options(), Profile::Tolerant));
}

/// The server of this project, with its store and over a network.
async fn project(reader: Reader, profile: Profile) {
    let (workspace, id) = agent();
    let store = Store::open(&Database::Memory, &KeySource::NextToDatabase).expect("a store");
    let document =
        json!({"_id": id, "workspaceId": workspace, "team": "blue", "ttsModel": {"pitch": "low"}}).to_string();
    store.import(&workspace, "agents", document.as_bytes(), ImportOptions::new(), |_| {}).expect("an import");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (server, stop) = Server::new(store, ServerOptions::new().reader(reader));
    let serving = tokio::spawn(server.serve(listener));
    let target = Target::new(&url, workspace, id).expect("a valid target");
    is_never_accused(&target, options(), profile).await;
    stop.stop();
    serving.await.expect("no panic").expect("the store works");
}

#[test]
fn the_strict_server_of_the_project() {
    block_on(project(Reader::new(), Profile::Strict));
}

#[test]
fn the_tolerant_server_of_the_project() {
    block_on(project(Reader::new().tolerate_unknown_fields().tolerate_unknown_values(), Profile::Tolerant));
}
