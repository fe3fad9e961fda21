//! `SealedValues`: letters, passkeys and replies, found and replaced where they lie.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::chatrooms::{Chatroom, ChatroomKey};
use domain::idempotency::{Claim, Claimed, Hold};
use domain::post::{Dispatch, Sequel};
use domain::resealing::SealedKind;
use domain::sealing::Sealed;
use uuid::Uuid;

use super::StoreSet;
use super::letters::taken_up;
use super::steps::added;
use crate::builders::{a_dispatch, a_room, a_user, one_letter};
use crate::time::{moment, noon};

/// A sealed value whose body is this.
fn sealed(body: &str) -> Sealed {
    Sealed(format!("v1.0123abcd.{body}"))
}

async fn letter(stores: &StoreSet, body: &str) -> Dispatch {
    let dispatch = Dispatch { sealed: sealed(body), ..a_dispatch() };
    assert!(stores.codes.issue(&one_letter(&dispatch)).await.unwrap());
    dispatch
}

async fn room(stores: &StoreSet, passkey: Option<&str>) -> Chatroom {
    let ada = added(stores, a_user().bare()).await;
    let room = Chatroom { passkey: passkey.map(sealed), ..a_room(Some(ada.id)) };
    stores.chatrooms.create(&room, &[ada.id], &Sequel::none()).await.unwrap();
    stores.chatrooms.find(&ChatroomKey::Id(room.id)).await.unwrap().unwrap().room
}

/// A reply under a key of its own; says by which id it is found.
async fn replied(stores: &StoreSet, key: u8, body: &str) -> Uuid {
    let claim = Claim { key: [key; 32], holder: Uuid::from_u128(key.into()) };
    let expires_at = moment("2026-11-21T12:00:00Z");
    let hold = Hold {
        claim,
        fingerprint: [2; 32],
        principal: None,
        now: noon(),
        held_until: expires_at,
        expires_at,
    };
    assert_eq!(stores.idempotency.claim(&hold).await.unwrap(), Claimed::Mine);
    assert!(stores.idempotency.settle(&claim, &sealed(body)).await.unwrap());
    claim.holder
}

async fn page(stores: &StoreSet, kind: SealedKind, after: Option<Uuid>, limit: u16) -> Vec<Uuid> {
    let rows = stores.sealed.page(kind, after, limit).await.unwrap();
    rows.into_iter().map(|(id, _)| id).collect()
}

pub async fn sealed_values_are_found_page_by_page_in_the_order_of_their_ids(stores: StoreSet) {
    let mut letters = Vec::new();
    let mut rooms = Vec::new();
    let mut replies = Vec::new();
    for body in ["Aa", "Bb", "Cc"] {
        letters.push(letter(&stores, body).await.id.0);
        rooms.push(room(&stores, Some(body)).await.id.0);
        replies.push(replied(&stores, replies.len() as u8 + 1, body).await);
    }
    room(&stores, None).await;
    for (kind, mut ids) in
        [(SealedKind::Letter, letters), (SealedKind::Passkey, rooms), (SealedKind::Reply, replies)]
    {
        ids.sort();
        assert_eq!(page(&stores, kind, None, 10).await, ids);
        assert_eq!(page(&stores, kind, None, 2).await, ids[..2]);
        assert_eq!(page(&stores, kind, Some(ids[1]), 2).await, ids[2..]);
        assert!(page(&stores, kind, Some(ids[2]), 2).await.is_empty());
    }
}

pub async fn a_sealed_value_is_replaced_only_if_it_is_what_was_read(stores: StoreSet) {
    let (letter, room) = (letter(&stores, "Aa").await, room(&stores, Some("Aa")).await);
    let reply = replied(&stores, 1, "Aa").await;
    let replace = async |kind, id, old: &str, new: &str| {
        stores.sealed.replace(kind, id, &sealed(old), &sealed(new)).await.unwrap()
    };
    for (kind, id) in [
        (SealedKind::Letter, letter.id.0),
        (SealedKind::Passkey, room.id.0),
        (SealedKind::Reply, reply),
    ] {
        assert!(!replace(kind, id, "aa", "Bb").await, "a case is a difference");
        assert!(!replace(kind, Uuid::from_u128(99), "Aa", "Bb").await);
        assert!(replace(kind, id, "Aa", "Bb").await);
        assert!(!replace(kind, id, "Aa", "Cc").await);
        assert_eq!(stores.sealed.page(kind, None, 9).await.unwrap(), [(id, sealed("Bb"))]);
    }
    let expected = Chatroom { passkey: Some(sealed("Bb")), ..room.clone() };
    let found = stores.chatrooms.find(&ChatroomKey::Id(room.id)).await.unwrap().unwrap().room;
    assert_eq!(found, expected, "nothing else of the room changes, its version included");
    let taken = taken_up(&stores, 9).await;
    assert_eq!(
        taken,
        [Dispatch { sealed: sealed("Bb"), attempts: 1, due_at: taken[0].due_at, ..letter }]
    );
}

pub async fn a_room_that_got_or_lost_its_passkey_meanwhile_is_left_alone(stores: StoreSet) {
    let room = room(&stores, Some("Aa")).await;
    let open = Chatroom { passkey: None, version: 2, ..room.clone() };
    assert!(stores.chatrooms.replace(&open, &Sequel::none()).await.unwrap());
    let (id, old, new) = (room.id.0, sealed("Aa"), sealed("Bb"));
    assert!(!stores.sealed.replace(SealedKind::Passkey, id, &old, &new).await.unwrap());
    assert!(page(&stores, SealedKind::Passkey, None, 9).await.is_empty());
}
