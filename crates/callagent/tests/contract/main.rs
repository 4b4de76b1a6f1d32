//! The tests of the contract, as a single program that is linked once.

mod apply;
mod bounds;
mod by_hand;
mod documented;
mod etags;
mod explanations;
mod fix;
mod fixtures;
mod ids;
mod layers;
mod leaves;
mod masks;
mod messages;
mod openapi;
mod parts;
mod problem;
mod properties;
mod report;
mod schemas;
mod serde;
mod util;
mod vectors;
