//! Bounded numbers: days, hours, attempts, and fractions.

use crate::macros::bounded;

bounded! {
    /// The days to wait before the next attempt: an integer from 0 to 30, by default 1.
    ///
    /// ```
    /// use callagent::Days;
    ///
    /// assert_eq!(Days::new(7)?.get(), 7);
    /// assert_eq!(Days::new(31).unwrap_err().to_string(), "expected an integer from 0 to 30, found 31");
    /// # Ok::<(), callagent::OutOfRange>(())
    /// ```
    pub struct Days(u8) in 0..=30, default 1;
}

bounded! {
    /// The hours to wait before the next attempt, added to the days: an integer from 0 to 23, by default 0.
    pub struct Hours(u8) in 0..=23, default 0;
}

bounded! {
    /// The maximum number of callback attempts: 0 to 4294967295, by default 5.
    pub struct Attempts(u32) in 0..=u32::MAX, default 5;
}

impl From<u32> for Attempts {
    fn from(attempts: u32) -> Self {
        Attempts(attempts)
    }
}

bounded! {
    /// A number from 0 to 1, inclusive.
    ///
    /// ```
    /// use callagent::Fraction;
    ///
    /// assert_eq!(Fraction::new(0.9)?.get(), 0.9);
    /// assert!(Fraction::new(f64::NAN).is_err());
    /// # Ok::<(), callagent::OutOfRange>(())
    /// ```
    pub struct Fraction(f64) in 0.0..=1.0;
}
