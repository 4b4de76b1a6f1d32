//! `callagent access`: the access keys of a database.

mod grant;
mod list;
mod revoke;

use std::io;

use clap::{Args, Subcommand};
use tokio::runtime;

use crate::{Outcome, failure::Failure};

/// Grant, list and revoke access keys, which callers send in `x-api-key`.
///
/// Once the database has had a key, `serve` requires one for every call. A running server may use the same database.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Grant(grant::Arguments),
    List(list::Arguments),
    Revoke(revoke::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let runtime = runtime::Builder::new_current_thread().build().map_err(Failure::Thread)?;
    match &arguments.command {
        Command::Grant(arguments) => runtime.block_on(grant::run(arguments)),
        Command::List(arguments) => runtime.block_on(list::run(arguments, &mut io::stdout().lock())),
        Command::Revoke(arguments) => runtime.block_on(revoke::run(arguments)),
    }?;
    Ok(Outcome::Well)
}
