//! Times as arguments.

use std::time::Duration;

use jiff::SignedDuration;

/// Parses a time such as `10s` or `1m 30s`.
pub(crate) fn parse(argument: &str, most: Duration) -> Result<Duration, String> {
    let duration = argument.parse::<SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    let most_shown = shown(most);
    duration
        .filter(|duration| *duration <= most)
        .ok_or_else(|| format!("expected a time such as 10s or 500ms, at most {most_shown}, found `{argument}`"))
}

/// Parses a time in which something must happen.
pub(crate) fn parse_limit(argument: &str, most: Duration) -> Result<Duration, String> {
    let duration = parse(argument, most)?;
    if duration.is_zero() { Err(format!("expected a time above zero, found `{argument}`")) } else { Ok(duration) }
}

pub(crate) fn shown(duration: Duration) -> String {
    SignedDuration::try_from(duration).map_or_else(|_| format!("{duration:?}"), |duration| format!("{duration:#}"))
}
