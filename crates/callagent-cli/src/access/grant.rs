//! `callagent access grant`.

use std::io::{self, Write as _};

use callagent::WorkspaceId;
use callagent_server::{AccessKey, AccessKeyName};
use clap::Args;
use jiff::{SpanRelativeTo, Timestamp};

use crate::{database::DatabaseArguments, failure::Failure, import, terminal};

/// Create an access key for a workspace, and print it. It is shown once: the database has only a digest of it.
#[derive(Args)]
pub(super) struct Arguments {
    /// The workspace whose agents the key may change.
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID")]
    workspace: WorkspaceId,
    /// The name of the key, for `list` and `revoke`. A workspace never uses a name twice.
    #[arg(long, value_name = "NAME")]
    name: AccessKeyName,
    /// When the key expires: a duration such as `90d` or `12h`, or a time such as `2027-01-31T00:00:00Z` [default: never].
    #[arg(long, value_name = "TIME", value_parser = expiry)]
    expires: Option<Timestamp>,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { workspace, name, expires, database } = arguments;
    // A database in memory would be lost at once.
    let store = database.open_durable()?;
    if let Some(file) = store.created_keys() {
        terminal::print(import::created_keys(file));
    }
    let key = store.grant_access_key(workspace.clone(), name.clone(), *expires).await.map_err(Failure::store)?;
    if let Err(error) = print(&key) {
        // Nobody has it.
        store.revoke_access_key(workspace.clone(), name.clone()).await.map_err(Failure::store)?;
        return Err(Failure::Output(error));
    }
    let expiry = expires.map_or_else(|| "does not expire".to_owned(), |expiry| format!("expires at {expiry:.0}"));
    terminal::print(format!(
        "granted the access key `{name}` for the workspace `{workspace}`; it {expiry}, and is not shown again"
    ));
    Ok(())
}

fn print(key: &AccessKey) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", key.expose())?;
    out.flush()
}

/// Parses a duration from now on, or a time.
fn expiry(argument: &str) -> Result<Timestamp, String> {
    let expected = || {
        format!(
            "expected a duration such as 90d or 12h, or a time such as 2027-01-31T00:00:00Z, in the future, found `{argument}`"
        )
    };
    let now = Timestamp::now();
    let time = match argument.parse::<Timestamp>() {
        Ok(time) => Some(time),
        Err(_) => argument
            .parse::<jiff::Span>()
            .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
            .and_then(|duration| now.checked_add(duration))
            .ok(),
    };
    time.filter(|time| *time > now).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;

    #[test]
    fn expiries() {
        for (argument, hours) in [("90d", 90 * 24), ("12h", 12), ("2w", 14 * 24), ("1d 12h", 36)] {
            let expected = Timestamp::now() + i64::from(hours).hours();
            let found = expiry(argument).expect("a time");
            assert!(found.duration_until(expected).as_secs().abs() < 60, "{argument}: {found}");
        }
        let time = expiry("2200-01-31T01:00:00+01:00").expect("a time");
        assert_eq!(time.to_string(), "2200-01-31T00:00:00Z");
        for argument in ["", "soon", "90", "0d", "-1d", "2020-01-01T00:00:00Z", "2200-01-31", "3mo", "1y", "99999999d"]
        {
            assert!(expiry(argument).is_err(), "{argument}");
        }
    }
}
