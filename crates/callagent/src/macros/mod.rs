//! The macros that a declaration expands by.

mod operation;

pub(crate) use self::operation::{operation, parameters, problem_types, required};
