//! Sealing the stored keys of agents again, each in a swap of its own next to the updates of servers.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use tokio::time::sleep;
use tokio_postgres::types::Type;

use super::{
    connection::{Connection, Statement},
    failure::Failure,
    proofs::{Recorded, used},
    retry,
    transfer::Session,
};
use crate::{
    keys::KeyRing,
    rekey::{Rekeyed, rewrap},
    version::Version,
};

const PROVED: Statement = Statement::new("SELECT id FROM encryption_keys", &[]);
/// The agents after a place in the order of workspace and id whose key is sealed with an encryption key.
const NEXT: Statement = Statement::new(
    "SELECT workspace, id FROM agents WHERE key_id = $1 AND (workspace, id) > ($2, $3) ORDER BY workspace, id LIMIT 64",
    &[Type::TEXT, Type::BYTEA, Type::BYTEA],
);
const READ: Statement = Statement::new(
    "SELECT version, document FROM agents WHERE workspace = $1 AND id = $2 AND key_id = $3",
    &[Type::BYTEA, Type::BYTEA, Type::TEXT],
);
const WRITE: Statement = Statement::new(
    "UPDATE agents SET version = $4, document = $5, key_id = $6 WHERE workspace = $1 AND id = $2 AND version = $3",
    &[Type::BYTEA, Type::BYTEA, Type::INT8, Type::INT8, Type::BYTEA, Type::TEXT],
);
/// Forgets an encryption key that nothing is sealed with. A server may seal with it at this moment; `proofs::check` finds
/// that, since it looks at the agents too.
const FORGET: Statement = Statement::new(
    "DELETE FROM encryption_keys WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM agents WHERE key_id = $1)",
    &[Type::TEXT],
);

/// The place of an agent in the order of workspace and id. No id is empty.
type Cursor = (Vec<u8>, Vec<u8>);

/// Seals everything with the first key that is sealed with another one. It blocks the thread.
pub(crate) fn rekey(session: &Session, keys: &KeyRing, mut progress: impl FnMut(u64)) -> Result<Rekeyed, Failure> {
    let owned = keys.clone();
    let others = session.run(|connection| async move { begin(&connection, &owned).await })?;
    let mut rekeyed = Rekeyed::default();
    for id in others {
        let mut cursor = Some(Cursor::default());
        while let Some(after) = cursor {
            let (keys, id, so_far) = (keys.clone(), id.clone(), rekeyed);
            (cursor, rekeyed) = session.run(|connection| batch(connection, keys, id, after, so_far))?;
            progress(rekeyed.agents);
        }
        let name = id.clone();
        let is_used = session.run(|connection| async move {
            connection.execute(&FORGET, &[&name]).await?;
            Ok(used(&connection).await?.contains(&name))
        })?;
        if !is_used {
            rekeyed.unused.push(id);
        }
    }
    Ok(rekeyed)
}

/// Records the first key. Returns the ids of the others in use.
async fn begin(connection: &Connection, keys: &KeyRing) -> Result<BTreeSet<String>, Failure> {
    let proved = connection.query(&PROVED, &[]).await?;
    let proved = proved.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    let mut others: BTreeSet<_> = used(connection).await?.into_iter().chain(proved).collect();
    others.remove(keys.first_id());
    if !others.is_empty() {
        Recorded::default().record(connection, keys.first_id(), keys).await?;
    }
    Ok(others)
}

/// Seals some agents again. Returns the place of the last one, unless there are no more.
async fn batch(
    connection: Arc<Connection>,
    keys: KeyRing,
    key_id: String,
    after: Cursor,
    mut rekeyed: Rekeyed,
) -> Result<(Option<Cursor>, Rekeyed), Failure> {
    let mut last = None;
    for row in connection.query(&NEXT, &[&key_id, &after.0, &after.1]).await? {
        let place: Cursor = (row.try_get(0)?, row.try_get(1)?);
        match swap(&connection, &keys, &key_id, &place).await? {
            Ok(is_swapped) => rekeyed.agents += u64::from(is_swapped),
            Err(reason) => rekeyed.add_damaged(&place.0, &place.1, reason),
        }
        last = Some(place);
    }
    Ok((last, rekeyed))
}

/// Seals an agent again, unless another process has. The inner error is why that is not possible.
async fn swap(
    connection: &Connection,
    keys: &KeyRing,
    key_id: &str,
    (workspace, id): &Cursor,
) -> Result<Result<bool, String>, Failure> {
    for attempt in 0..retry::ATTEMPTS {
        let written = async {
            let row = connection.query_opt(&READ, &[workspace, id, &key_id]).await?;
            let Some(row) = row else { return Ok(Some(Ok(false))) };
            let (old, document): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            let document = match rewrap(workspace, id, &document, keys) {
                Ok(document) => document,
                Err(reason) => return Ok(Some(Err(reason))),
            };
            let previous = u64::try_from(old).unwrap_or_default().into();
            let version = Version::next(Some(previous), Timestamp::now()).to_sql();
            let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
                [workspace, id, &old, &version, &document, &keys.first_id()];
            Ok((connection.execute(&WRITE, &parameters).await? > 0).then_some(Ok(true)))
        };
        match written.await {
            Ok(Some(done)) => return Ok(done),
            // Another process has changed the agent in between.
            Ok(None) | Err(Failure::Conflict(_)) => sleep(retry::pause(attempt)).await,
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::Busy("other processes change an agent again and again".to_owned()))
}
