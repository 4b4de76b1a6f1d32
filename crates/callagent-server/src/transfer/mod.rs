//! Import and export of agents as JSON documents.

mod documents;
mod export;
mod import;
mod import_error;

pub use export::{ExportError, ExportOptions, export_file};
pub use import::ImportOptions;
pub use import_error::ImportError;
