//! `callagent serve`: the reference server.

mod arguments;
mod logging;
mod reload;

use std::io::{self, Write as _};

use callagent::UPDATE_AGENT;
use callagent_server::{ImportOptions, Server, Store, Tls};
use tokio::{net::TcpListener, runtime};

pub(crate) use self::arguments::Arguments;
use crate::{Outcome, failure::Failure, import, interrupt, signals::Signals};

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mistakes = arguments.mistakes(&[]);
    if !mistakes.is_empty() {
        return Err(Failure::Mistakes(mistakes));
    }
    if arguments.show_config {
        io::stdout().write_all(arguments.settings()?.as_bytes()).map_err(Failure::Output)?;
        return Ok(Outcome::Well);
    }
    logging::install(arguments.log, arguments.log_format);
    // Best effort: without it, fewer connections are accepted.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let tls = arguments.tls()?;
    let store = open(arguments)?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Thread)?;
    runtime.block_on(serve(arguments, store, tls))
}

/// Opens the store, and imports the agents if there are any.
fn open(arguments: &Arguments) -> Result<Store, Failure> {
    let Some((workspace, files)) = arguments.agents()? else {
        let store = arguments.database.open()?;
        if let Some(file) = store.created_keys() {
            tracing::warn!("{}", import::created_keys(file));
        }
        return Ok(store);
    };
    let store = arguments.database.open_in_memory()?;
    let options = ImportOptions::new().lines(arguments.lines);
    for file in files {
        let count = import::import(&store, workspace, file, options)?.map_err(Failure::store)?;
        tracing::info!("{}", import::imported(count, file));
    }
    Ok(store)
}

async fn serve(arguments: &Arguments, store: Store, tls: Option<Tls>) -> Result<Outcome, Failure> {
    let has_keys = store.has_access_keys().await.map_err(Failure::store)?;
    arguments.check_exposure(has_keys)?;
    let failed = |error| Failure::store(format!("cannot listen on {}: {error}", arguments.listen));
    let listener = TcpListener::bind(arguments.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    if arguments.no_auth && !address.ip().is_loopback() {
        tracing::warn!("no access keys are checked, and the server listens beyond this machine");
    } else if arguments.no_auth && has_keys {
        tracing::warn!("no access keys are checked, although there are some");
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let mut options = arguments.options();
    if let Some(tls) = tls {
        reload::on_signal(tls.clone());
        options = options.tls(tls);
    }
    let (server, stop) = Server::new(store, options);
    let mut signals = Signals::new();
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("stopping");
        stop.stop();
        signals.next().await;
        std::process::exit(interrupt::STATUS.into());
    });
    // Signals are handled from here on.
    tracing::info!("listening on {scheme}://{address}{}", UPDATE_AGENT.path.template());
    server.serve(listener).await.map_err(Failure::store)?;
    tracing::info!("stopped");
    Ok(Outcome::Well)
}
