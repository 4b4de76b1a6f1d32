//! Macros for the model: bounded numbers, vocabularies, objects, operations, and the contract as a whole.
//!
//! Each rule is stated once, in a macro. It expands to the Rust type, its decoding and serialization, and the data of
//! [`model`](crate::model), from which schemas and messages derive.

mod bounded;
mod contract;
mod object;
mod operation;
mod vocabulary;

pub(crate) use bounded::{bounded, number};
pub(crate) use contract::{contract, deserialize};
pub(crate) use object::{
    Named, application, apply, constructor, field_type, from_slot, initial, object, presence, put, setter,
};
pub(crate) use operation::{operation, parameters, problem_types, required};
pub(crate) use vocabulary::vocabulary;

/// Expands to the last of several expressions: an optional one or its default.
macro_rules! last {
    ($default:expr) => {
        $default
    };
    ($default:expr, $value:expr) => {
        $value
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
