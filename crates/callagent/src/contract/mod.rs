//! The call itself: its documents, their rules, codes and identifiers.

mod advisories;
mod agent;
mod apply;
mod codes;
mod ids;
mod numbers;
mod parts;
mod update;
mod vocabularies;

pub use agent::{Agent, AgentGap, AgentSession, AgentSettings, AgentTts};
pub use codes::{Explanation, REFERENCE};
pub use ids::{AgentId, KEY_HEADER, WorkspaceId};
pub use numbers::{Attempts, Days, Fraction, Hours};
pub use parts::{contains_secret_name, is_secret_name};
pub use update::{Gap, SettingsUpdate, TtsUpdate, UpdateAgent};
pub use vocabularies::{AgentStatus, LlmModel, TtsProvider};
