//! Granting, listing, revoking and finding access keys.

use callagent::WorkspaceId;
use jiff::Timestamp;

use super::{AccessKey, AccessKeyDigest, AccessKeyError, AccessKeyName, AccessKeyRecord, error::Kind};
use crate::{
    error::StoreError,
    store::{Backend, Store},
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
        let record = AccessKeyRecord { workspace, name, created_at, expires_at, revoked_at: None };
        let AccessKeyRecord { workspace, name, .. } = record.clone();
        let is_stored = match self.backend() {
            Backend::Sqlite(backend) => backend.access_keys().insert(key.digest(), record).await?,
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => backend.access_keys().insert(key.digest(), record).await?,
        };
        if is_stored {
            return Ok(key);
        }
        Err(AccessKeyError(Kind::Exists { workspace, name }))
    }

    /// Returns the access keys of a workspace or of all, the oldest of each workspace first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn access_keys(&self, workspace: Option<WorkspaceId>) -> Result<Vec<AccessKeyRecord>, AccessKeyError> {
        match self.backend() {
            Backend::Sqlite(backend) => backend.access_keys().list(workspace).await,
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => Ok(backend.access_keys().list(workspace).await?),
        }
    }

    /// Revokes an access key. Revoking it again changes nothing.
    ///
    /// # Errors
    /// If the workspace has no key of this name, or the database cannot be written.
    pub async fn revoke_access_key(&self, workspace: WorkspaceId, name: AccessKeyName) -> Result<(), AccessKeyError> {
        let now = Timestamp::now();
        let is_known = match self.backend() {
            Backend::Sqlite(backend) => backend.access_keys().revoke(workspace.clone(), name.clone(), now).await?,
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => backend.access_keys().revoke(workspace.clone(), name.clone(), now).await?,
        };
        if is_known {
            return Ok(());
        }
        Err(AccessKeyError(Kind::Unknown { workspace, name }))
    }

    /// Returns the access key with a digest. It may have expired or be revoked.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn find_access_key(&self, digest: AccessKeyDigest) -> Result<Option<AccessKeyRecord>, StoreError> {
        match self.backend() {
            Backend::Sqlite(backend) => backend.access_keys().find(digest).await,
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => Ok(backend.access_keys().find(digest).await?),
        }
    }

    /// Returns whether the database has or had an access key.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn has_access_keys(&self) -> Result<bool, StoreError> {
        match self.backend() {
            Backend::Sqlite(backend) => backend.access_keys().any().await,
            #[cfg(feature = "postgres")]
            Backend::Postgres(backend) => Ok(backend.access_keys().any().await?),
        }
    }
}
