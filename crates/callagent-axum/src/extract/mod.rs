//! The extractors, one per file: the pieces of a call, and the whole call.

mod body;
mod content;
mod head;
mod path;
mod precondition;
mod request;
mod workspace;

pub use body::UpdateBody;
pub use content::AcceptableContent;
pub use head::UpdateHead;
pub use path::AgentPath;
pub(crate) use path::segment;
pub use precondition::Precondition;
pub use request::UpdateRequest;
pub use workspace::Workspace;
