//! Suggestions, and texts fixed by them.

use callagent::{Agent, Code, Document, Reader, Suggestion, UpdateAgent, check};

use crate::{details, set};

/// The number of suggestions to try, since each check takes time proportional to the text.
const MAX_SUGGESTIONS: usize = 16;

/// A suggestion replaces whole characters; a safe one adds no violation; and fixing terminates.
///
/// # Panics
/// If it does not.
pub fn target(text: &[u8]) {
    fix::<UpdateAgent>(text);
    fix::<Agent>(text);
}

fn fix<T: Document>(text: &[u8]) {
    let reader = Reader::new();
    let before = check::<T>(text);
    let report = reader.clone().suggest().check::<T>(text);
    assert_eq!(details(&report), details(&before), "a suggestion changed the report");

    let suggestions = report.violations().filter_map(|violation| violation.suggestion());
    for suggestion in suggestions.take(MAX_SUGGESTIONS) {
        let Suggestion { span, text: replacement, safe } = suggestion;
        let text = std::str::from_utf8(text).expect("only UTF-8 has suggestions");
        let (Some(head), Some(tail)) = (text.get(..span.offset), text.get(span.end()..)) else {
            panic!("{suggestion:?} cuts a character or is beyond the text")
        };
        let after = check::<T>(format!("{head}{replacement}{tail}"));
        assert!(after.violations().all(|violation| violation.code() != Code::MALFORMED), "{suggestion:?}");
        assert!(!safe || set(&after).is_subset(&set(&before)), "{suggestion:?} is not safe: {after:?}");
    }

    let fixed = reader.fix::<T>(text.to_vec());
    let after = check::<T>(&fixed);
    assert!(set(&after).is_subset(&set(&before)), "fixing added a violation: {after:?}");
    assert!(fixed == text || after.violations().len() < before.violations().len());
    assert_eq!(reader.fix::<T>(fixed.clone()), fixed, "fixing again changes more");
}
