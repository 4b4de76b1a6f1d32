//! Sealing the stored keys of agents again, in small transactions next to those of a server.

use std::{thread, time::Instant};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{Failure, Recorded};
use crate::{
    keys::KeyRing,
    rekey::{BATCH, MAX_BATCH_SIZE, Rekeyed, rewrap},
    version::Version,
};

/// The agents after a place in the order of workspace and id whose key is sealed with an encryption key.
const NEXT: &str = "
    SELECT workspace, id FROM agents WHERE key_id = ?1 AND (workspace, id) > (?2, ?3) ORDER BY workspace, id LIMIT ?4
";
const READ: &str = "SELECT version, document FROM agents WHERE workspace = ?1 AND id = ?2";
const WRITE: &str = "UPDATE agents SET version = ?3, document = ?4, key_id = ?5 WHERE workspace = ?1 AND id = ?2";
/// Forgets an encryption key that nothing is sealed with.
const FORGET: &str = "
    DELETE FROM encryption_keys WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM agents WHERE key_id = ?1)
";

/// The place of an agent in the order of workspace and id. No id is empty.
type Cursor = (Vec<u8>, Vec<u8>);

/// Seals everything with the first key that is sealed with another one.
pub(crate) fn rekey(
    connection: &mut Connection,
    keys: &KeyRing,
    mut progress: impl FnMut(u64),
) -> Result<Rekeyed, Failure> {
    let first = keys.first_id();
    let mut select = connection.prepare("SELECT id FROM encryption_keys WHERE id <> ?1 ORDER BY id")?;
    let others: Vec<String> = select.query_map([first], |row| row.get(0))?.collect::<Result<_, _>>()?;
    drop(select);
    let (mut rekeyed, mut recorded) = (Rekeyed::default(), Recorded::default());
    for id in others {
        let mut cursor = Some(Cursor::default());
        while let Some(after) = cursor {
            let start = Instant::now();
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            cursor = batch(&transaction, keys, &id, &after, &mut recorded, &mut rekeyed)?;
            transaction.commit()?;
            progress(rekeyed.agents);
            // A server that waits for the lock asks for it now and then, so it is free for as long as it was held.
            thread::sleep(start.elapsed());
        }
        if connection.execute(FORGET, [&id])? > 0 {
            rekeyed.unused.push(id);
        }
    }
    Ok(rekeyed)
}

/// Seals some agents again. Returns the place of the last one, unless there are no more.
fn batch(
    transaction: &Transaction<'_>,
    keys: &KeyRing,
    id: &str,
    after: &Cursor,
    recorded: &mut Recorded,
    rekeyed: &mut Rekeyed,
) -> Result<Option<Cursor>, Failure> {
    let mut next = transaction.prepare_cached(NEXT)?;
    let limit = i64::try_from(BATCH).map_err(Failure::fatal)?;
    let places = next.query_map(params![id, after.0, after.1, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let places: Vec<Cursor> = places.collect::<Result<_, _>>()?;
    let (mut last, mut size) = (None, 0);
    for (workspace, agent) in places {
        let (version, document): (i64, Vec<u8>) = transaction
            .prepare_cached(READ)?
            .query_row(params![workspace, agent], |row| Ok((row.get(0)?, row.get(1)?)))?;
        match rewrap(&workspace, &agent, &document, keys) {
            Ok(document) => {
                let previous = u64::try_from(version).map_err(Failure::fatal)?.into();
                let version = Version::next(Some(previous), Timestamp::now()).get();
                let version = i64::try_from(version).map_err(Failure::fatal)?;
                recorded.record(transaction, keys.first_id(), keys)?;
                transaction.prepare_cached(WRITE)?.execute(params![
                    workspace,
                    agent,
                    version,
                    document,
                    keys.first_id()
                ])?;
                rekeyed.agents += 1;
                size += document.len();
            }
            Err(reason) => rekeyed.add_damaged(&workspace, &agent, reason),
        }
        last = Some((workspace, agent));
        if size >= MAX_BATCH_SIZE {
            break;
        }
    }
    Ok(last)
}
