//! What survives: killed servers and full disks.

use std::{
    collections::HashMap,
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    client::Request,
    program::{Serve, command, import},
};

/// The number of kills; a thousand by hand.
const KILLS: &str = "CALLAGENT_TEST_KILLS";

/// Agents with a counter as their name, each counted up by a client of its own.
const AGENTS: [&str; 16] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"];

/// The agents to import.
pub(crate) fn counters() -> String {
    AGENTS.iter().map(|id| format!(r#"{{"_id": "{id}", "name": "0"}}{}"#, "\n")).collect()
}

fn request(agent: &'static str, number: Option<u64>) -> Request {
    let name = number.map(|number| format!(r#", "name": "{number}""#)).unwrap_or_default();
    Request { segment: agent, ..Request::valid().body(format!(r#"{{"llmModel": "gpt-5"{name}}}"#)) }
}

/// Reads the counters with updates that change nothing.
pub(crate) fn read(server: &Serve) -> HashMap<&'static str, u64> {
    let mut connection = server.connect();
    let mut read = |agent| {
        let answer = connection.send(&request(agent, None));
        assert_eq!(answer.status, 200, "{answer:?}");
        let agent: Value = serde_json::from_str(&answer.body).expect("an agent");
        agent["name"].as_str().and_then(|name| name.parse().ok()).expect("a number")
    };
    AGENTS.iter().map(|agent| (*agent, read(agent))).collect()
}

/// Counts up until the server answers no more. Returns the last acknowledged number, and the last status.
pub(crate) fn count(server: &Serve, agent: &'static str, start: u64, total: &AtomicU64) -> (u64, u16) {
    let mut connection = server.connect();
    let mut acknowledged = start;
    loop {
        let sent = connection.try_write(&request(agent, Some(acknowledged + 1)).to_bytes());
        match connection.try_answer(false).filter(|_| sent) {
            Some(answer) if answer.status == 200 => acknowledged += 1,
            Some(answer) => return (acknowledged, answer.status),
            None => return (acknowledged, 0),
        }
        total.fetch_add(1, Ordering::Relaxed);
    }
}

/// Returns how often to kill.
pub(crate) fn kills() -> u64 {
    std::env::var(KILLS).map_or(5, |kills| kills.parse().expect("a number"))
}

#[test]
fn acknowledged_updates_survive_kills() {
    let kills = kills();
    let folder = TempDir::new().expect("a temporary folder");
    import(folder.path(), &counters());
    let total = &AtomicU64::new(0);
    for kill in 0..kills {
        let server = &Serve::start(folder.path(), &[]);
        let start = read(server);
        let last: Vec<_> = thread::scope(|scope| {
            let clients: Vec<_> = start
                .iter()
                .map(|(&agent, &start)| scope.spawn(move || (agent, count(server, agent, start, total).0)))
                .collect();
            // At any moment under load.
            thread::sleep(Duration::from_millis(50 + kill * 37 % 100));
            server.signal("KILL");
            clients.into_iter().map(|client| client.join().expect("a client")).collect()
        });
        let server = Serve::start(folder.path(), &[]);
        let after = read(&server);
        for (agent, least) in last {
            // The update after it may have been on its way.
            assert!((least..=least + 1).contains(&after[agent]), "{agent} has {} after {least}", after[agent]);
        }
        server.kill();
    }
    let total = total.load(Ordering::Relaxed);
    println!("{kills} kills, {total} acknowledged updates");
    assert!(total > kills, "the clients did not come to work");
}

/// A server whose commit fails answers 503, and ends with a message. Nothing that was acknowledged is lost.
#[test]
fn a_full_disk_ends_the_server() {
    let folder = TempDir::new().expect("a temporary folder");
    import(folder.path(), &counters());
    let serve = command(folder.path(), &[]);
    let mut shell = Command::new("sh");
    // Files may have some 100 KiB, and a write beyond fails instead of ending the process.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""]).arg(serve.get_program());
    shell.args(serve.get_args()).current_dir(folder.path());
    let server = Serve::spawn(shell);
    let total = &AtomicU64::new(0);
    let last: Vec<_> = thread::scope(|scope| {
        let clients: Vec<_> =
            AGENTS.iter().map(|agent| scope.spawn(|| (*agent, count(&server, agent, 0, total)))).collect();
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let statuses: Vec<_> = last.iter().map(|(_, (_, status))| *status).collect();
    assert!(statuses.contains(&503) && statuses.iter().all(|status| [0, 503].contains(status)), "{statuses:?}");
    let ended = server.wait();
    assert_eq!(ended.status, Some(2), "{}", ended.log);
    let last_line = ended.log.lines().last().unwrap_or_default();
    assert!(last_line.starts_with("callagent: the store has failed and must be opened again: "), "{}", ended.log);

    let server = Serve::start(folder.path(), &[]);
    let after = read(&server);
    for (agent, (least, _)) in last {
        assert!((least..=least + 1).contains(&after[agent]), "{agent} has {} after {least}", after[agent]);
    }
}
