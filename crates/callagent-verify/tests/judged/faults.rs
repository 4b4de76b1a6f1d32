//! Each fault is found by a case that names it. `cargo xtask measure faults` runs all cases on each of them.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use callagent_verify::{Outcome, Profile, cases};

use crate::{block_on, options, run, server::FAULTS, target};

/// The fault and the case that finds it, one pair per line.
const FOUND_BY: &str = include_str!("found-by.txt");

/// Faults that show only with an agent of another workspace, or in a workspace whose id has spaces.
const NOT_OBSERVABLE: [&str; 3] = ["accepts-foreign-key", "answers-404-to-foreign-key", "refuses-spaces-in-workspace"];

/// Faults that show only if the server requires no access key, since 403 is right with one.
const WITHOUT_KEY: [&str; 2] = ["forbids-foreign-agent", "reveals-foreign-agent"];

fn pairs() -> Vec<(&'static str, &'static str)> {
    FOUND_BY.lines().filter_map(|line| line.split_once(' ')).collect()
}

#[test]
fn every_fault_is_in_the_table() {
    let in_table: BTreeSet<_> = pairs().into_iter().map(|(fault, _)| fault).chain(NOT_OBSERVABLE).collect();
    let known: BTreeSet<_> = FAULTS.iter().map(|fault| fault.name).collect();
    assert_eq!(in_table, known, "found-by.txt has one line per fault");
}

#[test]
fn every_fault_is_found_by_its_case() {
    let (pairs, next) = (pairs(), AtomicUsize::new(0));
    let find = || {
        let mut missed = Vec::new();
        while let Some((name, id)) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let fault = FAULTS.iter().find(|fault| fault.name == *name);
            let case = cases().iter().find(|case| case.id() == *id).unwrap_or_else(|| panic!("there is no case {id}"));
            let options = options().profile(Profile::Strict);
            let has_key = !WITHOUT_KEY.contains(name);
            let (report, _) = block_on(run(target(fault, false, has_key), options, &[case]));
            let outcome = report.results.first().map(|result| &result.outcome);
            if outcome != Some(&Outcome::Failed) {
                missed.push(format!("{name} is not found by {id}: {outcome:?}"));
            }
        }
        missed
    };
    let missed: Vec<_> = thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(find));
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
