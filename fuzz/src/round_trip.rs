//! Reading, writing and reading again.

use std::fmt::Debug;

use callagent::{Agent, Document, UpdateAgent, read};
use serde_json::Value;

/// A document is unchanged by writing and reading, and its text is stable.
///
/// # Panics
/// If it does not.
pub fn target(text: &[u8]) {
    round::<UpdateAgent>(text);
    round::<Agent>(text);
}

fn round<T: Document + PartialEq + Debug>(text: &[u8]) {
    let Ok(document) = read::<T>(text) else { return };
    let written = serde_json::to_string(&document).expect("every document can be written");
    let again = read::<T>(&written).expect("what was written is valid");
    assert_eq!(again, document);
    assert_eq!(serde_json::to_string(&again).ok().as_ref(), Some(&written));
    assert_eq!(serde_json::from_str::<T>(&written).ok().as_ref(), Some(&document));
    let value: Value = serde_json::from_str(&written).expect("what was written is JSON");
    assert_eq!(serde_json::to_value(&document).ok().as_ref(), Some(&value));
    assert_eq!(serde_json::from_value::<T>(value).ok(), Some(document));
}
