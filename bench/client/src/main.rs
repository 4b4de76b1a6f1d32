//! The overhead of the client per call, next to plain `reqwest`, against a server that always returns the same agent.

mod contestants;
mod server;
mod table;

use std::{
    error::Error,
    time::{Duration, Instant},
};

use clap::Parser;

use crate::contestants::{Contestant, contestants};

/// The numbers of concurrent calls.
const CONCURRENCY: [usize; 2] = [1, 64];

#[derive(Parser)]
struct Arguments {
    /// Run only the contestants whose name contains this, and the first one. Can be repeated.
    #[arg(long)]
    filter: Vec<String>,
    /// Leave out the first contestant unless a filter selects it.
    #[arg(long)]
    alone: bool,
    /// The number of rounds; 0 makes the untimed calls only, to count instructions.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// The number of calls of a contestant in a round.
    #[arg(long, default_value_t = 256)]
    calls: usize,
    /// Only this number of concurrent calls.
    #[arg(long)]
    concurrency: Option<usize>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    // The client enables TLS in `reqwest` without a provider, so a plain client needs one.
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "a provider is installed")?;
    let url = server::start()?;
    let selected = |index: usize, contestant: &Contestant| {
        arguments.filter.is_empty()
            || index == 0 && !arguments.alone
            || arguments.filter.iter().any(|filter| contestant.name.contains(filter))
    };
    let contestants: Vec<Contestant> = contestants(&url)?
        .into_iter()
        .enumerate()
        .filter_map(|(index, contestant)| selected(index, &contestant).then_some(contestant))
        .collect();
    let concurrency = arguments.concurrency.map_or(CONCURRENCY.to_vec(), |concurrency| vec![concurrency]);
    let measured: Vec<_> = concurrency
        .into_iter()
        .map(|concurrency| (concurrency, measure(&contestants, concurrency, &arguments)))
        .collect();
    table::print(&contestants, &measured);
    Ok(())
}

/// Times the contestants in turn: A B C … A B C …. Returns the seconds per call of each, by round.
fn measure(contestants: &[Contestant], concurrency: usize, arguments: &Arguments) -> Vec<Vec<f64>> {
    let calls = arguments.calls.div_ceil(concurrency);
    let mut times = vec![Vec::new(); contestants.len()];
    // Round 0 warms up.
    for round in 0..=arguments.rounds {
        for (contestant, times) in contestants.iter().zip(&mut times) {
            let start = Instant::now();
            (contestant.run)(concurrency, calls);
            if round > 0 {
                times.push(per_call(start.elapsed(), concurrency * calls));
            }
        }
    }
    times
}

fn per_call(time: Duration, calls: usize) -> f64 {
    time.as_secs_f64() / calls as f64
}
