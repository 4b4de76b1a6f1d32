//! Proptest strategies for valid documents, and for invalid ones with known violations.
//!
//! They are derived from the [model](crate::model), so they cover every field, bound and value of the contract. Use
//! them to test code that reads or writes its documents: a server that must accept every valid update, a client that
//! must accept every response, or a gateway that must report violations.
//!
//! ```
//! use callagent::{Agent, UpdateAgent, testing};
//! use proptest::prelude::*;
//!
//! proptest!(ProptestConfig::with_cases(32), |(update in testing::valid::<UpdateAgent>(),
//!                                             mut agent in testing::valid::<Agent>())| {
//!     let llm_model = update.llm_model.clone();
//!     update.apply(&mut agent);
//!     prop_assert_eq!(agent.llm_model, Some(llm_model));
//! });
//! ```
//!
//! In the test of a server, every valid body is accepted in any notation, and the response to an invalid one has
//! exactly its violations:
//!
//! ```
//! use callagent::{Code, UpdateAgent, testing};
//! use proptest::prelude::*;
//!
//! /// Replace this with a request to the server under test. Returns the status and the pointers of the problem.
//! fn put(body: &str) -> (u16, Vec<String>) {
//!     let report = callagent::check::<UpdateAgent>(body);
//!     let pointers: Vec<_> = report.violations().map(|violation| violation.pointer()).collect();
//!     (if pointers.is_empty() { 200 } else { 422 }, pointers)
//! }
//!
//! proptest!(ProptestConfig::with_cases(32), |(body in testing::valid_text::<UpdateAgent>())| {
//!     prop_assert_eq!(put(&body), (200, vec![]));
//! });
//! proptest!(ProptestConfig::with_cases(32), |(invalid in testing::invalid_text::<UpdateAgent>())| {
//!     let (status, mut pointers) = put(&invalid.text);
//!     pointers.sort();
//!     prop_assert_eq!(status, 422);
//!     prop_assert_eq!(pointers, invalid.violations.into_iter().map(|(pointer, _)| pointer).collect::<Vec<_>>());
//! });
//! ```

mod flaws;
mod notation;
mod survey;
mod tree;
mod values;

use std::fmt;

use proptest::{collection::vec, prelude::*};
use serde_json::Value;

use crate::{
    model::Code,
    reader::{Document, Reader},
};
use flaws::Flaws;
use notation::Writer;
use tree::{Rng, Tree};

/// An invalid document with its violations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invalid {
    /// The document, which is well-formed JSON (RFC 8259).
    pub text: String,
    /// All violations, as JSON Pointers and codes, sorted.
    pub violations: Vec<(String, Code)>,
}

/// Generates valid documents as Rust values.
///
/// ```
/// use callagent::{UpdateAgent, testing};
/// use proptest::prelude::*;
///
/// proptest!(ProptestConfig::with_cases(32), |(update in testing::valid::<UpdateAgent>())| {
///     let json = serde_json::to_string(&update)?;
///     prop_assert_eq!(callagent::read::<UpdateAgent>(json)?, update);
/// });
/// ```
pub fn valid<T: Document + fmt::Debug>() -> impl Strategy<Value = T> + Clone {
    tree::<T>().prop_filter_map("the reader accepts generated documents", |tree| {
        Reader::new().read_value(&tree.into_value()).ok()
    })
}

/// Generates valid documents as JSON values.
///
/// Some, all or none of the optional fields are present. Numbers are often at a bound, strings have characters from all
/// of Unicode, and free-form values are nested, sometimes as deep as JSON text may be. Responses also have null for
/// documented fields, undocumented fields, and undocumented values of vocabularies.
///
/// ```
/// use callagent::{Agent, testing};
/// use proptest::prelude::*;
///
/// proptest!(ProptestConfig::with_cases(32), |(agent in testing::valid_json::<Agent>())| {
///     prop_assert!(serde_json::from_value::<Agent>(agent).is_ok());
/// });
/// ```
pub fn valid_json<T: Document>() -> impl Strategy<Value = Value> + Clone {
    tree::<T>().prop_map(Tree::into_value)
}

/// Generates valid documents as JSON text: those of [`valid_json`] in different notations.
///
/// White space occurs wherever it is allowed, fields are in any order, characters in names and strings are escaped
/// without need, and numbers have fractions and exponents: 30 is `30.0`, `3e1` or `300e-1`. A free-form zero is never
/// written as `-0`, which some parsers read as an integer and others as the double -0.0.
///
/// ```
/// use callagent::{Agent, testing};
/// use proptest::prelude::*;
///
/// proptest!(ProptestConfig::with_cases(32), |(text in testing::valid_text::<Agent>())| {
///     prop_assert!(callagent::check::<Agent>(text).is_valid());
/// });
/// ```
pub fn valid_text<T: Document>() -> impl Strategy<Value = String> + Clone {
    (tree::<T>(), notation::variation())
        .prop_perturb(|(tree, variation), rng| Writer::new(Rng::new(rng), variation).write(&tree))
}

/// Generates documents of [`valid_text`] with one to four flaws, and the resulting violations.
///
/// Values have the wrong type, are null, are out of range by the smallest step or far, have a fraction instead of being
/// an integer, or are undocumented. Fields are missing, undocumented or duplicated, in documented objects, in free-form
/// ones and inside them. Conditionally required fields are absent, null or empty.
///
/// ```
/// use callagent::{UpdateAgent, testing};
/// use proptest::prelude::*;
///
/// proptest!(ProptestConfig::with_cases(32), |(invalid in testing::invalid_text::<UpdateAgent>())| {
///     let report = callagent::check::<UpdateAgent>(&invalid.text);
///     let mut found: Vec<_> = report.violations().map(|found| (found.pointer(), found.code())).collect();
///     found.sort();
///     prop_assert_eq!(found, invalid.violations);
/// });
/// ```
pub fn invalid_text<T: Document>() -> impl Strategy<Value = Invalid> + Clone {
    let spares = vec((values::text(), values::shallow()), 1..=4);
    let invalid = (tree::<T>(), spares).prop_perturb(|(mut tree, spares), rng| {
        let mut flaws = Flaws::new::<T>(Rng::new(rng));
        for (text, value) in spares {
            flaws.add(&mut tree, text, value);
        }
        (tree, flaws.violations())
    });
    (invalid, notation::variation()).prop_perturb(|((tree, violations), variation), rng| {
        let text = Writer::new(Rng::new(rng), variation).write(&tree);
        Invalid { text, violations }
    })
}

/// Generates valid documents, sometimes with their fields in a different order.
fn tree<T: Document>() -> BoxedStrategy<Tree> {
    (values::object(T::OBJECT, 0), any::<bool>())
        .prop_perturb(|(mut tree, any_order), rng| {
            if any_order {
                tree.reorder(&mut Rng::new(rng));
            }
            tree
        })
        .boxed()
}
