//! `callagent man`: prints manual pages.

use std::io::{self, Write as _};

use clap::{Args, CommandFactory as _};
use clap_mangen::Man;

use crate::{Outcome, failure::Failure};

/// Print a manual page in roff format.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The subcommand to document, such as `serve` or `access grant`. If omitted, the page documents `callagent` itself.
    #[arg(num_args = 0..)]
    command: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut command = crate::Arguments::command();
    command.build();
    for name in &arguments.command {
        command = match command.find_subcommand(name) {
            Some(subcommand) => subcommand.clone(),
            None => return Err(Failure::Usage(format!("unknown command `{name}`"))),
        };
    }
    let mut out = io::stdout().lock();
    let source = concat!("callagent ", env!("CARGO_PKG_VERSION"));
    Man::new(command).source(source).render(&mut out).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}
