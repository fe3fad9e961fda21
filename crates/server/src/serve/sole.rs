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
    let (mut seen, mut standing, mut wrong) = (None, None, None);
    loop {
        for _ in 0..LOOKS {
            standing = Some(tell_standing(keeper.is_alone(), standing));
            sleep(LOOK).await;
            if let Some(cache) = &cache {
                seen = look(database.foreign_writes().await, seen, cache);
            }
        }
        let trying = Arc::clone(&keeper);
        wrong = tell_wrong(spawn_blocking(move || trying.renew()).await.unwrap_or(Ok(())), wrong);
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

/// Tells whether the server is alone, when that is new. It is never alone again so soon that this
/// could miss it.
fn tell_standing(alone: bool, before: Option<bool>) -> bool {
    if before != Some(alone) {
        if alone {
            tracing::info!("no other process writes to the database: sessions may be remembered");
        } else {
            tracing::info!("others may write to the database: sessions are read at each request");
        }
    }
    alone
}

/// Tells once what is wrong, until it is another thing; gives what is to be told no more.
fn tell_wrong(renewed: Result<(), SoleError>, before: Option<String>) -> Option<String> {
    let cause = chain(&renewed.err()?);
    if before.as_ref() != Some(&cause) {
        tracing::error!(cause, "the lock of the database is not as it must be");
    }
    Some(cause)
}
