//! `callagent serve`: the reference server.

mod arguments;
mod logging;

use std::io::{self, Write as _};

use callagent::UPDATE_AGENT;
use callagent_server::{ImportOptions, Server, Store};
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
    let store = open(arguments)?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Thread)?;
    runtime.block_on(serve(arguments, store))
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

async fn serve(arguments: &Arguments, store: Store) -> Result<Outcome, Failure> {
    let failed = |error| Failure::store(format!("cannot listen on {}: {error}", arguments.listen));
    let listener = TcpListener::bind(arguments.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    if !address.ip().is_loopback() {
        tracing::warn!("no access keys are checked, and the server listens beyond this machine");
    }
    let (server, stop) = Server::new(store, arguments.options());
    let mut signals = Signals::new();
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("stopping");
        stop.stop();
        signals.next().await;
        std::process::exit(interrupt::STATUS.into());
    });
    // Signals are handled from here on.
    tracing::info!("listening on http://{address}{}", UPDATE_AGENT.path.template());
    server.serve(listener).await.map_err(Failure::store)?;
    tracing::info!("stopped");
    Ok(Outcome::Well)
}
