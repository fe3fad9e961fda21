//! Stays the only process that writes to a SQLite file, as far as others let it.

use std::sync::Arc;
use std::time::Duration;

use domain::store::StoreError;
use infra::cache::SessionCache;
use infra::db::Database;
use infra::sole::{Keeper, SoleError};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::failure::chain;

/// How often it looks whether somebody wrote who knows of no lock.
const LOOK: Duration = Duration::from_millis(250);
/// How often it tries to be alone again: so many looks.
const LOOKS: u32 = 4;

/// Looks until the process ends.
pub(super) async fn watch(keeper: Arc<Keeper>, database: Database, cache: Option<SessionCache>) {
    let (mut seen, mut said) = (None, None);
    loop {
        for _ in 0..LOOKS {
            sleep(LOOK).await;
            if let Some(cache) = &cache {
                seen = look(database.foreign_writes().await, seen, cache);
            }
        }
        let trying = Arc::clone(&keeper);
        said = tell(spawn_blocking(move || trying.renew()).await.unwrap_or(Ok(())), said);
    }
}

/// Forgets what was remembered if somebody else wrote, or if that cannot be known.
fn look(
    written: Result<Option<i64>, StoreError>,
    seen: Option<i64>,
    cache: &SessionCache,
) -> Option<i64> {
    let now = written.unwrap_or(None);
    if now != seen || now.is_none() {
        cache.forget();
    }
    now
}

/// Tells once what is wrong, until it is another thing; gives what is to be told no more.
fn tell(renewed: Result<(), SoleError>, said: Option<String>) -> Option<String> {
    let cause = chain(&renewed.err()?);
    if said.as_ref() != Some(&cause) {
        tracing::error!(cause, "the lock of the database is not as it must be");
    }
    Some(cause)
}
