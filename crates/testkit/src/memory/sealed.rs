//! Sealed values in memory.

use async_trait::async_trait;
use domain::chatrooms::ChatroomId;
use domain::post::DispatchId;
use domain::resealing::{SealedKind, SealedValues};
use domain::sealing::Sealed;
use domain::store::StoreError;
use uuid::Uuid;

use super::Shared;

#[async_trait]
impl SealedValues for Shared {
    async fn page(
        &self,
        kind: SealedKind,
        after: Option<Uuid>,
        limit: u16,
    ) -> Result<Vec<(Uuid, Sealed)>, StoreError> {
        let state = self.state()?;
        let mut all: Vec<(Uuid, Sealed)> = match kind {
            SealedKind::Letter => state
                .dispatches
                .values()
                .map(|letter| (letter.id.0, letter.sealed.clone()))
                .collect(),
            SealedKind::Passkey => {
                let rooms = state.rooms.values();
                rooms
                    .filter_map(|room| Some((room.room.id.0, room.room.passkey.clone()?)))
                    .collect()
            }
            SealedKind::Reply => {
                let keys = state.keys.values();
                keys.filter_map(|kept| Some((kept.holder, kept.reply.clone()?))).collect()
            }
        };
        all.retain(|(id, _)| Some(*id) > after);
        all.sort_by_key(|(id, _)| *id);
        all.truncate(limit.into());
        Ok(all)
    }

    async fn replace(
        &self,
        kind: SealedKind,
        id: Uuid,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        let present = match kind {
            SealedKind::Letter => {
                state.dispatches.get_mut(&DispatchId(id)).map(|letter| &mut letter.sealed)
            }
            SealedKind::Passkey => {
                let room = state.rooms.get_mut(&ChatroomId(id));
                room.and_then(|room| room.room.passkey.as_mut())
            }
            SealedKind::Reply => {
                let kept = state.keys.values_mut().find(|kept| kept.holder == id);
                kept.and_then(|kept| kept.reply.as_mut())
            }
        };
        let present = present.filter(|present| *present == old);
        Ok(present.map(|present| *present = new.clone()).is_some())
    }
}
