//! The contract of the call: the operation, its documents, rules, codes and identifiers.

mod accepted;
mod advisories;
mod agent;
mod apply;
mod codes;
#[cfg(feature = "schema")]
mod examples;
mod ids;
mod keys;
mod kind;
mod numbers;
mod operation;
mod parts;
pub mod published;
mod response;
#[cfg(feature = "schema")]
pub mod schemas;
#[cfg(test)]
mod second;
mod update;
mod vocabularies;

pub use accepted::{AcceptedValue, InvalidAcceptedValue};
pub use agent::{Agent, AgentGap, AgentSession, AgentSettings, AgentTts};
pub use codes::{Explanation, REFERENCE, UnknownCode};
pub use ids::{ACCESS_KEY_HEADER, AgentId, WorkspaceId};
pub use keys::{ElevenLabsKey, KeyChange};
pub use kind::{DocumentKind, UnknownKind};
pub use numbers::{Attempts, Days, Fraction, Hours};
pub use operation::{UPDATE_AGENT, UnknownProblemType};
pub use response::AgentResponse;
pub use update::{Gap, SettingsUpdate, TtsUpdate, UpdateAgent};
pub use vocabularies::{AgentStatus, LlmModel, TtsProvider};
