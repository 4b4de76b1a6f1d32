//! Import and export of agents as JSON documents.

mod documents;
mod export;
mod import;
mod import_error;

#[cfg(feature = "postgres")]
pub use export::export_postgres;
pub use export::{ExportError, ExportOptions, export_file};
pub use import::ImportOptions;
pub use import_error::ImportError;
