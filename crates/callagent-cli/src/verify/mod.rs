//! `callagent verify`: the contract test of a running server.

mod arguments;
mod baseline;
mod configuration;
pub(crate) mod explain;
mod github;
mod human;
mod json;
mod junit;
mod list;
mod notice;
mod redact;
mod report;
mod safe;
mod sarif;
mod selection;
mod shown;

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    sync::Arc,
};

use callagent_verify::{Case, Event, Record, Run};
use tokio::{runtime, sync::Notify};

pub(crate) use self::arguments::Arguments;
use self::{
    arguments::{Format, Server},
    baseline::Baseline,
    notice::Plan,
    report::{Report, Totals},
    shown::{Shower, ShownCase},
};
use crate::{Outcome, failure::Failure, formats, interrupt, progress::Progress, signals::Signals};

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let selected = selection::select(&arguments.only, &arguments.skip)?;
    if arguments.list {
        let is_listed = list::write(&selected, arguments.format, &mut io::stdout().lock()).map_err(Failure::Output)?;
        let usage = || Failure::Usage("expected one of the formats human, json and ndjson with --list".to_owned());
        return is_listed.then_some(Outcome::Well).ok_or_else(usage);
    }
    let server = arguments.server()?;
    let baseline = arguments.baseline.as_deref().map(|file| Baseline::read(file, arguments.profile())).transpose()?;
    let replayed = match arguments.replayed()? {
        None => None,
        Some(text) => Some(notice::recorded(&text, &server.target, arguments.replay_file())?),
    };
    let runtime = runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Thread)?;
    let test = Test { arguments, server: &server, selected, replayed, baseline };
    runtime.block_on(test.run())
}

/// A test that can begin.
struct Test<'t> {
    arguments: &'t Arguments,
    server: &'t Server,
    selected: Vec<&'static Case>,
    /// The requests that are sent instead of those of the cases, and their number.
    replayed: Option<(Record, usize)>,
    baseline: Option<Baseline>,
}

impl Test<'_> {
    async fn run(self) -> Result<Outcome, Failure> {
        let Test { arguments, server: Server { configuration, redact, .. }, .. } = &self;
        let interruption = interruption();
        let run = self.start(&interruption).await?;
        let requests = self
            .replayed
            .as_ref()
            .map_or_else(|| self.selected.iter().map(|case| case.approximate_requests()).sum(), |(_, count)| *count);
        // Before the agent is changed.
        let file = arguments.record.as_deref().map(create).transpose()?;
        notice::print(configuration, &Plan { requests, latency: run.latency().max(arguments.interval()) });
        let mut collector = Collector {
            shower: Shower { configuration, redact, baseline: self.baseline.as_ref() },
            format: arguments.format,
            progress: Progress::of_cases(self.selected.len(), arguments.format == Format::Ndjson),
            cases: Vec::new(),
            failed: None,
            interruption: Arc::clone(&interruption),
        };
        let (report, record) = self.collect(run, &mut collector, &interruption).await;
        collector.progress.finish();
        if let Some(error) = collector.failed {
            return Err(Failure::Output(error));
        }
        let report = self.report(report, collector);
        write(&report, arguments).map_err(Failure::Output)?;
        if let (Some((file, path)), Some(record)) = (file, record) {
            let unwritable = |error| Failure::Unwritable { path: path.to_owned(), error };
            record.write(BufWriter::new(file)).map_err(unwritable)?;
        }
        if let Some(baseline) = &self.baseline {
            notice::print_fixed(&report.cases, baseline);
        }
        // A closed standard error leaves only the exit status.
        let _ = writeln!(io::stderr(), "{}", report.summary);
        match report.summary {
            Totals { interrupted: true, .. } => Err(Failure::Interrupted),
            summary if summary.regressions() > 0 => Ok(Outcome::Found),
            _ => Ok(Outcome::Well),
        }
    }

    async fn start(&self, interruption: &Notify) -> Result<Run, Failure> {
        let Server { target, redact, .. } = self.server;
        let started = tokio::select! {
            started = Run::start(target.clone(), self.arguments.options()) => started,
            () = interruption.notified() => return Err(Failure::Interrupted),
        };
        started.map_err(|error| Failure::Server(redact.text(&error.to_string())))
    }

    async fn collect(
        &self,
        run: Run,
        collector: &mut Collector<'_>,
        interruption: &Notify,
    ) -> (callagent_verify::Report, Option<Record>) {
        let observe = |event: Event<'_>| collector.observe(&event);
        if let Some((record, _)) = &self.replayed {
            (run.replay(record, observe, interruption.notified()).await, None)
        } else {
            let (report, record) = run.run(&self.selected, observe, interruption.notified()).await;
            (report, Some(record))
        }
    }

    fn report(&self, report: callagent_verify::Report, Collector { shower, cases, .. }: Collector<'_>) -> Report<'_> {
        let in_baseline = cases.iter().filter(|case| case.in_baseline).count();
        Report {
            configuration: &self.server.configuration,
            summary: Totals {
                counts: report.summary(),
                in_baseline: self.baseline.is_some().then_some(in_baseline),
                interrupted: report.is_interrupted,
                time: report.time,
            },
            not_observable: report.not_observable().collect(),
            left_behind: shower.agent(report.agent),
            cases,
        }
    }
}

/// Creates the file of requests.
fn create(path: &Path) -> Result<(File, &Path), Failure> {
    let file = File::create(path).map_err(|error| Failure::Unwritable { path: path.to_owned(), error })?;
    Ok((file, path))
}

/// Waits for a signal that ends the test. A second one exits.
fn interruption() -> Arc<Notify> {
    let interruption = Arc::new(Notify::new());
    let (mut signals, notify) = (Signals::new(), Arc::clone(&interruption));
    tokio::spawn(async move {
        signals.next().await;
        notify.notify_one();
        signals.next().await;
        std::process::exit(interrupt::STATUS.into());
    });
    interruption
}

/// Takes the results of a run.
struct Collector<'c> {
    shower: Shower<'c>,
    format: Format,
    progress: Progress,
    cases: Vec<ShownCase>,
    /// Why standard output could not be written.
    failed: Option<io::Error>,
    interruption: Arc<Notify>,
}

impl Collector<'_> {
    fn observe(&mut self, event: &Event<'_>) {
        match event {
            Event::Started(case) => self.progress.begin(case.id()),
            Event::Finished(result) => {
                let case = self.shower.case(result);
                self.progress.advance(1);
                if self.format == Format::Ndjson
                    && let Err(error) = json::write_case(&case, &mut io::stdout().lock())
                {
                    self.failed.get_or_insert(error);
                    self.interruption.notify_one();
                }
                self.cases.push(case);
            }
            _ => {}
        }
    }
}

fn write(report: &Report<'_>, arguments: &Arguments) -> io::Result<()> {
    let stdout = io::stdout().lock();
    let look = human::Look { colored: formats::colored(&stdout), verbose: arguments.verbose };
    let mut out = BufWriter::new(stdout);
    match arguments.format {
        Format::Human => human::write(report, look, &mut out)?,
        Format::Json => json::write(report, &mut out)?,
        Format::Ndjson => json::write_summary(report, &mut out)?,
        Format::Github => github::write(report, &mut out)?,
        Format::Sarif => sarif::write(report, &mut out)?,
        Format::Junit => junit::write(report, &mut out)?,
    }
    out.flush()
}
