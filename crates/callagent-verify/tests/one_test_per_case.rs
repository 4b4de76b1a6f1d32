//! The contract test in the tests of a server: one test per case, against the router of the server. Here it is that of
//! `callagent-axum/examples/in_memory.rs`.

#[expect(dead_code, reason = "the example also serves a network")]
#[path = "../../callagent-axum/examples/in_memory.rs"]
mod in_memory;

use std::{process::ExitCode, time::Duration};

use callagent::{AgentId, WorkspaceId};
use callagent_verify::{Case, Options, Profile, Run, Target, cases};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let tests = cases().iter().map(|case| Trial::test(case.id(), || verify(case)));
    libtest_mimic::run(&Arguments::from_args(), tests.collect()).exit_code()
}

fn verify(case: &'static Case) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let target = Target::service(in_memory::app()?, WorkspaceId::new("acme")?, AgentId::new("agent_1")?);
        let options = Options::new().profile(Profile::Strict).touch_keys().timeout(Duration::from_secs(2));
        let run = Run::start(target, options).await?;
        let (report, _) = run.run(&[case], |_| {}, std::future::pending()).await;
        let failures = report.results.iter().flat_map(|result| &result.failures);
        match failures.map(ToString::to_string).reduce(|all, next| all + &next) {
            Some(failures) => Err(failures.into()),
            None => Ok(()),
        }
    })
}
