//! The contract test of a server of the "Update Call Agent" call.

mod answer;
mod case;
mod cases;
mod client;
mod contract;
mod expectation;
mod judge;
mod known;
mod log;
mod options;
mod profile;
mod report;
mod request;
mod run;
mod session;
mod shrink;
mod target;

pub use answer::Answer;
pub use case::{Case, Group};
pub use cases::cases;
pub use contract::Sentence;
pub use log::{Exchange, Failure};
pub use options::Options;
pub use profile::Profile;
pub use report::{CaseResult, NOT_OBSERVABLE, Outcome, Report, Summary};
pub use request::Request;
pub use run::{Event, Record, Run, SetupError};
pub use target::{InvalidTarget, Target};
