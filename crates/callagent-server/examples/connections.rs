//! Measures the memory of `callagent serve` with many idle connections, plain and with TLS. Run it with `--release` on Linux;
//! the arguments are the program, a certificate for `localhost`, that of its authority, its key, all as PEM, and the number of
//! connections.

use std::{
    error::Error,
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};
use tokio_rustls::TlsConnector;

type Failure = Box<dyn Error + Send + Sync>;

/// What each connection does before it is idle.
#[derive(Clone, Copy)]
enum Use {
    Nothing,
    Request,
    HalfAHead,
}

const USES: [(&str, Use); 3] =
    [("nothing sent", Use::Nothing), ("after one call", Use::Request), ("half a head sent", Use::HalfAHead)];

const HEAD: &str = "PUT /v1/api/agents/a1 HTTP/1.1\r\nHost: localhost\r\nx-workspace-id: acme\r\n";
const REST: &str = "Content-Type: application/json\r\nContent-Length: 21\r\n\r\n{\"llmModel\": \"gpt-5\"}";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [program, certificate, authority, key, count] = &*arguments else {
        return Err("expected PROGRAM CERTIFICATE AUTHORITY KEY COUNT".into());
    };
    let count: u64 = count.parse()?;
    let tls = connector(Path::new(authority))?;
    println!("| connections | plain | TLS |\n| --- | ---: | ---: |");
    for (name, r#use) in USES {
        let mut row = format!("| {count}, {name} |");
        for tls in [None, Some(&tls)] {
            let files = tls.map(|_| (certificate.as_str(), key.as_str()));
            let (before, after) = measure(program, files, tls, r#use, count).await?;
            let each = after.saturating_sub(before) / count;
            row += &format!(" {} MB ({each} kB each) |", after / 1000);
        }
        println!("{row}");
    }
    Ok(())
}

fn connector(authority: &Path) -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority)?)?;
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// A server that is ended when it is dropped.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended.
        let _ = (self.0.kill(), self.0.wait());
    }
}

/// Returns the resident memory in kB without connections and with them.
async fn measure(
    program: &str,
    files: Option<(&str, &str)>,
    tls: Option<&TlsConnector>,
    r#use: Use,
    count: u64,
) -> Result<(u64, u64), Failure> {
    let folder = tempfile::tempdir()?;
    let agents = folder.path().join("agents.json");
    fs::write(&agents, r#"{"_id": "a1"}"#)?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = Command::new(program);
    command.args(["serve", "--log", "warn", "--workspace", "acme", "--head-timeout", "59s", "--body-timeout", "1s"]);
    command.args(["--max-connections", "100000", "--listen", &address.to_string(), "--agents"]).arg(agents);
    if let Some((certificate, key)) = files {
        command.args(["--tls-cert", certificate, "--tls-key", key]);
    }
    let served = Served(command.stdout(Stdio::null()).spawn()?);
    for _ in 0..200 {
        if TcpStream::connect(address).await.is_ok() {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    // The first connections need what all of them share.
    let first = open(address, tls, Use::Request, 100).await?;
    drop(first);
    sleep(Duration::from_millis(500)).await;
    let before = kilobytes(&served)?;
    let connections = open(address, tls, r#use, count).await?;
    sleep(Duration::from_millis(500)).await;
    let after = kilobytes(&served)?;
    drop(connections);
    Ok((before, after))
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

async fn open(
    address: SocketAddr,
    tls: Option<&TlsConnector>,
    r#use: Use,
    count: u64,
) -> Result<Vec<Box<dyn Stream>>, Failure> {
    let mut connections = Vec::new();
    for _ in 0..count {
        let stream = TcpStream::connect(address).await?;
        let mut stream: Box<dyn Stream> = match tls {
            Some(tls) => Box::new(tls.connect(ServerName::try_from("localhost")?, stream).await?),
            None => Box::new(stream),
        };
        let sent = match r#use {
            Use::Nothing => String::new(),
            Use::Request => [HEAD, REST].concat(),
            Use::HalfAHead => HEAD.to_owned(),
        };
        stream.write_all(sent.as_bytes()).await?;
        stream.flush().await?;
        if matches!(r#use, Use::Request) {
            let mut answer = [0; 4096];
            let length = stream.read(&mut answer).await?;
            if !answer[..length].starts_with(b"HTTP/1.1 200") {
                return Err("a call failed".into());
            }
        }
        connections.push(stream);
    }
    Ok(connections)
}

fn kilobytes(served: &Served) -> Result<u64, Failure> {
    let status = fs::read_to_string(format!("/proc/{}/status", served.0.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
