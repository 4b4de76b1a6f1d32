//! The codes of violations and advisories: names with data. The generic ones are here; a contract adds its own.

use std::fmt;

/// The stable name of a kind of violation or advisory. Codes are ordered by their names.
///
/// ```
/// use callagent::{Code, Severity};
///
/// assert_eq!(Code::MALFORMED.as_str(), "malformed");
/// assert_eq!(Code::MALFORMED.severity(), Severity::Violation);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static CodeData);

/// What a code says by itself.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CodeData {
    pub(crate) name: &'static str,
    /// What was found, in a sentence.
    pub(crate) title: &'static str,
    pub(crate) severity: Severity,
    /// What follows the subject in a message; empty where the message depends on what was expected.
    pub(crate) predicate: &'static str,
}

/// What the findings of a [`Code`] can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Violations alone.
    Violation,
    /// Advisories alone.
    Advisory,
    /// Violations, and advisories where a tolerance of [`Reader`](crate::Reader) admits them.
    Tolerable,
}

/// Codes as constants of [`Code`]: the title, the constant, the name, the severity and, where it is always the same, the
/// predicate of the message.
macro_rules! codes {
    ($(#[doc = $title:literal] $code:ident = $name:literal, $severity:ident $(, $predicate:literal)?;)+) => {
        impl $crate::model::Code {
            $(
                #[doc = $title]
                #[doc = concat!("\n\n[`Severity::", stringify!($severity), "`](crate::model::Severity)")]
                pub const $code: Self = Self::new(&$crate::model::CodeData {
                    name: $name,
                    title: $title.trim_ascii(),
                    severity: $crate::model::Severity::$severity,
                    predicate: concat!("", $($predicate)?),
                });
            )+
        }
    };
}
pub(crate) use codes;

codes! {
    /// A documented field of the response is absent or null.
    ABSENT_FIELD = "absent-field", Advisory, "is documented, but not given";
    /// A name stands twice in one object.
    DUPLICATE_FIELD = "duplicate-field", Violation, "stands here again; a name may stand once in an object";
    /// The text is not JSON.
    MALFORMED = "malformed", Violation;
    /// A required field is absent.
    MISSING_FIELD = "missing-field", Violation;
    /// A number is beyond its bounds.
    OUT_OF_RANGE = "out-of-range", Violation;
    /// A request has a field that is not documented.
    UNKNOWN_FIELD = "unknown-field", Tolerable;
    /// A string is not one of the words that are documented for it.
    UNKNOWN_VALUE = "unknown-value", Tolerable;
    /// A value has another type than documented.
    WRONG_TYPE = "wrong-type", Violation;
}

impl Code {
    pub(crate) const fn new(data: &'static CodeData) -> Self {
        Code(data)
    }

    /// The name, as reports have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0.name
    }

    /// What was found, in a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// What its findings can be.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.0.severity
    }

    pub(crate) const fn predicate(self) -> &'static str {
        self.0.predicate
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Code({})", self.as_str())
    }
}

/// In a sentence: `A violation.`
impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Severity::Violation => "A violation.",
            Severity::Advisory => "An advisory, which leaves the document valid.",
            Severity::Tolerable => "A violation; an advisory where a tolerance admits it.",
        })
    }
}
