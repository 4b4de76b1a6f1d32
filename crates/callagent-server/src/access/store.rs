//! Granting, listing, revoking and finding access keys.

use callagent::WorkspaceId;
use jiff::Timestamp;
use rusqlite::Connection;
use tokio::task::spawn_blocking;

use super::{AccessKey, AccessKeyDigest, AccessKeyError, AccessKeyName, AccessKeyRecord, error::Kind};
use crate::{
    error::StoreError,
    sqlite::{Access, access_keys},
    store::Store,
};

impl Store {
    /// Grants access to a workspace. Returns the key, of which only a digest is stored.
    ///
    /// Once a database has had an access key, servers require one for every call.
    ///
    /// # Errors
    /// If the workspace has or had a key of this name, the expiry has passed, or the database cannot be written.
    pub async fn grant_access_key(
        &self,
        workspace: WorkspaceId,
        name: AccessKeyName,
        expires_at: Option<Timestamp>,
    ) -> Result<AccessKey, AccessKeyError> {
        let created_at = Timestamp::now();
        if expires_at.is_some_and(|expiry| expiry <= created_at) {
            return Err(AccessKeyError(Kind::Past));
        }
        let key = AccessKey::generate().map_err(|error| AccessKeyError(Kind::Random(error)))?;
        let digest = key.digest();
        let record = AccessKeyRecord { workspace, name, created_at, expires_at, revoked_at: None };
        self.write_access_keys(move |connection| {
            if access_keys::insert(connection, &digest, &record)? {
                return Ok(());
            }
            Err(AccessKeyError(Kind::Exists { workspace: record.workspace, name: record.name }))
        })
        .await?;
        Ok(key)
    }

    /// Returns the access keys of a workspace or of all, the oldest of each workspace first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn access_keys(&self, workspace: Option<WorkspaceId>) -> Result<Vec<AccessKeyRecord>, AccessKeyError> {
        let reader = self.reader().lock_owned().await;
        Ok(spawn_blocking(move || access_keys::list(&reader, workspace.as_ref())).await??)
    }

    /// Revokes an access key. Revoking it again changes nothing.
    ///
    /// # Errors
    /// If the workspace has no key of this name, or the database cannot be written.
    pub async fn revoke_access_key(&self, workspace: WorkspaceId, name: AccessKeyName) -> Result<(), AccessKeyError> {
        self.write_access_keys(move |connection| {
            if access_keys::revoke(connection, &workspace, &name, Timestamp::now())? {
                return Ok(());
            }
            Err(AccessKeyError(Kind::Unknown { workspace, name }))
        })
        .await
    }

    /// Returns the access key with a digest. It may have expired or be revoked.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn find_access_key(&self, digest: AccessKeyDigest) -> Result<Option<AccessKeyRecord>, StoreError> {
        self.read_access_keys(move |connection| access_keys::find(connection, &digest)).await
    }

    /// Returns whether the database has or had an access key.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn has_access_keys(&self) -> Result<bool, StoreError> {
        self.read_access_keys(access_keys::any).await
    }

    async fn read_access_keys<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let unreadable = |reason: &str| StoreError::Unavailable(reason.into());
        let reader = self.reader().lock_owned().await;
        match spawn_blocking(move || read(&reader)).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(unreadable(&error.to_string())),
            Err(_) => Err(unreadable("the database cannot be read")),
        }
    }

    /// Writes on a connection of its own, so that updates do not wait for it.
    async fn write_access_keys(
        &self,
        write: impl FnOnce(&Connection) -> Result<(), AccessKeyError> + Send + 'static,
    ) -> Result<(), AccessKeyError> {
        let location = self.location().clone();
        spawn_blocking(move || write(&location.connect(Access::Write)?)).await?
    }
}
