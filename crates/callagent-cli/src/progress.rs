//! A progress bar on the terminal.

use std::{
    fs,
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::input;

const TEMPLATE: &str = "{bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
#[cfg(feature = "verify")]
const TEMPLATE_OF_CASES: &str = "{bar:30} {pos}/{len}, {elapsed}, {msg}";
#[cfg(feature = "server")]
const TEMPLATE_OF_COUNT: &str = "{pos} {msg}, {per_sec}";
#[cfg(feature = "compat")]
const TEMPLATE_OF_COMPARISON: &str = "{bar:30} {pos}/{len} parts, {elapsed}";
const TEMPLATE_WITHOUT_END: &str = "{bytes}, {bytes_per_sec}";

pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Shows the progress of reading the paths if standard error is a terminal and standard output is not.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        if !io::stderr().is_terminal() || io::stdout().is_terminal() {
            return Progress::hidden();
        }
        let sizes = input::files(paths).map(|file| fs::metadata(file.ok()?).ok().map(|file| file.len()));
        let total = sizes.sum::<Option<u64>>().filter(|_| !paths.iter().any(|path| input::is_stdin(path)));
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let template = if total.is_some() { TEMPLATE } else { TEMPLATE_WITHOUT_END };
        Progress { bar: bar.with_style(style(template)) }
    }

    /// Shows the progress of cases if standard error is a terminal, unless their results appear on it as well.
    #[cfg(feature = "verify")]
    pub(crate) fn of_cases(count: usize, are_printed: bool) -> Self {
        if !io::stderr().is_terminal() || (are_printed && io::stdout().is_terminal()) {
            return Progress::hidden();
        }
        Progress { bar: ProgressBar::new(count as u64).with_style(style(TEMPLATE_OF_CASES)) }
    }

    /// Shows how much of a comparison is done if standard error is a terminal.
    #[cfg(feature = "compat")]
    pub(crate) fn of_comparison() -> Self {
        if !io::stderr().is_terminal() {
            return Progress::hidden();
        }
        Progress { bar: ProgressBar::no_length().with_style(style(TEMPLATE_OF_COMPARISON)) }
    }

    /// Shows a number of things and their total.
    #[cfg(feature = "compat")]
    pub(crate) fn set_of(&self, count: usize, total: usize) {
        self.bar.set_length(total as u64);
        self.bar.set_position(count as u64);
    }

    /// Shows a growing number of things if standard error is a terminal.
    #[cfg(feature = "server")]
    pub(crate) fn counting(things: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Progress::hidden();
        }
        let bar = ProgressBar::no_length().with_style(style(TEMPLATE_OF_COUNT));
        Progress { bar: bar.with_message(things) }
    }

    /// Shows a number of things.
    #[cfg(feature = "server")]
    pub(crate) fn set(&self, count: u64) {
        self.bar.set_position(count);
    }

    /// Names the case that is run.
    #[cfg(feature = "verify")]
    pub(crate) fn begin(&self, case: String) {
        self.bar.set_message(case);
    }

    /// Shows nothing.
    pub(crate) fn hidden() -> Self {
        Progress { bar: ProgressBar::hidden() }
    }

    /// Advances by a number of bytes or of cases.
    pub(crate) fn advance(&self, count: usize) {
        self.bar.inc(count as u64);
    }

    /// Shows the progress of reading an input.
    #[cfg(feature = "server")]
    pub(crate) fn read<R: io::Read>(&self, input: R) -> impl io::Read {
        self.bar.wrap_read(input)
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
