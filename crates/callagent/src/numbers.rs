//! The contract's numbers: days, hours, attempts, and fractions.

use std::{cmp::Ordering, fmt, hash};

use crate::{
    Code,
    declaration::{Bounds, Type},
    declare::{bounded, deserialize},
};

/// `Walk` for a type with bounds; `$judge` makes it from a number.
macro_rules! walk_number {
    ($name:ident, $kind:ident, $default:expr, |$number:ident| $judge:expr) => {
        impl $crate::read::walk::Walk for $name {
            const TYPE: $crate::declaration::Type = $crate::declaration::Type::$kind(&$name::BOUNDS);
            const DEFAULT: Option<$crate::declaration::Constant> = $default;

            #[expect(private_interfaces, private_bounds, reason = "the trait itself cannot be named outside")]
            #[inline(always)]
            fn walk<'t, S: $crate::read::Source<'t>, const BUILD: bool>(
                source: &mut S,
                kind: $crate::read::Kind,
                at: $crate::read::walk::At<'_>,
                context: &mut $crate::read::walk::Context<'_>,
                value: &mut Option<Self>,
            ) -> Result<$crate::read::walk::Walked, $crate::read::Stop> {
                $crate::read::leaves::number(source, kind, at, context, &Self::TYPE, value, |$number| $judge)
            }
        }
    };
}
pub(crate) use walk_number;

bounded! {
    /// Whole days to wait before the next attempt: 0 to 30, by default 1.
    ///
    /// ```
    /// use callagent::Days;
    ///
    /// assert_eq!(Days::new(7)?.get(), 7);
    /// assert_eq!(Days::new(31).unwrap_err().to_string(), "must be an integer from 0 to 30, not 31");
    /// # Ok::<(), callagent::OutOfRange>(())
    /// ```
    pub struct Days(u8) in 0..=30, default 1;
}

bounded! {
    /// Whole hours to wait before the next attempt, beside the days: 0 to 23, by default 0.
    pub struct Hours(u8) in 0..=23, default 0;
}

bounded! {
    /// How many times at most the agent calls back: 0 to 4294967295, by default 5.
    pub struct Attempts(u32) in 0..=u32::MAX, default 5;
}

impl From<u32> for Attempts {
    fn from(attempts: u32) -> Self {
        Attempts(attempts)
    }
}

/// A number from 0 to 1, both ends included.
///
/// ```
/// use callagent::Fraction;
///
/// assert_eq!(Fraction::new(0.9)?.get(), 0.9);
/// assert!(Fraction::new(f64::NAN).is_err());
/// # Ok::<(), callagent::OutOfRange>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Fraction(f64);

impl Fraction {
    const BOUNDS: Bounds = Bounds { minimum: 0, maximum: 1 };

    /// Checks a value against the bounds.
    ///
    /// # Errors
    /// If it is out of range or no number.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        #[expect(clippy::cast_precision_loss, reason = "0 and 1 are exact")]
        let (minimum, maximum) = (Self::BOUNDS.minimum as f64, Self::BOUNDS.maximum as f64);
        if (minimum..=maximum).contains(&value) {
            // Minus zero becomes zero, so that equal fractions are written alike.
            return Ok(Fraction(value + 0.0));
        }
        Err(OutOfRange::of(&<Self as crate::read::walk::Walk>::TYPE, value))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

walk_number!(Fraction, Number, None, |number| Self::new(number.double()).map_err(|_| Code::OutOfRange));
deserialize!(Fraction);

impl serde::Serialize for Fraction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl hash::Hash for Fraction {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// A number is beyond the bounds of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfRange {
    expected: String,
    found: String,
}

impl OutOfRange {
    pub(crate) fn of(expected: &Type, found: impl fmt::Display) -> Self {
        OutOfRange { expected: expected.to_string(), found: found.to_string() }
    }
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "must be {}, not {}", self.expected, self.found)
    }
}

impl std::error::Error for OutOfRange {}
