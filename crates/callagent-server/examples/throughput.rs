//! Measures durable updates per second, by the number in flight, with and without grouping, the syncs per second of the
//! disk, and how long an import keeps updates waiting. Run it with `--release`; the folder of the databases is the argument.

use std::{
    error::Error,
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use callagent::{AgentId, LlmModel, UpdateAgent, WorkspaceId};
use callagent_server::{Database, ImportOptions, KeySource, Outcome, Store, StoreOptions};

const AGENTS: usize = 10_000;
const IMPORTED: usize = 100_000;
const TIME: Duration = Duration::from_secs(3);
const IN_FLIGHT: [usize; 6] = [1, 8, 32, 64, 128, 256];

/// The documented example of an agent, about 1.2 KB.
const EXAMPLE: &str = include_str!("../../../fixtures/documented/example.json");

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    // Other programs slow the disk down, so its syncs are measured anew for each line.
    println!("{:>10}{:>14}{:>14}{:>14}{:>14}", "in flight", "syncs", "batches", "batch size 1", "in memory");
    for in_flight in IN_FLIGHT {
        let syncs = syncs(&folder)?;
        let mut rates = Vec::new();
        for (batch, is_file) in [(256, true), (1, true), (256, false)] {
            let file = tempfile::tempdir_in(&folder)?;
            let database = if is_file { Database::File(file.path().join("agents.sqlite")) } else { Database::Memory };
            rates.push(runtime.block_on(updates(&database, batch, in_flight))?);
        }
        println!("{in_flight:>10}{:>14.0}{:>14.0}{:>14.0}{:>14.0}", syncs, rates[0], rates[1], rates[2]);
    }
    runtime.block_on(waits(&folder))
}

/// Imports agents while others are updated one after the other.
async fn waits(folder: &Path) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir_in(folder)?;
    let database = Database::File(folder.path().join("agents.sqlite"));
    let store = StoreOptions::default().open(&database, &KeySource::NextToDatabase)?;
    import(&store, "bench", AGENTS)?;
    let importing = tokio::task::spawn_blocking({
        let store = store.clone();
        move || {
            let start = Instant::now();
            import(&store, "other", IMPORTED).map(|()| start.elapsed()).map_err(|error| error.to_string())
        }
    });
    let (mut longest, mut number) = (Duration::ZERO, 0);
    while !importing.is_finished() {
        number += 1;
        let (id, start) = (AgentId::new(format!("agent-{}", number % AGENTS))?, Instant::now());
        let update = UpdateAgent::new(LlmModel::Gpt5).name(format!("{number}"));
        store.update(WorkspaceId::new("bench")?, id, update, None).await?;
        longest = longest.max(start.elapsed());
    }
    println!(
        "import of {IMPORTED} agents: {:.1?}; the longest wait of an update meanwhile: {longest:.1?}",
        importing.await??
    );
    Ok(())
}

/// Imports this many agents into a workspace.
fn import(store: &Store, workspace: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let workspace = WorkspaceId::new(workspace)?;
    let mut agent: serde_json::Value = serde_json::from_str(EXAMPLE)?;
    let mut lines = String::new();
    for index in 0..count {
        agent["_id"] = format!("agent-{index}").into();
        agent["workspaceId"] = workspace.as_str().into();
        lines += &format!("{agent}\n");
    }
    store.import(&workspace, "bench", lines.as_bytes(), ImportOptions::new().lines(true), |_| {})?;
    Ok(())
}

/// Appends a page and syncs, again and again.
fn syncs(folder: &Path) -> Result<f64, Box<dyn Error>> {
    let mut file: File = tempfile::tempfile_in(folder)?;
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < TIME {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}

/// Updates agents from this many tasks. Every update changes its agent.
async fn updates(database: &Database, batch: usize, in_flight: usize) -> Result<f64, Box<dyn Error>> {
    let store = StoreOptions::default().batch(batch).open(database, &KeySource::NextToDatabase)?;
    let workspace = WorkspaceId::new("bench")?;
    import(&store, workspace.as_str(), AGENTS)?;
    let (count, start) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let tasks = (0..in_flight).map(|task| {
        let (store, count, workspace) = (store.clone(), Arc::clone(&count), workspace.clone());
        tokio::spawn(async move {
            let mut number = task;
            while start.elapsed() < TIME {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let id = AgentId::new(format!("agent-{}", (number >> 33) % AGENTS)).expect("a valid id");
                let update = UpdateAgent::new(LlmModel::Gpt5).name(format!("{number}"));
                match store.update(workspace.clone(), id, update, None).await {
                    Ok(Outcome::Changed(_)) => count.fetch_add(1, Ordering::Relaxed),
                    other => panic!("expected a change, found {other:?}"),
                };
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await?;
    }
    let count = f64::from(u32::try_from(count.load(Ordering::Relaxed))?);
    let seconds = start.elapsed().as_secs_f64();
    store.close().await?;
    Ok(count / seconds)
}
