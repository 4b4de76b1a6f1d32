//! `callagent completions`: prints what makes a shell complete the command.

use std::io::{self, Write as _};

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::{Outcome, failure::Failure};

/// Print a script with which a shell completes this command.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Which shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut command = crate::Arguments::command();
    let name = command.get_name().to_owned();
    // The generator panics where it cannot write, so it does not write to standard output.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script).and_then(|()| out.flush()).map_err(Failure::Output)?;
    Ok(Outcome::Well)
}
