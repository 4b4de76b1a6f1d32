//! What the project's tests and tasks share: the conformance vectors, the engines that they are run against, the facts of
//! the documented page, and the comparison of values.
//!
//! This crate is not published. Each of its engines is a way to validate a document, with the same kind of verdict:
//!
//! ```
//! use callagent_testkit::{engines, vectors::{self, Case}};
//!
//! let engines = engines::all()?;
//! for vector in vectors::read()?.into_iter().flat_map(|suite| suite.vectors) {
//!     let Case::Check(check) = &vector.case else { continue };
//!     for engine in &engines {
//!         if let Some(verdict) = engine.check(&check.document()) {
//!             assert_eq!(check.differences(&verdict), [""; 0], "{}: {}", engine.name, vector.id);
//!         }
//!     }
//! }
//! # Ok::<(), String>(())
//! ```

pub mod documented;
pub mod engines;
mod files;
mod values;
pub mod vectors;

pub use files::{documents, read, read_json, root};
pub use values::{is_same, is_same_text, preserves_order};

use callagent::{Agent, UpdateAgent, model::Object};

/// The documented objects of both directions, each once.
#[must_use]
pub fn objects() -> Vec<&'static Object> {
    let mut objects = vec![UpdateAgent::OBJECT, Agent::OBJECT];
    let mut index = 0;
    while let Some(object) = objects.get(index) {
        objects.extend(object.fields.iter().filter_map(|field| field.r#type.object()));
        index += 1;
    }
    objects
}

/// Calls a generic function with the document of a direction.
#[macro_export]
macro_rules! for_document {
    ($direction:expr, $function:ident($($argument:expr),*)) => {
        match $direction {
            ::callagent::model::Direction::Request => $function::<::callagent::UpdateAgent>($($argument),*),
            ::callagent::model::Direction::Response => $function::<::callagent::Agent>($($argument),*),
        }
    };
}
