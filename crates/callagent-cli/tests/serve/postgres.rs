//! `callagent serve` on PostgreSQL, as several processes on a database.

use std::{collections::HashMap, fs, sync::atomic::AtomicU64, thread, time::Duration};

use tempfile::TempDir;

use crate::{
    client::Request,
    cluster::{PASSWORD, cluster, execute},
    durability::{count, counters, kills, read},
    histories::assert_linear,
    program::{Serve, bare_command, command, import_into, succeed},
};

/// The database and its keys, as arguments.
const DATABASE: [&str; 4] = ["--database-url-file", "url", "--encryption-keys", "keys"];

const KEYS: &str = "key-1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n";

/// Ends all connections to a database but the own one.
const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// A folder with the URL of a new database and its keys, and the URL.
fn database(agents: &str) -> Option<(TempDir, String)> {
    let url = cluster()?.create(&[]);
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("url"), format!("{url}\n")).expect("the file is written");
    fs::write(folder.path().join("keys"), KEYS).expect("the file is written");
    import_into(folder.path(), &DATABASE, agents);
    Some((folder, url))
}

#[test]
fn agents_are_served_exported_and_kept() {
    let Some((folder, url)) = database(r#"{"_id": "agent_1"}"#) else { return };
    let server = Serve::start(folder.path(), &DATABASE);
    let tts = r#"{"provider": "11labs_byo", "elevenLabsApiKey": "sk_c0ffee5ec2e"}"#;
    let update = format!(r#"{{"llmModel": "gpt-5", "name": "Front desk", "ttsModel": {tts}}}"#);
    let (first, again) = (server.put(&update), server.put(&update));
    assert_eq!((first.status, first.header("etag"), &first.body), (200, again.header("etag"), &again.body));
    let ended = server.stop();
    assert_eq!(ended.status, Some(0), "{}", ended.log);
    assert!(!ended.log.contains(PASSWORD) && !ended.log.contains("c0ffee"), "{}", ended.log);
    // The servers of tests do not sync.
    let warnings: Vec<_> =
        ended.log.lines().filter_map(|line| line.split_once("WARN ").map(|(_, text)| text)).collect();
    assert_eq!(warnings, ["the setting `fsync` of the database is `off`: a crash can lose or damage answered updates"]);

    let server = Serve::spawn({
        let mut command = command(folder.path(), &["--encryption-keys", "keys"]);
        command.env("CALLAGENT_DATABASE", &url);
        command
    });
    assert_eq!(server.put(&update).header("etag"), first.header("etag"));
    let (exported, _) = succeed(folder.path(), &[&["export", "--workspace", "acme"], &DATABASE[..2]].concat(), "");
    assert!(exported.contains("Front desk") && exported.contains("enc:v1:key-1:"), "{exported}");
    let (revealed, _) =
        succeed(folder.path(), &[&["export", "--workspace", "acme", "--reveal-keys"], &DATABASE[..]].concat(), "");
    assert!(revealed.contains("sk_c0ffee5ec2e"), "{revealed}");
    let (shown, _) = succeed(folder.path(), &[&["serve", "--show-config"], &DATABASE[..]].concat(), "");
    let shown_url = url.replace(&format!(":{PASSWORD}"), "");
    assert!(shown.contains(&format!("database = {shown_url}\nencryption-keys = keys\n")), "{shown}");
}

#[test]
fn passwords_are_refused_as_arguments() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("url"), "postgres://callagent:needle@127.0.0.1:1/agents")
        .expect("the file is written");
    fs::write(folder.path().join("keys"), KEYS).expect("the file is written");
    let visible = "callagent: other users can see the password of the database in the arguments; set CALLAGENT_DATABASE \
                   or use --database-url-file instead; for more information, try `callagent help`\n";
    let keys = "callagent: a PostgreSQL database requires --encryption-keys, the same file for all servers; create one \
                with `(umask 077; echo \"key-1:$(head -c 32 /dev/urandom | base64)\" > FILE)`; for more information, try \
                `callagent help`\n";
    for (arguments, expected) in [
        (&["--database", "postgres://callagent:needle@127.0.0.1:1/agents"][..], visible),
        (&["--database=postgres://callagent:needle@127.0.0.1:1/agents"], visible),
        (&["--database", "postgres://callagent@127.0.0.1:1/agents"], keys),
        (&DATABASE[..2], keys),
    ] {
        for subcommand in [&["serve"][..], &["import", "--workspace", "acme", "-"]] {
            let mut command = bare_command(folder.path());
            let output = command.args(subcommand).args(arguments).output().expect("the command runs");
            let message = String::from_utf8(output.stderr).expect("UTF-8");
            assert_eq!((output.status.code(), message.as_str()), (Some(2), expected), "{subcommand:?} {arguments:?}");
        }
    }
    let output = bare_command(folder.path()).arg("serve").args(DATABASE).output().expect("the command runs");
    let message = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(message.starts_with("callagent: cannot open the database `postgres://callagent@127.0.0.1:1/agents`: "));
    assert!(message.contains("Connection refused") && !message.contains("needle"), "{message}");
}

/// A server outlives its database.
#[test]
fn a_database_that_is_gone_is_503_and_comes_back() {
    let Some((folder, url)) = database(r#"{"_id": "agent_1"}"#) else { return };
    let server = Serve::start(folder.path(), &DATABASE);
    server.assert_serving();
    let (start, name) = url.rsplit_once('/').expect("a name");
    let admin = format!("{start}/postgres");
    let allow = |is_allowed: bool| execute(&admin, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {is_allowed}"));
    allow(false).expect("no further connections");
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    execute(&admin, &end).expect("the backends end");
    let answer = server.put(r#"{"llmModel": "gpt-5"}"#);
    assert!(answer.status == 503 && answer.header("retry-after").is_some(), "{answer:?}");
    answer.problem();
    let ready = Request { method: "GET", prefix: "/readyz", segment: "", ..Request::valid().body("") };
    let readiness = server.send(&ready);
    assert_eq!(readiness.status, 503);
    assert!(readiness.body.contains("is not currently accepting connections"), "{readiness:?}");
    allow(true).expect("connections");
    assert_eq!(server.send(&ready).status, 204);
    server.assert_serving();
    let ended = server.stop();
    assert!(ended.status == Some(0) && !ended.log.contains(PASSWORD), "{}", ended.log);
}

#[test]
fn histories_of_two_servers_are_linear() -> Result<(), String> {
    let Some((folder, _)) = database(r#"{"_id": "agent_1"}"#) else { return Ok(()) };
    assert_linear(&[Serve::start(folder.path(), &DATABASE), Serve::start(folder.path(), &DATABASE)])
}

/// Two servers serve each agent in turn. One of them is killed, or all backends are ended, at any moment under load.
#[test]
fn acknowledged_updates_survive_kills_of_servers_and_backends() {
    let Some((folder, url)) = database(&counters()) else { return };
    let total = &AtomicU64::new(0);
    for kill in 0..kills() {
        let servers = &[Serve::start(folder.path(), &DATABASE), Serve::start(folder.path(), &DATABASE)];
        let start = read(&servers[0]);
        let last: HashMap<_, _> = thread::scope(|scope| {
            let clients: Vec<_> = start
                .iter()
                .enumerate()
                .map(|(number, (&agent, &start))| {
                    let server = &servers[number % 2];
                    scope.spawn(move || (agent, count(server, agent, start, total).0))
                })
                .collect();
            thread::sleep(Duration::from_millis(50 + kill * 37 % 100));
            servers[0].signal("KILL");
            execute(&url, END).expect("the backends end");
            thread::sleep(Duration::from_millis(50));
            servers[1].signal("KILL");
            clients.into_iter().map(|client| client.join().expect("a client")).collect()
        });
        let server = Serve::start(folder.path(), &DATABASE);
        let after = read(&server);
        for (agent, least) in last {
            // The update after it may have been on its way.
            assert!((least..=least + 1).contains(&after[agent]), "{agent} has {} after {least}", after[agent]);
        }
        server.assert_ready();
    }
    assert!(total.load(std::sync::atomic::Ordering::Relaxed) > kills(), "the clients did not come to work");
}
