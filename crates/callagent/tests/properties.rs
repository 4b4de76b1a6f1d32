//! Properties that hold for every document: one verdict by every way to read it, exact reports, and the round trip.
//!
//! `CALLAGENT_CASES` sets how many documents each property is tried on, `PROPTEST_RNG_SEED` the seed.

use std::{collections::BTreeSet, env, fmt};

use callagent::{
    Agent, Code, Document, Reader, Report, UpdateAgent, check,
    declaration::{Constant, Direction, Object, Presence, Type},
    read,
    strategies::{Invalid, invalid_text, valid_json, valid_text},
};
use jsonschema::{Validator, error::ValidationErrorKind};
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{RngSeed, TestCaseResult, TestRunner},
};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

/// Tries a property on as many values as asked for, the same ones every time.
#[track_caller]
fn holds<S: Strategy>(strategy: S, property: impl Fn(S::Value) -> TestCaseResult) {
    let cases = env::var("CALLAGENT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    let mut config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let seed = config.rng_seed;
    if let Err(error) = TestRunner::new(config).run(&strategy, property) {
        panic!("PROPTEST_RNG_SEED={seed}: {error}");
    }
}

/// The tests of this file, once for each document.
macro_rules! for_each_document {
    ($($property:ident)+) => {
        mod update {
            $(#[test] fn $property() { super::$property::<callagent::UpdateAgent>(); })+
        }
        mod agent {
            $(#[test] fn $property() { super::$property::<callagent::Agent>(); })+
        }
    };
}

for_each_document! {
    valid_documents_are_read_alike
    invalid_documents_are_reported_exactly
    places_are_those_of_the_tokens
    reading_and_checking_report_the_same
    documents_survive_the_round_trip
    cut_texts_are_malformed_at_their_end
}
