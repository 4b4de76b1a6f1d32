//! What the server is judged by.

use std::fmt;

use callagent::{Code, Finding, Reader, Report, UpdateAgent, model::Type};
use serde::{Serialize, de::IgnoredAny};

/// What the server is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// What the vendor's page promises. A refusal is any status from 400 to 499. What the page leaves open is an advisory.
    #[default]
    Documented,
    /// Everything in the contract.
    Strict,
    /// Everything in the contract, for a server that ignores undocumented fields in requests.
    Tolerant,
}

impl Profile {
    /// All profiles.
    pub const ALL: &'static [Self] = &[Profile::Documented, Profile::Strict, Profile::Tolerant];

    /// Returns the name of the profile.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Profile::Documented => "documented",
            Profile::Strict => "strict",
            Profile::Tolerant => "tolerant",
        }
    }

    /// Returns whether a violation of something with this basis is a failure. Otherwise it is an advisory.
    pub(crate) fn requires(self, basis: Basis) -> bool {
        self != Profile::Documented || basis == Basis::Page
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// What a requirement is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Basis {
    /// The contract settles it where the page is silent or contradicts itself.
    Contract,
    /// The vendor's page states it.
    Page,
}

impl Basis {
    /// The basis of refusing a document: the strongest of its violations.
    pub(crate) fn of_report(report: &Report, body: &[u8]) -> Self {
        // What else is wrong depends on which of two fields with the same name a parser takes.
        if report.violations().any(|violation| violation.code() == Code::DUPLICATE_FIELD) {
            return Basis::Contract;
        }
        let bases = report.violations().map(|violation| match violation.code() {
            Code::MALFORMED => Basis::of_malformed(body),
            _ => Basis::of_violation(&violation, body),
        });
        bases.max().unwrap_or(Basis::Contract)
    }

    /// RFC 8259 lets parsers accept a byte-order mark, and limit or extend the values. Otherwise, text that breaks its
    /// grammar is not JSON for anyone.
    fn of_malformed(body: &[u8]) -> Self {
        let is_grammatical = serde_json::from_slice::<IgnoredAny>(body).is_ok();
        if is_grammatical || body.starts_with("\u{FEFF}".as_bytes()) { Basis::Contract } else { Basis::Page }
    }

    fn of_violation(violation: &Finding<'_>, body: &[u8]) -> Self {
        let found = violation.found().unwrap_or_default();
        let is_number = found.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let is_stated = match violation.code() {
            // The page gives types, but no meaning of null. It says "number" where the contract says "integer".
            Code::WRONG_TYPE => found != "null" && !(is_number && is_integer(&violation.pointer())),
            // The page gives no bounds for the number of attempts.
            Code::OUT_OF_RANGE => !violation.pointer().ends_with(ATTEMPTS),
            // A key that is null or empty is missing by the contract only. Then the violation is at the value.
            Code::MISSING_FIELD => violation.span().is_some_and(|span| body.get(span.offset) == Some(&b'{')),
            Code::UNKNOWN_VALUE => true,
            _ => false,
        };
        if is_stated { Basis::Page } else { Basis::Contract }
    }
}

const ATTEMPTS: &str = "/maxAttemptsForSmartCallback";

/// Returns whether the documented field at a pointer is an integer.
fn is_integer(pointer: &str) -> bool {
    let mut object = Some(UpdateAgent::OBJECT);
    let mut r#type = None;
    for name in pointer.split('/').skip(1) {
        if let Some(field) = object.and_then(|object| object.field(name)) {
            r#type = Some(&field.r#type);
        }
        object = r#type.and_then(|r#type| match r#type {
            Type::List(item) => item.object(),
            other => other.object(),
        });
    }
    matches!(r#type, Some(Type::Integer(_)))
}

/// The verdict of the contract on the body of a request.
pub(crate) enum Verdict {
    Valid(Box<UpdateAgent>),
    Invalid {
        report: Report,
        basis: Basis,
        knows_violations: bool,
    },
    /// A server with this profile may accept or refuse it.
    Open,
}

impl Verdict {
    pub(crate) fn of(profile: Profile, body: &[u8]) -> Self {
        let strict = Reader::new();
        let read = |reader: Reader| reader.read_and_report::<UpdateAgent>(body);
        if profile != Profile::Tolerant {
            return match read(strict) {
                (Some(update), _) => Verdict::Valid(Box::new(update)),
                (None, report) => {
                    let basis = Basis::of_report(&report, body);
                    Verdict::Invalid { report, basis, knows_violations: true }
                }
            };
        }
        let fields = strict.tolerate_unknown_fields();
        let values = fields.clone().tolerate_unknown_values();
        match (read(fields), read(values)) {
            ((Some(update), _), _) => Verdict::Valid(Box::new(update)),
            ((None, _), (Some(_), _)) => Verdict::Open,
            ((None, report), (None, lenient)) => {
                let knows_violations = report.violation_count() == lenient.violation_count();
                Verdict::Invalid { report: lenient, basis: Basis::Contract, knows_violations }
            }
        }
    }
}
