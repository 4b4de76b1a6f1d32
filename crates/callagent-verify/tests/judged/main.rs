//! Tests of the contract test: correct servers are never accused, and each fault of a server is found.

#[expect(dead_code, reason = "the example also lists the faults")]
#[path = "../../examples/faulty/server/mod.rs"]
mod server;

mod correct;
mod faults;
mod sentences;
mod setup;
mod vendor;

use std::time::Duration;

use callagent::{AgentId, WorkspaceId};
use callagent_verify::{Case, CaseResult, Event, Options, Outcome, Record, Report, Run, Target};

/// The access key of servers that require one.
const ACCESS_KEY: &str = "key-of-acme";

/// The time of a run on a busy machine.
const MAX_TIME: Duration = Duration::from_secs(600);

/// The agent that the servers have.
fn agent() -> (WorkspaceId, AgentId) {
    let workspace = WorkspaceId::new("acme").expect("the id is valid");
    (workspace, AgentId::new("agent_1").expect("the id is valid"))
}

/// A server within the process, with at most one fault.
fn target(fault: Option<&'static server::Fault>, tolerant: bool, has_key: bool) -> Target {
    let (workspace, agent) = agent();
    if !has_key {
        return Target::service(server::app(fault, tolerant), workspace, agent);
    }
    let app = server::app_with_key(fault, tolerant, ACCESS_KEY.to_owned());
    Target::service(app, workspace, agent).access_key(ACCESS_KEY).expect("the key is valid")
}

/// The options that leave no case out, for the agent of the servers.
fn options() -> Options {
    Options::new().max_time(MAX_TIME).touch_keys().undocumented_field("/team").undocumented_field("/ttsModel/pitch")
}

/// Runs cases.
async fn run(target: Target, options: Options, cases: &[&'static Case]) -> (Report, Record) {
    let run = Run::start(target, options).await.expect("the server can be tested");
    run.run(cases, |_: Event<'_>| {}, std::future::pending()).await
}

/// Describes the cases that failed.
fn failures(report: &Report) -> Vec<String> {
    let failed = report.results.iter().filter(|result| result.outcome == Outcome::Failed);
    failed
        .map(|CaseResult { case, failures, .. }| {
            format!("{}: {}", case.id(), failures.first().map(ToString::to_string).unwrap_or_default())
        })
        .collect()
}

/// Runs a test on a runtime with a single thread.
fn block_on<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(test)
}
