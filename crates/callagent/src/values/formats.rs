//! Two text formats checked by advisories: language tags and date-times.

/// Returns whether a text is a well-formed language tag (RFC 5646, sections 2.1 and 2.2.9).
pub(crate) fn is_language_tag(text: &str) -> bool {
    /// The grandfathered tags that do not match the grammar.
    const IRREGULAR: &[&str] = &[
        "en-GB-oed",
        "i-ami",
        "i-bnn",
        "i-default",
        "i-enochian",
        "i-hak",
        "i-klingon",
        "i-lux",
        "i-mingo",
        "i-navajo",
        "i-pwn",
        "i-tao",
        "i-tay",
        "i-tsu",
        "sgn-BE-FR",
        "sgn-BE-NL",
        "sgn-CH-DE",
    ];
    // Nearly all tags are a two-letter language.
    if is_alphabetic(text, 2, 2) {
        return true;
    }
    let mut subtags = Subtags { rest: text.split('-').peekable() };
    subtags.private_use() && subtags.ended()
        || (subtags.language() && subtags.ended())
        || IRREGULAR.iter().any(|tag| tag.eq_ignore_ascii_case(text))
}

struct Subtags<'t> {
    rest: std::iter::Peekable<std::str::Split<'t, char>>,
}

impl Subtags<'_> {
    fn take(&mut self, test: impl FnOnce(&str) -> bool) -> bool {
        self.rest.next_if(|subtag| test(subtag)).is_some()
    }

    /// Consumes all subtags that match. Returns whether there was any.
    fn take_all(&mut self, test: impl Fn(&str) -> bool) -> bool {
        let mut any = false;
        while self.take(&test) {
            any = true;
        }
        any
    }

    fn ended(&mut self) -> bool {
        self.rest.peek().is_none()
    }

    /// `language ["-" script] ["-" region] *("-" variant) *("-" extension) ["-" privateuse]`
    fn language(&mut self) -> bool {
        if self.take(|subtag| is_alphabetic(subtag, 2, 3)) {
            for _ in 0..3 {
                self.take(|extended| is_alphabetic(extended, 3, 3));
            }
        } else if !self.take(|subtag| is_alphabetic(subtag, 4, 8)) {
            return false;
        }
        self.take(|script| is_alphabetic(script, 4, 4));
        self.take(|region| is_alphabetic(region, 2, 2) || is_numeric(region, 3));
        self.take_all(|variant| {
            is_alphanumeric(variant, 5, 8)
                || is_alphanumeric(variant, 4, 4) && variant.starts_with(|c: char| c.is_ascii_digit())
        });
        while self.take(|singleton| is_alphanumeric(singleton, 1, 1) && !is_x(singleton)) {
            if !self.take_all(|subtag| is_alphanumeric(subtag, 2, 8)) {
                return false;
            }
        }
        self.ended() || self.private_use()
    }

    /// `"x" 1*("-" (1*8alphanum))`
    fn private_use(&mut self) -> bool {
        self.take(is_x) && self.take_all(|subtag| is_alphanumeric(subtag, 1, 8))
    }
}

fn is_x(subtag: &str) -> bool {
    subtag.eq_ignore_ascii_case("x")
}

fn is_alphabetic(subtag: &str, shortest: usize, longest: usize) -> bool {
    (shortest..=longest).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_numeric(subtag: &str, length: usize) -> bool {
    subtag.len() == length && subtag.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_alphanumeric(subtag: &str, shortest: usize, longest: usize) -> bool {
    (shortest..=longest).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns whether a text is a date-time (RFC 3339, section 5.6), with the restrictions of section 5.7.
pub(crate) fn is_date_time(text: &str) -> bool {
    date_time(text.as_bytes()).is_some()
}

fn date_time(text: &[u8]) -> Option<()> {
    let mut rest = text;
    let year = number(&mut rest, 4)?;
    mark(&mut rest, b"-")?;
    let month = number(&mut rest, 2).filter(|month| (1..=12).contains(month))?;
    mark(&mut rest, b"-")?;
    let day = number(&mut rest, 2).filter(|day| (1..=days_in(year, month)).contains(day))?;
    mark(&mut rest, b"Tt")?;
    let hour = number(&mut rest, 2).filter(|hour| *hour < 24)?;
    mark(&mut rest, b":")?;
    let minute = number(&mut rest, 2).filter(|minute| *minute < 60)?;
    mark(&mut rest, b":")?;
    let second = number(&mut rest, 2).filter(|second| *second <= 60)?;
    if mark(&mut rest, b".").is_some() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest = rest.get(digits..).filter(|_| digits > 0)?;
    }
    let offset = offset(&mut rest)?;
    let minute_of_day = hour * 60 + minute - offset;
    (rest.is_empty() && (second < 60 || is_leap_minute(year, month, day, minute_of_day))).then_some(())
}

/// Consumes a `time-offset`. Returns it in minutes.
fn offset(rest: &mut &[u8]) -> Option<i32> {
    let sign = match mark(rest, b"Zz+-")? {
        b'+' => 1,
        b'-' => -1,
        _ => return Some(0),
    };
    let hours = number(rest, 2).filter(|hours| *hours < 24)?;
    mark(rest, b":")?;
    let minutes = number(rest, 2).filter(|minutes| *minutes < 60)?;
    Some(sign * (hours * 60 + minutes))
}

/// Returns whether a leap second may follow, which is the last minute of a month in UTC. With a positive offset, the
/// local date is already the next day.
fn is_leap_minute(year: i32, month: i32, day: i32, minute_of_day: i32) -> bool {
    const DAY: i32 = 24 * 60;
    let last_day = if minute_of_day < 0 { day == 1 } else { day == days_in(year, month) };
    last_day && minute_of_day.rem_euclid(DAY) == DAY - 1
}

fn days_in(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Consumes this many digits.
fn number(rest: &mut &[u8], digits: usize) -> Option<i32> {
    let (taken, after) = rest.split_at_checked(digits)?;
    let digits = taken.iter().map(|byte| byte.is_ascii_digit().then(|| i32::from(byte - b'0')));
    let number = digits.into_iter().try_fold(0, |number, digit| Some(number * 10 + digit?))?;
    *rest = after;
    Some(number)
}

/// Consumes one of these bytes.
fn mark(rest: &mut &[u8], allowed: &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first().filter(|(first, _)| allowed.contains(first))?;
    *rest = after;
    Some(*first)
}
