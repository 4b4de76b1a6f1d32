//! How far the work is: a bar on a terminal, and Ctrl-C, which ends the work after what is under way.

use std::{
    fs,
    io::{self, IsTerminal as _},
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::input;

const TEMPLATE: &str = "{bar:30} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
const TEMPLATE_WITHOUT_END: &str = "{bytes}, {bytes_per_sec}";

/// What a shell takes for the status of a command that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

pub(crate) struct Progress {
    bar: ProgressBar,
    interrupted: Arc<AtomicBool>,
}

impl Progress {
    /// Shows how far the paths are read, where standard error is a terminal and the report does not go there as well.
    pub(crate) fn of(paths: &[String]) -> Self {
        let progress = Progress::hidden();
        let interrupted = Arc::clone(&progress.interrupted);
        // Without a handler Ctrl-C ends the command at once, which is no harm.
        let _ = ctrlc::set_handler(move || {
            if interrupted.swap(true, Ordering::Relaxed) {
                process::exit(INTERRUPTED);
            }
        });
        if !io::stderr().is_terminal() || io::stdout().is_terminal() {
            return progress;
        }
        let sizes = input::files(paths).map(|file| fs::metadata(file.ok()?).ok().map(|file| file.len()));
        let total = sizes.sum::<Option<u64>>().filter(|_| !paths.iter().any(|path| path == input::STDIN));
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let template = if total.is_some() { TEMPLATE } else { TEMPLATE_WITHOUT_END };
        Progress { bar: bar.with_style(style(template)), ..progress }
    }

    /// Shows nothing.
    pub(crate) fn hidden() -> Self {
        Progress { bar: ProgressBar::hidden(), interrupted: Arc::default() }
    }

    pub(crate) fn advance(&self, bytes: usize) {
        self.bar.inc(bytes as u64);
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
