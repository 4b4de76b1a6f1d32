//! Checks of a store, of which one runs at a time, and for which nobody waits long.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};

use crate::error::{STOPPED, StoreError};

/// How long to wait for a check.
const LIMIT: Duration = Duration::from_secs(2);

type Checked = Result<(), StoreError>;

/// The check that runs, if one does.
#[derive(Default)]
pub(crate) struct Checks(Mutex<Option<watch::Receiver<Option<Checked>>>>);

impl Checks {
    /// Runs a check, or waits for the one that runs. A database that hangs has a single check at a time to answer.
    pub(crate) async fn run(&self, check: impl Future<Output = Checked> + Send + 'static) -> Checked {
        let mut checked = self.join(check);
        let Ok(checked) = timeout(LIMIT, checked.wait_for(Option::is_some)).await else {
            return Err(StoreError::Database(format!("no answer within {} seconds", LIMIT.as_secs()).into()));
        };
        // Without a result, the runtime of the one who has started it has ended.
        let checked = checked.ok().and_then(|checked| checked.clone());
        checked.unwrap_or_else(|| Err(StoreError::Database(STOPPED.into())))
    }

    fn join(&self, check: impl Future<Output = Checked> + Send + 'static) -> watch::Receiver<Option<Checked>> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_running =
            |checked: &&watch::Receiver<Option<Checked>>| checked.has_changed().is_ok() && checked.borrow().is_none();
        if let Some(checked) = running.as_ref().filter(is_running) {
            return checked.clone();
        }
        let (sender, checked) = watch::channel(None);
        tokio::spawn(async move { drop(sender.send_replace(Some(check.await))) });
        running.insert(checked).clone()
    }
}
