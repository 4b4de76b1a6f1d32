//! Measures durable updates per second in PostgreSQL: by the number of clients, of many agents and of a single one, in one
//! process and in two. Run it with `--release --features postgres`. It starts a server of its own below `target/`.

#[path = "../tests/server/cluster.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod cluster;

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use callagent::{AgentId, LlmModel, UpdateAgent, WorkspaceId};
use callagent_server::{Database, ImportOptions, KeyRing, KeySource, Outcome, Store, StoreError};

const AGENTS: u64 = 10_000;
const TIME: Duration = Duration::from_secs(5);
const CLIENTS: [u64; 4] = [1, 8, 32, 100];

/// The documented example of an agent, about 1.2 KB.
const EXAMPLE: &str = include_str!("../../../fixtures/documented/example.json");

/// Tell a process which database to update, and the file of its keys.
const URL: &str = "CALLAGENT_EXAMPLE_URL";
const KEYS: &str = "CALLAGENT_EXAMPLE_KEYS";

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    if let (Ok(url), Ok(keys)) = (std::env::var(URL), std::env::var(KEYS)) {
        let mut numbers = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
        let (Some(clients), Some(agents)) = (numbers.next().transpose()?, numbers.next().transpose()?) else {
            return Err("expected the numbers of clients and of agents".into());
        };
        let store = open(&url, keys)?;
        // All processes begin at once.
        println!("ready");
        std::io::stdin().read_line(&mut String::new())?;
        println!("{}", runtime.block_on(updates(&store, clients, agents))?);
        return Ok(());
    }
    let cluster = cluster::Cluster::start(cluster::Options { syncs: true, tls: false })?;
    let url = cluster.create(&[]);
    let folder = tempfile::tempdir()?;
    let keys = folder.path().join("keys");
    KeyRing::create(&keys)?;
    import(&open(&url, keys.display().to_string())?)?;
    let (url, keys) = (url.as_str(), keys.as_path());
    println!("{:>10}{:>12}{:>16}{:>16}", "clients", "processes", "many agents", "one agent");
    for processes in [1, 2] {
        for clients in CLIENTS.into_iter().filter(|clients| *clients >= processes) {
            let rates = [AGENTS, 1].map(|agents| measure(url, keys, processes, clients / processes, agents));
            let [many, one] = rates;
            println!("{clients:>10}{processes:>12}{:>16}{:>16}", many?, one?);
        }
    }
    Ok(())
}

fn open(url: &str, keys: String) -> Result<Store, Box<dyn Error>> {
    Ok(Store::open(&Database::Postgres(url.parse()?), &KeySource::File(keys.into()))?)
}

/// Runs processes with this many clients each. Returns the updates per second of all of them.
fn measure(url: &str, keys: &Path, processes: u64, clients: u64, agents: u64) -> Result<u64, Box<dyn Error>> {
    let start = |_| {
        let mut process = Command::new(std::env::current_exe()?);
        process.args([clients.to_string(), agents.to_string()]).env(URL, url).env(KEYS, keys);
        process.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
    };
    let mut running: Vec<Child> = (0..processes).map(start).collect::<Result<_, _>>()?;
    let mut outputs = Vec::new();
    for process in &mut running {
        let mut output = BufReader::new(process.stdout.take().ok_or("no output")?);
        output.read_line(&mut String::new())?;
        outputs.push(output);
    }
    for process in &mut running {
        process.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    }
    let mut total = 0;
    for mut output in outputs {
        let mut line = String::new();
        output.read_line(&mut line)?;
        total += line.trim().parse::<u64>()?;
    }
    for mut process in running {
        process.wait()?;
    }
    Ok(total)
}

fn import(store: &Store) -> Result<(), Box<dyn Error>> {
    let workspace = WorkspaceId::new("bench")?;
    let mut agent: serde_json::Value = serde_json::from_str(EXAMPLE)?;
    agent["workspaceId"] = workspace.as_str().into();
    let mut lines = String::new();
    for index in 0..AGENTS {
        agent["_id"] = format!("agent-{index}").into();
        lines += &format!("{agent}\n");
    }
    store.import(&workspace, "bench", lines.as_bytes(), ImportOptions::new().lines(true), |_| {})?;
    Ok(())
}

/// Updates agents from this many tasks. Returns the updates per second. Every update changes its agent.
async fn updates(store: &Store, clients: u64, agents: u64) -> Result<u64, Box<dyn Error>> {
    let workspace = WorkspaceId::new("bench")?;
    let (count, start) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let tasks = (0..clients).map(|task| {
        let (store, count, workspace) = (store.clone(), Arc::clone(&count), workspace.clone());
        tokio::spawn(async move {
            let mut number = task ^ (u64::from(std::process::id()) << 32);
            while start.elapsed() < TIME {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let id = AgentId::new(format!("agent-{}", (number >> 33) % agents)).expect("a valid id");
                let update = UpdateAgent::new(LlmModel::Gpt5).name(format!("{number}"));
                match store.update(workspace.clone(), id, update, None).await {
                    Ok(Outcome::Changed(_)) => count.fetch_add(1, Ordering::Relaxed),
                    // It would be repeated.
                    Err(StoreError::Overloaded) => 0,
                    other => panic!("expected a change, found {other:?}"),
                };
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await?;
    }
    let rate = count.load(Ordering::Relaxed).saturating_mul(1000) / u64::try_from(start.elapsed().as_millis())?;
    store.close().await?;
    Ok(rate)
}
