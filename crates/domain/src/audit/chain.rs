//! The chain: each event's keyed digest covers the one before it.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::audit::{Event, EventId};
use crate::sessions::ChainKey;

/// HMAC-SHA-256 (RFC 2104) over an event and its predecessor's digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkHash(pub [u8; 32]);

impl LinkHash {
    /// What the first event is chained to.
    pub const START: Self = Self([0; 32]);
}

/// An event's place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Which event.
    pub id: EventId,
    /// Its place, from 1 without gaps.
    pub sequence: i64,
    /// Its digest.
    pub hash: LinkHash,
}

/// What is wrong with a chain, at its first wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// An event is not what it was when it was chained.
    Altered(i64),
    /// An event is missing at this place.
    Missing(i64),
    /// The place where an event came from is not what it was.
    TraitsAltered(i64),
    /// There is an event beyond an end of the chain.
    Beyond(i64),
}

/// Chains by the server's key: whoever can write to the database alone can alter events, but cannot
/// make the chain fit them.
#[derive(Clone)]
pub(crate) struct AuditKey(pub(crate) Arc<ChainKey>);

impl AuditKey {
    /// The digest of this event at this place, after one of `previous`.
    pub(crate) fn link(&self, previous: LinkHash, sequence: i64, event: &Event) -> LinkHash {
        // HMAC takes a key of any length; the error cannot happen, and would verify nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose()) else {
            return LinkHash::START;
        };
        mac.update(b"doorward audit event");
        mac.update(&previous.0);
        mac.update(&sequence.to_be_bytes());
        for part in parts(event) {
            // Lengths keep what stands in one part from being read as another.
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(&part);
        }
        LinkHash(mac.finalize().into_bytes().into())
    }
}

/// All of an event that stays when the person is erased.
fn parts(event: &Event) -> [Vec<u8>; 11] {
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let text = |text: Option<&str>| text.unwrap_or_default().as_bytes().to_vec();
    [
        event.id.0.as_bytes().to_vec(),
        event.at.micros().to_be_bytes().to_vec(),
        text(Some(event.action.name())),
        text(Some(event.outcome.name())),
        id(event.actor.map(|id| id.0)),
        id(event.subject.map(|id| id.0)),
        id(event.session.map(|id| id.0)),
        text(event.door.map(|door| door.name())),
        text(event.request_id.as_deref()),
        text(event.detail.as_deref()),
        event.traits_hash.to_vec(),
    ]
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::audit::{Action, Outcome};
    use crate::time::Timestamp;
    use crate::users::UserId;

    fn event() -> Event {
        Event {
            id: EventId(Uuid::from_u128(7)),
            at: Timestamp::from_micros(1_700_000_000_000_000).unwrap(),
            action: Action::SignIn,
            outcome: Outcome::Success,
            actor: Some(UserId(Uuid::from_u128(1))),
            subject: None,
            session: None,
            door: None,
            request_id: Some("r1".into()),
            detail: None,
            traits: None,
            traits_hash: [4; 32],
        }
    }

    fn hash(event: &Event) -> LinkHash {
        let key = ChainKey::new(vec![3; 32]).unwrap();
        AuditKey(Arc::new(key)).link(LinkHash::START, 1, event)
    }

    #[test]
    fn every_part_of_an_event_counts() {
        let plain = hash(&event());
        assert_eq!(hash(&event()), plain);
        let moved = event().subject.or(event().actor);
        for other in [
            Event { outcome: Outcome::Failure, ..event() },
            Event { action: Action::SignOut, ..event() },
            Event { actor: None, subject: moved, ..event() },
            Event { request_id: None, detail: Some("r1".into()), ..event() },
            Event { at: event().at.plus(std::time::Duration::from_micros(1)), ..event() },
            Event { traits_hash: [5; 32], ..event() },
        ] {
            assert_ne!(hash(&other), plain, "{other:?}");
        }
    }

    #[test]
    fn place_predecessor_and_key_count() {
        let key = |fill| AuditKey(Arc::new(ChainKey::new(vec![fill; 32]).unwrap()));
        let one = key(3).link(LinkHash::START, 1, &event());
        assert_ne!(key(3).link(LinkHash::START, 2, &event()), one);
        assert_ne!(key(3).link(one, 1, &event()), one);
        assert_ne!(key(4).link(LinkHash::START, 1, &event()), one);
    }
}
