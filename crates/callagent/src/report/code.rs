//! The codes of violations and advisories.

use std::fmt;

/// A table of codes, in the order of their names: a row gives the meaning, the constant, the name.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $name:literal;)+) => {
        /// The stable name of a kind of violation or advisory. Codes are ordered by their names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $code,)+
        }

        impl Code {
            /// All codes, in the order of their names.
            pub const ALL: &'static [Code] = &[$(Code::$code),+];

            /// The name, as reports have it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$code => $name,)+
                }
            }
        }
    };
}

codes! {
    /// Advisory: a documented field of the response is absent or null.
    AbsentField = "absent-field";
    /// Advisory: a name is empty or white space alone.
    BlankName = "blank-name";
    /// Advisory: smart callback is switched off in the update that says how to call back.
    CallbackOff = "callback-off";
    /// A name stands twice in one object (RFC 7493).
    DuplicateField = "duplicate-field";
    /// Advisory: there are not as many gaps as attempts.
    GapCount = "gap-count";
    /// Advisory: a response shows a key beside a provider that has no use for it.
    KeyDisclosed = "key-disclosed";
    /// Advisory: a key is set beside a provider that has no use for it.
    KeyUnused = "key-unused";
    /// Advisory: a language is no well-formed tag of BCP 47.
    LanguageTag = "language-tag";
    /// The text is not JSON (RFC 8259).
    Malformed = "malformed";
    /// A required field is absent.
    MissingField = "missing-field";
    /// A number of the right type is beyond its bounds.
    OutOfRange = "out-of-range";
    /// Advisory: a phone number's id stands in the list already.
    RepeatedPhoneNumber = "repeated-phone-number";
    /// Advisory: a time of the response is no date-time of RFC 3339.
    Timestamp = "timestamp";
    /// A closed object has a field that is not documented; an advisory where that is tolerated.
    UnknownField = "unknown-field";
    /// A string is not a word of its closed vocabulary; an advisory where that is tolerated.
    UnknownValue = "unknown-value";
    /// A value has another JSON type than documented, or a fraction where an integer is due.
    WrongType = "wrong-type";
    /// Advisory: a gap waits no time at all.
    ZeroGap = "zero-gap";
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}
