//! Settings of the database that promises and limits rest on.

use std::time::Duration;

use super::{connection::Connection, failure::Failure};

/// The times that statements may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    statement: Duration,
    lock: Duration,
    /// How long to wait for the answer to a statement: longer than the database works on it.
    pub(super) answer: Duration,
}

impl Limits {
    /// Of updates.
    pub(super) const UPDATE: Limits =
        Limits { statement: Duration::from_secs(10), lock: Duration::from_secs(5), answer: Duration::from_secs(15) };

    /// Of migrations, imports and exports, which have long statements.
    pub(super) const TRANSFER: Limits =
        Limits { statement: Duration::ZERO, lock: Duration::from_secs(60), answer: Duration::from_secs(600) };
}

/// A setting and its values in a database.
#[derive(Debug)]
struct Setting {
    name: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Whether a commit waits for the disk. It is set, unless it is stronger already.
    Commit,
    /// A limit. It is set.
    Limit,
    /// On, and read alone.
    Server,
}

const SETTINGS: [Setting; 6] = [
    Setting { name: "synchronous_commit", kind: Kind::Commit },
    Setting { name: "statement_timeout", kind: Kind::Limit },
    Setting { name: "lock_timeout", kind: Kind::Limit },
    Setting { name: "idle_in_transaction_session_timeout", kind: Kind::Limit },
    Setting { name: "fsync", kind: Kind::Server },
    Setting { name: "full_page_writes", kind: Kind::Server },
];

/// The settings that a database has, each with its value.
pub(super) struct Found(Vec<(&'static Setting, Option<String>)>);

impl Found {
    /// Reads the settings of a connection.
    pub(super) async fn read(connection: &Connection) -> Result<Self, Failure> {
        let mut found = Vec::new();
        for setting in &SETTINGS {
            let value = match connection.show(setting.name).await {
                Ok(value) => value,
                // Other engines do not know all of them.
                Err(Failure::Refused(_)) => None,
                Err(failure) => return Err(failure),
            };
            found.push((setting, value));
        }
        Ok(Found(found))
    }

    /// Returns the options of connections that set what is to be set.
    pub(super) fn options(&self, limits: Limits) -> String {
        let value = |(setting, value): &(&Setting, Option<String>)| {
            let found = value.as_deref()?;
            let limit = match (setting.kind, setting.name) {
                (Kind::Commit, _) => return (found != "remote_apply").then(|| "on".to_owned()),
                (Kind::Server, _) => return None,
                (Kind::Limit, "lock_timeout") => limits.lock,
                (Kind::Limit, _) => limits.statement,
            };
            Some(limit.as_millis().to_string())
        };
        let options = self.0.iter().filter_map(|entry| Some(format!("-c {}={}", entry.0.name, value(entry)?)));
        options.collect::<Vec<_>>().join(" ")
    }

    /// Returns what the operator should know.
    pub(super) fn warnings(&self) -> Vec<String> {
        let warning = |(setting, value): &(&Setting, Option<String>)| {
            let name = setting.name;
            match (setting.kind, value.as_deref()) {
                (_, None) => Some(format!("the database does not know the setting `{name}`")),
                (Kind::Commit | Kind::Server, Some("on" | "remote_apply")) => None,
                (Kind::Commit | Kind::Server, Some(value)) => Some(format!(
                    "the setting `{name}` of the database is `{value}`: a crash can lose or damage answered updates"
                )),
                (Kind::Limit, Some("0" | "0s" | "0ms")) => {
                    Some(format!("the setting `{name}` of the database is `0`: a statement can wait without end"))
                }
                (Kind::Limit, Some(_)) => None,
            }
        };
        self.0.iter().filter_map(warning).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Limits, SETTINGS};

    fn found(values: [Option<&str>; 6]) -> Found {
        Found(SETTINGS.iter().zip(values.map(|value| value.map(str::to_owned))).collect())
    }

    #[test]
    fn options_and_warnings() {
        let all = found([Some("off"), Some("0"), Some("0"), Some("0"), Some("on"), Some("on")]);
        let options = "-c synchronous_commit=on -c statement_timeout=10000 -c lock_timeout=5000 \
                       -c idle_in_transaction_session_timeout=10000";
        assert_eq!(all.options(Limits::UPDATE), options);
        let set = found([Some("on"), Some("10s"), Some("5s"), Some("10s"), Some("on"), Some("on")]);
        assert_eq!(set.warnings(), Vec::<String>::new());
        let other = found([Some("remote_apply"), None, Some("1min"), Some("0"), Some("off"), None]);
        assert_eq!(other.options(Limits::TRANSFER), "-c lock_timeout=60000 -c idle_in_transaction_session_timeout=0");
        assert_eq!(
            other.warnings(),
            [
                "the database does not know the setting `statement_timeout`",
                "the setting `idle_in_transaction_session_timeout` of the database is `0`: a statement can wait without end",
                "the setting `fsync` of the database is `off`: a crash can lose or damage answered updates",
                "the database does not know the setting `full_page_writes`",
            ]
        );
    }
}
