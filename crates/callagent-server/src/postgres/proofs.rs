//! The encryption keys that a database uses, so that a missing or wrong one is found at start.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use callagent::Secret;
use tokio_postgres::types::Type;

use super::{
    connection::{Connection, Statement},
    failure::Failure,
};
use crate::{error::OpenStoreErrorKind, keys::KeyRing};

const SELECT: Statement = Statement::new("SELECT id, proof FROM encryption_keys ORDER BY id", &[]);
const INSERT: Statement = Statement::new(
    "INSERT INTO encryption_keys (id, proof) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
    &[Type::TEXT, Type::TEXT],
);

/// The first encryption key after another one in the order of their ids that the key of an agent is sealed with.
const USED: Statement =
    Statement::new("SELECT key_id FROM agents WHERE key_id > $1 ORDER BY key_id LIMIT 1", &[Type::TEXT]);

/// Checks that the keys unseal everything in the database.
pub(super) async fn check(connection: &Connection, keys: &KeyRing) -> Result<(), OpenStoreErrorKind> {
    for row in connection.query(&SELECT, &[]).await? {
        let proof: String = row.try_get(1).map_err(Failure::from)?;
        keys.check_proof(row.try_get(0).map_err(Failure::from)?, &Secret::new(proof))?;
    }
    let missing = used(connection).await?.into_iter().find(|used| !keys.ids().any(|id| id == used));
    missing.map_or(Ok(()), |id| Err(OpenStoreErrorKind::MissingKey(id)))
}

/// Returns the ids of the keys that the keys of agents are sealed with. A server that still encrypts with a key that was
/// replaced may have stored a value after the proof was removed.
pub(super) async fn used(connection: &Connection) -> Result<Vec<String>, Failure> {
    let (mut used, mut last) = (Vec::new(), String::new());
    while let Some(row) = connection.query_opt(&USED, &[&last]).await? {
        last = row.try_get(0)?;
        used.push(last.clone());
    }
    Ok(used)
}

/// The keys in use that this process has recorded.
#[derive(Debug, Default)]
pub(super) struct Recorded(Mutex<HashSet<String>>);

impl Recorded {
    /// Records a key before a value that is sealed with it is stored.
    pub(super) async fn record(&self, connection: &Connection, id: &str, keys: &KeyRing) -> Result<(), Failure> {
        let recorded = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if recorded().contains(id) {
            return Ok(());
        }
        let refused = |error: &dyn std::fmt::Display| Failure::Refused(error.to_string());
        if let Some(proof) = keys.prove(id).map_err(|error| refused(&error))? {
            if connection.execute(&INSERT, &[&id, &proof.expose()]).await? == 0 {
                // Another process has recorded the key, and may have another one of that id.
                check(connection, keys).await.map_err(|error| match error {
                    OpenStoreErrorKind::MissingKey(_) | OpenStoreErrorKind::WrongKey(_) => {
                        refused(&"another process uses other encryption keys for the database")
                    }
                    OpenStoreErrorKind::Postgres(reason) => Failure::Unreachable(reason),
                    _ => refused(&"the encryption keys cannot be checked"),
                })?;
            }
            recorded().insert(id.to_owned());
        }
        Ok(())
    }
}
