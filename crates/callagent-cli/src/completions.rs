//! `callagent completions`: prints shell completion scripts.

use std::io::{self, Write as _};

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::{Outcome, failure::Failure};

/// Print a shell completion script.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The shell to complete in.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut command = crate::Arguments::command();
    let name = command.get_name().to_owned();
    // The generator panics on write errors, so it writes to memory first.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}
