//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    callagent_cli::run()
}
