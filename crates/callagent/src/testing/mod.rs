//! Strategies for property tests: valid documents, and invalid ones whose violations are known.
//!
//! They are driven by the [declarations](crate::model), so they follow every field, bound and word of the
//! contract, and they are meant for the tests of whatever reads or writes its documents: a server that must take
//! every valid update, a client that must take every answer, a gateway that must say what is wrong.
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
//! A server's test: whatever the spelling, a valid body is taken, and an invalid one is answered with exactly what is
//! wrong in it.
//!
//! ```
//! use callagent::{Code, UpdateAgent, testing};
//! use proptest::prelude::*;
//!
//! /// Stands for a request over HTTP to the server under test: the status, and the pointers of the problem.
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
mod spelling;
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
use spelling::Writer;
use tree::{Rng, Tree};

/// A document that breaks the contract, and what it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invalid {
    /// The document, which is well-formed JSON (RFC 8259).
    pub text: String,
    /// All its violations, each by its JSON Pointer and its code, in the order of the pointers, then the codes.
    pub violations: Vec<(String, Code)>,
}

/// Valid documents, as the model holds them.
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
    tree::<T>().prop_filter_map("the reader accepts what the strategies make", |tree| {
        Reader::new().read_value(&tree.into_value()).ok()
    })
}

/// Valid documents as JSON values.
///
/// Of the optional fields some are there, none or all. Numbers are often at one of their bounds,
/// texts have characters of all of Unicode, free-form values are nested, now and then as deep as JSON text may be. In a
/// response documented fields are null at times, objects have further fields, and words are unlisted ones.
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

/// Valid documents as JSON text: those of [`valid_json`] in the many ways to write them.
///
/// White space is anywhere it may be, fields are in any order, characters in names and strings are escaped that need
/// not be, and numbers are spelled with fractions and exponents: 30 is `30.0`, `3e1` or `300e-1`. A free-form zero is
/// never spelled `-0`, which some parsers take for an integer and some for the double -0.0.
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
    (tree::<T>(), spelling::liveliness())
        .prop_perturb(|(tree, liveliness), rng| Writer::new(Rng::new(rng), liveliness).write(&tree))
}

/// Documents of [`valid_text`] that were spoiled in one to four places, with the violations that this makes.
///
/// Values have another type, are null where null says nothing, are out of range by the least step or by far, have a
/// fraction where an integer is due, or are unlisted words; fields are missing, undocumented, or stand there again, in
/// documented objects, in free-form ones and below; a field that is due is absent, null or empty.
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
    let spoiled = (tree::<T>(), spares).prop_perturb(|(mut tree, spares), rng| {
        let mut flaws = Flaws::new::<T>(Rng::new(rng));
        for (text, value) in spares {
            flaws.add(&mut tree, text, value);
        }
        (tree, flaws.violations())
    });
    (spoiled, spelling::liveliness()).prop_perturb(|((tree, violations), liveliness), rng| {
        let text = Writer::new(Rng::new(rng), liveliness).write(&tree);
        Invalid { text, violations }
    })
}

/// Valid documents, now and then with their fields in another order than the documented one.
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
