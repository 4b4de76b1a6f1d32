//! Bad configuration: a clear line for each mistake, status 2, and nothing secret.

use std::{fs, net::TcpListener, process::Stdio};

use tempfile::TempDir;

use crate::program::{Serve, bare_command, database, succeed};

/// Mistakes in the arguments.
const ARGUMENTS: &[&[&str]] = &[
    &["--listen", "nonsense"],
    &["--listen", "127.0.0.1"],
    &["--listen", "127.0.0.1:65536"],
    &["--listen", "0.0.0.0:0"],
    &["--listen", "[::]:0"],
    &["--database", "postgres://user:SECRET@host/agents"],
    &["--database", "mysql://user:SECRET@host/agents"],
    &["--database", "postgres:/user:SECRET@host/agents"],
    &["--database", "postgres://user:SECR@ET@host/agents"],
    &["--database", "postgres://user:SECR%ET@host/agents", "--show-config"],
    &["--database", "postgres://user@host/agents?password=SECRET"],
    &["--database", "postgres://user@host/agents", "--show-config"],
    &["--database-url-file", "missing"],
    &["--database-url-file", "foreign"],
    &["--database-url-file", "empty", "--database", "agents.sqlite"],
    &["--database-url-file", "empty", "--agents", "agents.json", "--workspace", "acme"],
    &["--database", ""],
    &["--database", "missing/agents.sqlite"],
    &["--database", "."],
    &["--database", "foreign"],
    &["--database", "foreign.sqlite"],
    &["--encryption-keys", "missing"],
    &["--encryption-keys", "."],
    &["--encryption-keys", "empty"],
    &["--encryption-keys", "short.keys"],
    &["--encryption-keys", "nameless.keys"],
    &["--encryption-keys", "twice.keys"],
    &["--encryption-keys", "large.keys"],
    &["--encryption-keys", "other.keys"],
    &["--agents", "agents.json"],
    &["--agents", "missing.json", "--workspace", "acme"],
    &["--agents", "foreign", "--workspace", "acme"],
    &["--agents", "agents.json", "--workspace", "acme", "--database", "callagent.sqlite"],
    &["--agents", "agents.json", "--workspace", " acme"],
    &["--lines"],
    &["--fault", "nonsense"],
    &["--fault", "200=0.1"],
    &["--fault", "503=1.5"],
    &["--fault", "503=NaN"],
    &["--fault", "503=0.6", "--fault", "500=0.6"],
    &["--latency", "5"],
    &["--latency=-1s"],
    &["--latency", "9223372036854775807s"],
    &["--accept", "name=x"],
    &["--body-limit", "1048575"],
    &["--body-limit", "-1"],
    &["--memory-limit", "16777215"],
    &["--finding-limit", "0"],
    &["--max-connections", "0"],
    &["--max-connections", "18446744073709551616"],
    &["--head-timeout", "0s"],
    &["--body-timeout", "0ms"],
    &["--write-timeout", "0s"],
    &["--write-timeout", "61m"],
    &["--body-timeout", "51s"],
    &["--head-timeout", "soon"],
    &["--drain-timeout", "100000h"],
    &["--log", "loud"],
    &["--log-format", "xml"],
    &["--listne", "127.0.0.1:0"],
    &["--no-auth=yes"],
    &["--rate-limit", "10"],
    &["--rate-limit", "0/s"],
    &["--rate-limit", "10/d"],
    &["--rate-limit", "10/s,0"],
    &["agents.sqlite"],
    &["--listen", "a\nb\u{1b}[31m"],
];

/// Mistakes in the environment.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("LISTEN", "nonsense"),
    ("LISTEN", ""),
    ("DATABASE", "postgresql://user:SECRET@host/agents"),
    ("DATABASE", ""),
    ("ENCRYPTION_KEYS", "missing"),
    ("ENCRYPTION_KEYS", ""),
    ("WORKSPACE", "a\nINFO forged"),
    ("LOG", "loud"),
];

fn folder() -> TempDir {
    let folder = database();
    let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    for (name, text) in [
        ("agents.json", r#"{"_id": "agent_1"}"#),
        ("foreign", "not a database"),
        ("empty", "# no key\n\n"),
        ("short.keys", "a:U0VDUkVU\n"),
        ("nameless.keys", &format!("{key}\n")),
        ("twice.keys", &format!("a:{key}\nb:{key}\na:{key}\n")),
        ("large.keys", &"#".repeat(100_000)),
        ("other.keys", &format!("other:{key}\n")),
    ] {
        fs::write(folder.path().join(name), text).expect("the file is written");
    }
    let foreign = rusqlite::Connection::open(folder.path().join("foreign.sqlite")).expect("a database");
    foreign.execute_batch("CREATE TABLE agents (id TEXT)").expect("a table");
    // The database has a sealed value.
    let server = Serve::start(folder.path(), &[]);
    let tts = r#"{"provider": "11labs_byo", "elevenLabsApiKey": "SECRET"}"#;
    assert_eq!(server.put(&format!(r#"{{"llmModel": "gpt-5", "ttsModel": {tts}}}"#)).status, 200);
    server.stop();
    folder
}

/// Returns the message of a server that does not start, which is a single line.
fn refusal(folder: &TempDir, arguments: &[&str], environment: Option<(&str, &str)>) -> String {
    let message = refusals(folder, arguments, environment);
    assert_eq!(message.lines().count(), 1, "{arguments:?}: {message:?}");
    message
}

/// Returns the messages of a server that does not start.
fn refusals(folder: &TempDir, arguments: &[&str], environment: Option<(&str, &str)>) -> String {
    let mut command = bare_command(folder.path());
    command.arg("serve").args(arguments).stdin(Stdio::null());
    if !arguments.contains(&"--listen") && environment.is_none_or(|(name, _)| name != "LISTEN") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    if let Some((name, value)) = environment {
        command.env(format!("CALLAGENT_{name}"), value);
    }
    let output = command.output().expect("the command runs");
    let message = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{arguments:?} {environment:?}: {message}");
    assert!(message.lines().all(|line| line.starts_with("callagent: ")), "{arguments:?}: {message:?}");
    assert!(!message.contains("SECRET") && output.stdout.is_empty(), "{arguments:?}: {message}");
    let root = folder.path().canonicalize().expect("a path");
    message.replace(root.to_str().expect("UTF-8"), "FOLDER")
}

#[test]
fn each_mistake_is_a_clear_line() {
    let folder = folder();
    let mut messages = String::new();
    for arguments in ARGUMENTS {
        let message = refusal(&folder, arguments, None);
        messages += &format!("{}\n    {message}", arguments.join(" ").escape_debug());
    }
    for (name, value) in ENVIRONMENT {
        let message = refusal(&folder, &[], Some((*name, *value)));
        messages += &format!("CALLAGENT_{name}={}\n    {message}", value.escape_debug());
    }
    fs::remove_file(folder.path().join("callagent.sqlite.keys")).expect("the keys are removed");
    let message = refusal(&folder, &[], None);
    messages += &format!("the keys are gone\n    {message}");
    // The id of a key is random.
    insta::assert_snapshot!(without_ids(&messages));
}

/// Replaces the ids of generated keys.
fn without_ids(messages: &str) -> String {
    let marker = "encrypted with the key `";
    let mut parts = messages.split(marker);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + marker + "ID" + &part[part.find('`').unwrap_or_default()..])
}

#[test]
fn an_address_in_use_is_a_clear_line() {
    let folder = database();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let message = refusal(&folder, &["--listen", &address], None).replace(&address, "ADDRESS");
    assert!(message.starts_with("callagent: cannot listen on ADDRESS: Address already in use"), "{message}");
}

#[test]
fn a_wrong_key_is_a_clear_line() {
    let folder = folder();
    let path = folder.path().join("callagent.sqlite.keys");
    let keys = fs::read_to_string(&path).expect("the keys");
    let id = keys.lines().find_map(|line| line.split_once(':').filter(|_| !line.starts_with('#'))).expect("a key").0;
    fs::write(&path, format!("{id}:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n")).expect("the file is written");
    let message = refusal(&folder, &[], None).replace(id, "ID");
    assert_eq!(
        message,
        "callagent: the encryption key `ID` is not the key of that id that values in the database \
         `FOLDER/callagent.sqlite` are encrypted with\n"
    );
}

/// Arguments that show where the configuration has their values.
const SHOWN: [&str; 12] = [
    "serve",
    "--show-config",
    "--fault",
    "503=0.1",
    "--log",
    "warn",
    "--rate-limit",
    "600/m,20",
    "--tls-cert",
    "missing.pem",
    "--tls-key",
    "missing.key",
];

#[test]
fn the_configuration_is_shown_without_an_effect() {
    let folder = TempDir::new().expect("a temporary folder");
    let (shown, _) = succeed(folder.path(), &SHOWN, "");
    insta::assert_snapshot!(shown);
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 0);
}

/// A file of settings, flags and a variable.
type Case = (&'static str, &'static [&'static str], Option<(&'static str, &'static str)>);

/// Files of settings, each with flags and a variable.
const FILES: &[Case] = &[
    (
        "",
        &["--head-timeout", "59s", "--max-connections", "0", "--write-timeout=0s", "--fault", "1=1"],
        Some(("LOG", "loud")),
    ),
    ("body-limit = 10\nmax-connections = 0", &[], None),
    // What depends on an invalid value is not a mistake of its own.
    ("memory-limit = 'x'\nbody-limit = 999999999", &[], None),
    ("memory-limit = 7\nhead-timeout = '59s'\nfault = ['503=0.7', '500=0.7']", &[], None),
    (
        "no-auth = 1\ntolerant = 'true'\naccept = 'x'\nfault = [true]\nlog = ['warn']\nlatency = 1979-05-27\ncolor = 'red'",
        &[],
        None,
    ),
    ("[limits]\nmax-connections = 1\n", &[], None),
    ("config = 'other.toml'\nhelp = true\nversion = true", &[], None),
    ("log = \"\nlisten = ", &[], None),
    ("log = 'warn'\nlog = 'info'", &[], None),
    ("log = 'a\\nb\u{1b}[31m'", &[], None),
    ("log = \"a\\u001B[31m\"", &[], None),
    ("database = 'postgres://user:SECRET@host/agents'", &[], None),
];

#[test]
fn all_mistakes_are_reported_at_once() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut messages = String::new();
    for (text, arguments, environment) in FILES {
        fs::write(folder.path().join("callagent.toml"), text).expect("the file is written");
        let message = refusals(&folder, &[*arguments, &["--config", "callagent.toml"]].concat(), *environment);
        messages += &format!("{}\n{message}\n", [text.escape_debug().to_string(), arguments.join(" ")].join(" "));
    }
    for (arguments, environment) in [(&["--config", "missing.toml"][..], None), (&[], Some(("CONFIG", "missing.toml")))]
    {
        messages += &refusal(&folder, arguments, environment);
    }
    insta::assert_snapshot!(messages);
}

/// Flags replace the environment, and the environment replaces the file.
#[test]
fn a_file_has_settings() {
    let folder = TempDir::new().expect("a temporary folder");
    let text = "listen = '127.0.0.1:1'\nlog = 'error'\nmax-connections = 7\nfault = ['503=0.1', '500=0.1']\nno-auth = true\n\
                tolerant = false\naccept = ['llmModel=a', 'llmModel=b']\nlatency = '1s'\ndatabase = 'file.sqlite'";
    fs::write(folder.path().join("callagent.toml"), text).expect("the file is written");
    let mut command = bare_command(folder.path());
    command.args(["serve", "--show-config", "--listen", "127.0.0.1:3", "--fault", "504=0.2"]);
    command
        .env("CALLAGENT_CONFIG", "callagent.toml")
        .env("CALLAGENT_LISTEN", "127.0.0.1:2")
        .env("CALLAGENT_LOG", "warn");
    let shown = String::from_utf8(command.output().expect("it runs").stdout).expect("UTF-8");
    for expected in [
        "config = callagent.toml",
        "listen = 127.0.0.1:3",
        "log = warn",
        "max-connections = 7",
        "fault = 504=0.2",
        "no-auth = true",
        "tolerant = false",
        "accept = llmModel=a llmModel=b",
        "latency = 1s",
        "database = file.sqlite",
    ] {
        assert!(shown.lines().any(|line| line == expected), "{expected}: {shown}");
    }
}
