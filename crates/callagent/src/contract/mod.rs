//! The call itself: the operation, its problems, and what goes with its bodies.

#[cfg(feature = "schema")]
mod examples;
pub(crate) mod ids;
pub(crate) mod operation;
#[cfg(feature = "schema")]
pub mod schemas;
#[cfg(test)]
mod second;
