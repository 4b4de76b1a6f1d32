//! Codes of violations and advisories. The generic ones are here; a contract adds its own.

use std::fmt;

/// The stable name of a kind of violation or advisory. Codes are ordered by name.
///
/// ```
/// use callagent::{Code, Severity};
///
/// assert_eq!(Code::MALFORMED.as_str(), "malformed");
/// assert_eq!(Code::MALFORMED.severity(), Severity::Violation);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static CodeData);

/// The data of a code.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CodeData {
    pub(crate) name: &'static str,
    /// A one-sentence description.
    pub(crate) title: &'static str,
    pub(crate) severity: Severity,
    /// The predicate of the message; empty if the message depends on the expected or found value.
    pub(crate) predicate: &'static str,
}

/// Whether findings with a [`Code`] are violations or advisories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Always a violation.
    Violation,
    /// Always an advisory.
    Advisory,
    /// A violation, or an advisory if a tolerance of [`Reader`](crate::Reader) accepts it.
    Tolerable,
}

/// Defines codes as constants of [`Code`]: the title, the constant, the name, the severity and, if the message is
/// always the same, its predicate.
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
    ABSENT_FIELD = "absent-field", Advisory, "is documented but absent";
    /// An object has two fields with the same name.
    DUPLICATE_FIELD = "duplicate-field", Violation;
    /// The text is not JSON.
    MALFORMED = "malformed", Violation;
    /// A required field is absent.
    MISSING_FIELD = "missing-field", Violation;
    /// A number is out of range.
    OUT_OF_RANGE = "out-of-range", Violation;
    /// A request has a field that is not documented.
    UNKNOWN_FIELD = "unknown-field", Tolerable;
    /// A string is not one of the documented values.
    UNKNOWN_VALUE = "unknown-value", Tolerable;
    /// A value does not have the documented type.
    WRONG_TYPE = "wrong-type", Violation;
}

impl Code {
    pub(crate) const fn new(data: &'static CodeData) -> Self {
        Code(data)
    }

    /// The name, as it appears in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0.name
    }

    /// A one-sentence description.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// Whether its findings are violations or advisories.
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

/// A sentence: `A violation.`
impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Severity::Violation => "A violation.",
            Severity::Advisory => "An advisory: the document stays valid.",
            Severity::Tolerable => "A violation, or an advisory if a tolerance accepts it.",
        })
    }
}
