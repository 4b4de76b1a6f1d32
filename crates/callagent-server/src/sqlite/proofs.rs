//! The encryption keys that a database uses, so that a missing or wrong one is found at start.

use std::collections::HashMap;

use callagent::Secret;
use rusqlite::{Connection, params};

use super::Failure;
use crate::{error::OpenStoreErrorKind, keys::KeyRing};

/// Returns the id of a key that values in the database are sealed with.
pub(crate) fn any_key(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare("SELECT id FROM encryption_keys ORDER BY id LIMIT 1")?;
    let mut ids = statement.query_map([], |row| row.get(0))?;
    ids.next().transpose()
}

/// Checks that the keys unseal everything in the database.
pub(crate) fn check(connection: &Connection, keys: &KeyRing) -> Result<(), OpenStoreErrorKind> {
    let mut statement = connection.prepare("SELECT id, proof FROM encryption_keys ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        keys.check_proof(row.get(0)?, &Secret::new(row.get::<_, String>(1)?))?;
    }
    Ok(())
}

/// The keys in use that a connection has recorded, with the proofs.
#[derive(Debug, Default)]
pub(crate) struct Recorded(HashMap<String, Secret>);

impl Recorded {
    /// Records a key in the transaction that stores a value sealed with it.
    pub(crate) fn record(&mut self, connection: &Connection, id: &str, keys: &KeyRing) -> Result<(), Failure> {
        let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO encryption_keys VALUES (?1, ?2)")?;
        if let Some(proof) = self.0.get(id) {
            // A process that has sealed everything with another key has removed the record.
            insert.execute(params![id, proof.expose()])?;
        } else if let Some(proof) = keys.prove(id)? {
            if insert.execute(params![id, proof.expose()])? == 0 {
                // Another process has recorded the key, and may have another one of that id.
                check(connection, keys)?;
            }
            self.0.insert(id.to_owned(), proof);
        }
        Ok(())
    }
}
