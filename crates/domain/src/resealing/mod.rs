//! Sealing again what lies in the stores, after a new key took the place of another.
//!
//! Each value is replaced only if it is still what was read, so this runs beside a server, may be
//! stopped at any moment, and goes on where it was when it is run again.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::chatrooms::{ChatroomId, passkey_purpose};
use crate::idempotency::reply_purpose;
use crate::post::LETTER_PURPOSE;
use crate::problem::Problem;
use crate::sealing::{Sealed, Sealer};
use crate::store::StoreError;

/// So many values are read at once.
const PAGE: u16 = 200;
/// So often everything is looked through: what changed meanwhile is found in the next pass.
const PASSES: usize = 5;

/// What is kept sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedKind {
    /// Promised letters.
    Letter,
    /// The passkeys of chatrooms.
    Passkey,
    /// Replies under idempotency keys, each by the id of its holder.
    Reply,
}

impl SealedKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Letter, Self::Passkey, Self::Reply];

    /// What the value of this row is bound to.
    fn purpose(self, id: Uuid) -> String {
        match self {
            Self::Letter => LETTER_PURPOSE.to_owned(),
            Self::Passkey => passkey_purpose(ChatroomId(id)),
            Self::Reply => reply_purpose(id),
        }
    }
}

/// The sealed values of all stores, as they are kept.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait::async_trait]
pub trait SealedValues: Send + Sync {
    /// At most `limit` values of this kind whose ids come after `after`, in the order of their ids.
    async fn page(
        &self,
        kind: SealedKind,
        after: Option<Uuid>,
        limit: u16,
    ) -> Result<Vec<(Uuid, Sealed)>, StoreError>;

    /// Puts `new` in the place of `old`, if that is still there, and changes nothing else of the
    /// row; says whether it did.
    async fn replace(
        &self,
        kind: SealedKind,
        id: Uuid,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError>;
}

/// What resealing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// So many values were sealed again.
    pub renewed: u64,
    /// So many are under another key still: they changed all the time.
    pub left: u64,
    /// So many cannot be opened by any key.
    pub unopened: u64,
}

/// The ids of all keys that something is sealed with.
///
/// # Errors
/// `Unavailable`, where the store is.
pub async fn keys_in_use(values: &dyn SealedValues) -> Result<BTreeSet<String>, Problem> {
    let mut ids = BTreeSet::new();
    for kind in SealedKind::ALL {
        let mut after = None;
        loop {
            let page = values.page(kind, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            ids.extend(page.iter().filter_map(|(_, sealed)| sealed.key_id().map(str::to_owned)));
        }
    }
    Ok(ids)
}

/// Seals everything again that is not under this key, which must be the one that `sealer` seals with.
///
/// # Errors
/// `Unavailable`, where the store is or there are no random bytes; what was done stays done.
pub async fn reseal(
    values: &dyn SealedValues,
    sealer: &dyn Sealer,
    key_id: &str,
) -> Result<Resealed, Problem> {
    let mut total = Resealed::default();
    for _ in 0..PASSES {
        let mut pass = Resealed::default();
        for kind in SealedKind::ALL {
            one_kind(values, sealer, key_id, kind, &mut pass).await?;
        }
        total = Resealed { renewed: total.renewed + pass.renewed, ..pass };
        // What was renewed is looked at once more: somebody may have written the old value back.
        if pass.left == 0 && pass.renewed == 0 {
            break;
        }
    }
    Ok(total)
}

async fn one_kind(
    values: &dyn SealedValues,
    sealer: &dyn Sealer,
    key_id: &str,
    kind: SealedKind,
    pass: &mut Resealed,
) -> Result<(), Problem> {
    let mut after = None;
    loop {
        let page = values.page(kind, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(*last);
        for (id, old) in page.iter().filter(|(_, old)| old.key_id() != Some(key_id)) {
            let purpose = kind.purpose(*id);
            let Ok(plain) = sealer.open(&purpose, old) else {
                pass.unopened += 1;
                continue;
            };
            let new = sealer.seal(&purpose, &plain)?;
            let is_done = values.replace(kind, *id, old, &new).await?;
            *(if is_done { &mut pass.renewed } else { &mut pass.left }) += 1;
        }
    }
}

#[cfg(test)]
mod tests;
