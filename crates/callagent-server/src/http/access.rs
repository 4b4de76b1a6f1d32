//! Checking access keys, without a query of the database for each call.

use std::{
    collections::HashMap,
    str::FromStr as _,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::http::HeaderMap;
use callagent::{ACCESS_KEY_HEADER, ProblemType, WorkspaceId};
use governor::{DefaultDirectRateLimiter, Quota};
use jiff::Timestamp;

use super::refusal::Refusal;
use crate::{
    access::{AccessKey, AccessKeyDigest, AccessKeyRecord, AccessKeyState},
    error::StoreError,
    store::Store,
};

/// The age from which on an answer of the database is looked up again. Meanwhile, other calls use the old one.
const REFRESH: Duration = Duration::from_secs(2);

/// The age up to which an answer of the database is used.
const MAX_AGE: Duration = Duration::from_secs(5);

/// The number of valid keys that are remembered.
const MAX_KEYS: usize = 16_384;

/// The number of keys per second that are looked up without having been valid lately.
const MAX_LOOKUPS: u32 = 1_000;

/// Why a call has no access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessRefusal {
    /// There is not exactly one key, or it does not have the form of a key.
    NoKey,
    /// The key is unknown, revoked or expired.
    InvalidKey,
    OtherWorkspace,
    /// Too many keys are looked up at the moment.
    TooManyLookups,
    /// The key cannot be looked up.
    Store,
}

impl AccessRefusal {
    pub(super) const ALL: [AccessRefusal; 5] = [
        AccessRefusal::NoKey,
        AccessRefusal::InvalidKey,
        AccessRefusal::OtherWorkspace,
        AccessRefusal::TooManyLookups,
        AccessRefusal::Store,
    ];

    /// Returns the name in metrics.
    pub(super) const fn name(self) -> &'static str {
        match self {
            AccessRefusal::NoKey => "no_key",
            AccessRefusal::InvalidKey => "invalid_key",
            AccessRefusal::OtherWorkspace => "other_workspace",
            AccessRefusal::TooManyLookups => "too_many_lookups",
            AccessRefusal::Store => "store",
        }
    }
}

impl From<AccessRefusal> for Refusal {
    fn from(refusal: AccessRefusal) -> Self {
        match refusal {
            AccessRefusal::NoKey | AccessRefusal::InvalidKey => ProblemType::UNAUTHORIZED.into(),
            AccessRefusal::OtherWorkspace => ProblemType::FORBIDDEN.into(),
            AccessRefusal::TooManyLookups => Refusal::RetryAfter(ProblemType::UNAVAILABLE, 1),
            AccessRefusal::Store => ProblemType::UNAVAILABLE.into(),
        }
    }
}

/// The check of access keys.
pub(super) struct AccessCheck {
    store: Store,
    /// Whether calls need a key. Once they do, they always do.
    required: AtomicBool,
    /// The age of the answer that they do not.
    checked: Mutex<Age>,
    valid: Mutex<HashMap<AccessKeyDigest, Valid>>,
    lookups: DefaultDirectRateLimiter,
}

/// A key that was valid when it was looked up.
struct Valid {
    workspace: WorkspaceId,
    expires_at: Option<Timestamp>,
    age: Age,
}

/// The age of an answer of the database.
struct Age {
    refresh: Instant,
    end: Instant,
}

impl AccessCheck {
    /// Creates the check. Calls need a key if `is_exposed`, or if the database has or had one.
    pub(super) fn new(store: Store, is_exposed: bool) -> Self {
        let quota = Quota::per_second(MAX_LOOKUPS.try_into().expect("it is not zero"));
        AccessCheck {
            store,
            required: AtomicBool::new(is_exposed),
            checked: Mutex::new(Age::over()),
            valid: Mutex::default(),
            lookups: DefaultDirectRateLimiter::direct(quota),
        }
    }

    /// Checks the access of a call to a workspace.
    pub(super) async fn check(&self, headers: &HeaderMap, workspace: &WorkspaceId) -> Result<(), AccessRefusal> {
        if !self.is_required().await? {
            return Ok(());
        }
        let key = key(headers).ok_or(AccessRefusal::NoKey)?;
        match self.permits(key.digest(), workspace).await? {
            Some(true) => Ok(()),
            Some(false) => Err(AccessRefusal::OtherWorkspace),
            None => Err(AccessRefusal::InvalidKey),
        }
    }

    async fn is_required(&self) -> Result<bool, AccessRefusal> {
        if self.required.load(Ordering::Relaxed) {
            return Ok(true);
        }
        if lock(&self.checked).is_usable() {
            return Ok(false);
        }
        let age = Age::new(Instant::now());
        let is_required = self.store.has_access_keys().await.map_err(|error| unavailable(&error))?;
        if is_required {
            self.required.store(true, Ordering::Relaxed);
        } else {
            *lock(&self.checked) = age;
        }
        Ok(is_required)
    }

    /// Returns whether a key permits calls to a workspace; `None` if it is not valid.
    async fn permits(&self, digest: AccessKeyDigest, workspace: &WorkspaceId) -> Result<Option<bool>, AccessRefusal> {
        let mut is_known = false;
        if let Some(valid) = lock(&self.valid).get_mut(&digest) {
            is_known = true;
            if valid.age.is_usable() {
                return Ok(valid.permits(workspace));
            }
        }
        // Guessed keys must not keep the database from its work, nor keep out those who were let in before.
        if !is_known && self.lookups.check().is_err() {
            return Err(AccessRefusal::TooManyLookups);
        }
        // What happens during the query may be missing in its answer.
        let age = Age::new(Instant::now());
        let found = self.store.find_access_key(digest).await.map_err(|error| unavailable(&error))?;
        let found = found.filter(|record| record.state(Timestamp::now()) == AccessKeyState::Active);
        let mut keys = lock(&self.valid);
        let Some(AccessKeyRecord { workspace: permitted, expires_at, .. }) = found else {
            keys.remove(&digest);
            return Ok(None);
        };
        let valid = Valid { workspace: permitted, expires_at, age };
        let permits = valid.permits(workspace);
        remember(&mut keys, digest, valid);
        Ok(permits)
    }
}

impl Valid {
    fn permits(&self, workspace: &WorkspaceId) -> Option<bool> {
        let is_over = self.expires_at.is_some_and(|expiry| expiry <= Timestamp::now());
        (!is_over).then(|| self.workspace == *workspace)
    }
}

impl Age {
    fn new(now: Instant) -> Self {
        Age { refresh: now + REFRESH, end: now + MAX_AGE }
    }

    /// The age of an answer that nobody has got yet.
    fn over() -> Self {
        let now = Instant::now();
        Age { refresh: now, end: now }
    }

    /// Returns whether the answer may be used. Of the calls that find it due for a refresh, only the first one may not.
    fn is_usable(&mut self) -> bool {
        let is_usable = Instant::now() < self.refresh;
        if !is_usable {
            self.refresh = self.end;
        }
        is_usable
    }
}

/// Remembers a key, if there is room after forgetting those that are not used any more.
fn remember(keys: &mut HashMap<AccessKeyDigest, Valid>, digest: AccessKeyDigest, valid: Valid) {
    if keys.len() >= MAX_KEYS && !keys.contains_key(&digest) {
        let now = Instant::now();
        keys.retain(|_, valid| now < valid.age.end);
        if keys.len() >= MAX_KEYS {
            return;
        }
    }
    keys.insert(digest, valid);
}

/// Returns the key of a request, if it has exactly one, and it has the form of a key.
fn key(headers: &HeaderMap) -> Option<AccessKey> {
    let mut values = headers.get_all(ACCESS_KEY_HEADER).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => AccessKey::from_str(value.to_str().ok()?).ok(),
        _ => None,
    }
}

fn unavailable(error: &StoreError) -> AccessRefusal {
    tracing::error!("cannot check an access key: {error}");
    AccessRefusal::Store
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Backend;
    use crate::store::{Database, KeySource};

    fn workspace() -> WorkspaceId {
        WorkspaceId::new("acme").expect("an id")
    }

    async fn check(check: &AccessCheck, key: &AccessKey) -> Result<(), AccessRefusal> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCESS_KEY_HEADER, key.expose().parse().expect("a value"));
        check.check(&headers, &workspace()).await
    }

    async fn granted() -> (Store, AccessKey) {
        let store = Store::open(&Database::Memory, &KeySource::NextToDatabase).expect("a store");
        let name = "first".parse().expect("a name");
        let key = store.grant_access_key(workspace(), name, None).await.expect("a key");
        (store, key)
    }

    fn random() -> AccessKey {
        AccessKey::generate().expect("a key")
    }

    #[tokio::test]
    async fn guessed_keys_take_no_memory_and_do_not_keep_out_others() {
        let (store, key) = granted().await;
        let access = AccessCheck::new(store, false);
        assert!(check(&access, &key).await.is_ok());
        for _ in 0..10 {
            assert!(check(&access, &random()).await.is_err());
        }
        assert_eq!(lock(&access.valid).len(), 1);
        let mut is_limited = false;
        for _ in 0..100 {
            while access.lookups.check().is_ok() {}
            is_limited |= check(&access, &random()).await == Err(AccessRefusal::TooManyLookups);
            if let Some(valid) = lock(&access.valid).get_mut(&key.digest()) {
                valid.age = Age::over();
            }
            assert!(check(&access, &key).await.is_ok(), "it was valid before");
        }
        assert!(is_limited);
    }

    #[tokio::test]
    async fn an_answer_is_used_until_its_end_and_looked_up_before() {
        let now = Instant::now();
        let mut age = Age::new(now);
        assert!(age.is_usable() && age.is_usable());
        age.refresh = now;
        assert_eq!([(); 3].map(|()| age.is_usable()), [false, true, true], "one call looks it up, others use it");
        age.end = now;
        age.refresh = now;
        assert_eq!([(); 3].map(|()| age.is_usable()), [false; 3]);
    }

    #[tokio::test]
    async fn the_keys_that_are_remembered_are_bounded() {
        let mut keys = HashMap::new();
        let valid = |age| Valid { workspace: workspace(), expires_at: None, age };
        let first = random().digest();
        remember(&mut keys, first, valid(Age::over()));
        while keys.len() < MAX_KEYS {
            remember(&mut keys, random().digest(), valid(Age::new(Instant::now())));
        }
        let (second, third) = (random().digest(), random().digest());
        remember(&mut keys, second, valid(Age::new(Instant::now())));
        assert!(keys.contains_key(&second) && !keys.contains_key(&first), "what is over makes room");
        remember(&mut keys, third, valid(Age::new(Instant::now())));
        assert!(keys.len() == MAX_KEYS && !keys.contains_key(&third));
        remember(&mut keys, second, valid(Age::over()));
        assert!(!keys.get_mut(&second).expect("it is known").age.is_usable(), "it is replaced");
    }

    #[tokio::test]
    async fn an_expiry_takes_effect_while_a_key_is_remembered() {
        let (store, key) = granted().await;
        let access = AccessCheck::new(store, false);
        assert!(check(&access, &key).await.is_ok());
        lock(&access.valid).get_mut(&key.digest()).expect("it is known").expires_at = Some(Timestamp::now());
        assert!(check(&access, &key).await.is_err());
    }

    #[tokio::test]
    async fn without_any_key_only_an_exposed_server_requires_one() {
        let store = Store::open(&Database::Memory, &KeySource::NextToDatabase).expect("a store");
        for is_exposed in [false, true] {
            let access = AccessCheck::new(store.clone(), is_exposed);
            let without = access.check(&HeaderMap::new(), &workspace()).await;
            assert_eq!([without, check(&access, &random()).await].map(|result| result.is_ok()), [!is_exposed; 2]);
        }
    }

    #[tokio::test]
    async fn a_failing_database_opens_nothing() {
        let (store, key) = granted().await;
        let access = AccessCheck::new(store.clone(), false);
        let Backend::Sqlite(backend) = store.backend() else { panic!("the store is in memory") };
        let reader = backend.access_keys().reader.lock().await;
        reader.execute_batch("PRAGMA query_only = 0; DROP TABLE access_keys").expect("it is gone");
        drop(reader);
        for _ in 0..3 {
            assert_eq!(check(&access, &key).await, Err(AccessRefusal::Store));
        }
    }
}
