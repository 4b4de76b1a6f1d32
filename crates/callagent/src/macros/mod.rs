//! The macros that state a contract: bounded numbers, vocabularies, objects, and the contract as a whole.
//!
//! Each declaration is the only statement of its rules. It expands to the Rust type, its walk by the rules, its
//! serialisation, and the data of [`model`](crate::model), from which schemas and messages come.

mod bounded;
mod contract;
mod object;
mod operation;
mod vocabulary;

pub(crate) use bounded::{bounded, number};
pub(crate) use contract::{contract, deserialize};
pub(crate) use object::{Named, application, apply, constructor, held, initial, object, presence, put, setter, taken};
pub(crate) use operation::{operation, parameters, problem_types, required};
pub(crate) use vocabulary::vocabulary;

/// The last of several expressions: an optional one after its substitute.
macro_rules! last {
    ($substitute:expr) => {
        $substitute
    };
    ($substitute:expr, $given:expr) => {
        $given
    };
}

macro_rules! direction {
    (request) => {
        $crate::model::Direction::Request
    };
    (response) => {
        $crate::model::Direction::Response
    };
}

pub(crate) use {direction, last};
