//! What survives: killed processes, full disks, and two processes on a database.
//!
//! The test program runs itself as the other process: a test named `child` in a module below, which does nothing unless an
//! environment variable names the folder of its database.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use callagent::{Agent, LlmModel, UpdateAgent};
use callagent_server::{ImportOptions, Outcome, Store, StoreError};
use serde_json::json;

use crate::common::{TestResult, exported, id, import, open, update, workspace};

/// The folder of a child's database.
const FOLDER: &str = "CALLAGENT_TEST_FOLDER";

/// The number of kills; a thousand by hand.
const KILLS: &str = "CALLAGENT_TEST_KILLS";

fn folder_of_child() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Runs a test of this program in a process of its own.
fn child(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", test, "--nocapture"]).env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Agents with a counter as their name, each counted up by a task of its own.
mod counters {
    use super::*;

    pub(super) const COUNT: usize = 32;

    pub(super) fn create(store: &Store) {
        import(store, &(0..COUNT).map(|agent| json!({"_id": agent.to_string(), "name": "0"})).collect());
    }

    pub(super) fn read(agents: &[Agent]) -> HashMap<String, u64> {
        let entry = |agent: &Agent| Some((agent.id.clone()?, agent.name.as_deref()?.parse().ok()?));
        agents.iter().map(|agent| entry(agent).expect("a counter")).collect()
    }

    /// Counts up until an update fails, and calls a function with each acknowledged number.
    pub(super) async fn run(
        store: &Store,
        start: HashMap<String, u64>,
        acknowledged: impl Fn(&str, u64) -> bool + Clone + Send + Sync + 'static,
    ) -> Vec<StoreError> {
        let tasks = start.into_iter().map(|(agent, mut number)| {
            let (store, acknowledged) = (store.clone(), acknowledged.clone());
            tokio::spawn(async move {
                loop {
                    number += 1;
                    let update = UpdateAgent::new(LlmModel::Gpt5).name(number.to_string());
                    match store.update(workspace(), id(&agent), update, None).await {
                        Ok(Outcome::Changed(_)) if acknowledged(&agent, number) => {}
                        Ok(Outcome::Changed(_)) => return None,
                        Ok(other) => panic!("expected a change, found {other:?}"),
                        Err(error) => return Some(error),
                    }
                }
            })
        });
        let mut errors = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            errors.extend(task.await.expect("a task"));
        }
        errors
    }
}

mod killed {
    use super::*;

    /// Counts up, and prints each acknowledged number, until it is killed.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn child() {
        let Some(folder) = folder_of_child() else { return };
        let store = open(Some(&folder));
        let start = counters::read(&exported(&folder));
        counters::run(&store, start, |agent, number| {
            // One write, so that the parent never reads a part of a line.
            std::io::stdout().lock().write_all(format!("+ {agent} {number}\n").as_bytes()).is_ok()
        })
        .await;
    }
}

/// The numbers that a child printed.
fn acknowledged(child: &mut Child, kill: impl FnOnce(&mut Child)) -> HashMap<String, u64> {
    let output = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        let mut numbers = HashMap::new();
        for line in BufReader::new(output).lines() {
            let line = line.expect("a line");
            let mut words = line.split(' ');
            if let (Some("+"), Some(agent), Some(number)) = (words.next(), words.next(), words.next()) {
                numbers.insert(agent.to_owned(), number.parse().expect("a number"));
            }
        }
        numbers
    });
    kill(child);
    child.wait().expect("its end");
    reader.join().expect("the numbers")
}

#[test]
fn acknowledged_updates_survive_kills() -> TestResult {
    let kills: u64 = std::env::var(KILLS).map_or(Ok(10), |kills| kills.parse())?;
    let folder = tempfile::tempdir()?;
    counters::create(&open(Some(folder.path())));
    let mut total = 0;
    for kill in 0..kills {
        let before = counters::read(&exported(folder.path()));
        let mut process = child("durability::killed::child", folder.path()).spawn()?;
        // Long enough to start, and then at any moment.
        let pause = Duration::from_millis(150 + kill * 37 % 200);
        let numbers = acknowledged(&mut process, |process| {
            std::thread::sleep(pause);
            process.kill().expect("a kill");
        });
        let after = counters::read(&exported(folder.path()));
        for (agent, number) in &after {
            let least = numbers.get(agent).unwrap_or(&before[agent]);
            // The update after it may have been on its way.
            assert!((*least..=least + 1).contains(number), "agent {agent} has {number} after {least} was acknowledged");
            total += number - before[agent];
        }
    }
    println!("{kills} kills, {total} updates");
    assert!(total > kills, "the children did not come to work");
    Ok(())
}

mod full {
    use super::*;

    /// Writes until the file may not grow, and then finds the store out of order for good.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn child() {
        let Some(folder) = folder_of_child() else { return };
        let store = open(Some(&folder));
        let began = Instant::now();
        let errors = counters::run(&store, counters::read(&exported(&folder)), move |agent, number| {
            assert!(began.elapsed() < Duration::from_secs(30), "the file grows without bound");
            std::io::stdout().lock().write_all(format!("+ {agent} {number}\n").as_bytes()).is_ok()
        })
        .await;
        assert!(errors.iter().any(|error| matches!(error, StoreError::OutcomeUnknown(_))), "{errors:?}");
        let is_expected =
            |error: &StoreError| matches!(error, StoreError::OutcomeUnknown(_) | StoreError::Unavailable(_));
        assert!(errors.len() == counters::COUNT && errors.iter().all(is_expected), "{errors:?}");
        let again = store.update(workspace(), id("1"), UpdateAgent::new(LlmModel::Gpt5), None).await;
        let unavailable = [again.map(drop), store.check().await, store.stopped().await, store.close().await];
        assert!(unavailable.iter().all(|result| matches!(result, Err(StoreError::Unavailable(_)))), "{unavailable:?}");
        println!("= out of order");
    }
}

/// A commit that fails is not retried, and nothing that was acknowledged is lost.
#[cfg(unix)]
#[test]
fn a_failed_commit_ends_the_store() -> TestResult {
    let folder = tempfile::tempdir()?;
    counters::create(&open(Some(folder.path())));
    let program = std::env::current_exe()?;
    let mut shell = Command::new("sh");
    // Files may have some 100 KiB, and a write beyond fails instead of ending the process.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" --exact durability::full::child --nocapture"]);
    let mut process = shell.arg(program).env(FOLDER, folder.path()).stdout(Stdio::piped()).spawn()?;
    let numbers = acknowledged(&mut process, |_| ());
    assert!(process.wait()?.success());
    let after = counters::read(&exported(folder.path()));
    assert!(numbers.len() == counters::COUNT, "{numbers:?}");
    for (agent, least) in numbers {
        assert!((least..=least + 1).contains(&after[&agent]), "agent {agent} has {}", after[&agent]);
    }
    Ok(())
}

mod importing {
    use super::*;

    pub(super) const AGENTS: usize = 5000;

    /// Imports agents next to the parent.
    #[test]
    fn child() {
        let Some(folder) = folder_of_child() else { return };
        let lines: String = (0..AGENTS)
            .map(|agent| {
                json!({"_id": format!("imported-{agent}"), "name": "0", "more": "x".repeat(1000)}).to_string() + "\n"
            })
            .collect();
        let options = ImportOptions::new().lines(true);
        open(Some(&folder)).import(&workspace(), "agents", lines.as_bytes(), options, |_| {}).expect("an import");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_runs_next_to_a_store() -> TestResult {
    let folder = tempfile::tempdir()?;
    let store = open(Some(folder.path()));
    counters::create(&store);
    let start = counters::read(&exported(folder.path()));
    let mut process = child("durability::importing::child", folder.path()).spawn()?;
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let counting = tokio::spawn({
        let (store, stop) = (store.clone(), stop.clone());
        async move { counters::run(&store, start, move |_, _| !stop.load(std::sync::atomic::Ordering::Relaxed)).await }
    });
    let began = Instant::now();
    while process.try_wait()?.is_none() {
        assert!(began.elapsed() < Duration::from_secs(90), "the import does not end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(process.wait()?.success());
    // The store sees what the other process has written.
    let change = update(&json!({"llmModel": "gpt-5", "name": "7"}));
    let outcome = store.update(workspace(), id("imported-1"), change, None).await?;
    assert!(matches!(outcome, Outcome::Changed(_)), "{outcome:?}");
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let errors = counting.await?;
    assert!(errors.is_empty(), "{errors:?}");
    store.close().await?;
    let counters = counters::read(&exported(folder.path()));
    assert_eq!(counters.len(), counters::COUNT + importing::AGENTS);
    assert!((0..counters::COUNT).all(|agent| counters[&agent.to_string()] > 0));
    Ok(())
}
