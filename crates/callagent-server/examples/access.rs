//! Measures how long 404 takes for an agent that exists in another workspace, next to one that exists nowhere, with and
//! without access keys, over HTTP; and the lookup of a key in the database. Run it with `--release`; the argument is the
//! number of requests of each kind.

use std::{
    error::Error,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use callagent::WorkspaceId;
use callagent_server::{Database, ImportOptions, KeySource, Server, ServerOptions, Store};

const REQUESTS: usize = 20_000;

/// The number of agents of the other workspace.
const AGENTS: usize = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let requests = std::env::args().nth(1).map_or(Ok(REQUESTS), |requests| requests.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    println!("{:<12}{:>18}{:>18}{:>10}", "", "elsewhere p50/p99", "nowhere p50/p99", "ratio");
    for has_keys in [false, true] {
        let database = Database::File(folder.path().join(format!("{has_keys}.sqlite")));
        let store = Store::open(&database, &KeySource::NextToDatabase)?;
        let agents: String = (0..AGENTS).map(|agent| format!("{{\"_id\": \"{agent:06}\"}}\n")).collect();
        let options = ImportOptions::new().lines(true);
        store.import(&WorkspaceId::new("other")?, "agents", agents.as_bytes(), options, |_| {})?;
        let mut text = String::new();
        let mut lookups = Vec::new();
        if has_keys {
            let key = runtime.block_on(store.grant_access_key(WorkspaceId::new("acme")?, "key".parse()?, None))?;
            key.expose().clone_into(&mut text);
            for _ in 0..requests {
                let start = Instant::now();
                runtime.block_on(store.find_access_key(key.digest()))?;
                lookups.push(start.elapsed());
            }
            lookups.sort_unstable();
        }
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let (server, stop) = Server::new(store, ServerOptions::new());
        let serving = runtime.spawn(server.serve(listener));
        let [elsewhere, nowhere] = measure(address, &text, requests)?;
        let shown = |times: &[Duration]| format!("{:?}/{:?}", percentile(times, 50), percentile(times, 99));
        let ratio = percentile(&elsewhere, 50).as_secs_f64() / percentile(&nowhere, 50).as_secs_f64();
        let name = if has_keys { "with keys" } else { "without" };
        println!("{name:<12}{:>18}{:>18}{ratio:>10.3}", shown(&elsewhere), shown(&nowhere));
        if has_keys {
            println!("a lookup: {}", shown(&lookups));
        }
        stop.stop();
        runtime.block_on(serving)??;
    }
    Ok(())
}

/// Sends requests of both kinds in turn, and returns their times in order of length.
fn measure(address: SocketAddr, key: &str, requests: usize) -> Result<[Vec<Duration>; 2], Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut times = [Vec::new(), Vec::new()];
    let mut answers = [String::new(), String::new()];
    for request in 0..requests {
        // Ids of one length, so that the requests have one length.
        let number = request * 7919 % AGENTS;
        // Neither kind always comes first.
        for turn in 0..2 {
            let kind = (request + turn) % 2;
            let (id, start) = (format!("{:06}", number + kind * AGENTS), Instant::now());
            let body = r#"{"llmModel":"gpt-5"}"#;
            write!(
                stream,
                "PUT /v1/api/agents/{id} HTTP/1.1\r\nhost: x\r\nx-workspace-id: acme\r\nx-api-key: {key}\r\n\
                 x-request-id: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )?;
            let mut answer = [0; 1024];
            let length = stream.read(&mut answer)?;
            times[kind].push(start.elapsed());
            let answer = str::from_utf8(&answer[..length])?;
            // The date is the same or a second later.
            answers[kind] = answer.lines().filter(|line| !line.starts_with("date:")).collect();
        }
        if answers[0] != answers[1] || !answers[0].starts_with("HTTP/1.1 404 ") {
            return Err(format!("expected the same answer twice, found {answers:?}").into());
        }
    }
    for times in &mut times {
        times.sort_unstable();
    }
    Ok(times)
}

fn percentile(times: &[Duration], percent: usize) -> Duration {
    times.get(times.len() * percent / 100).copied().unwrap_or_default()
}
