//! `ChatroomStore`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::chatrooms::{Chatroom, ChatroomKey, MemberCursor, Person, RoomCursor, RoomView};
use domain::page::PageRequest;
use domain::post::Sequel;
use domain::sealing::Sealed;
use domain::users::User;

use super::StoreSet;
use super::steps::added;
use crate::builders::{a_message, a_room, a_user};
use crate::time::{moment, noon};

/// A room that this person made, with these people in it.
pub(super) async fn opened(stores: &StoreSet, creator: &User, others: &[&User]) -> Chatroom {
    let room = a_room(Some(creator.id));
    let members: Vec<_> = [creator].iter().chain(others).map(|user| user.id).collect();
    let number = stores.chatrooms.create(&room, &members, &Sequel::none()).await.unwrap();
    Chatroom { number, ..room }
}

async fn found(stores: &StoreSet, room: &Chatroom) -> Option<RoomView> {
    stores.chatrooms.find(&ChatroomKey::Id(room.id)).await.unwrap()
}

async fn people_in(stores: &StoreSet, room: &Chatroom) -> Vec<Person> {
    found(stores, room).await.unwrap().members
}

pub async fn a_room_is_found_by_every_key_and_comes_back_whole(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let eve = added(&stores, a_user().bare()).await;
    opened(&stores, &ada, &[]).await;
    let room = Chatroom {
        name: "Größe & (1)".into(),
        passkey: Some(Sealed("v1.0123abcd.AAAA".into())),
        updated_at: moment("2026-11-20T12:34:56.789012Z"),
        ..a_room(Some(ada.id))
    };
    let number = stores.chatrooms.create(&room, &[ada.id, eve.id], &Sequel::none()).await.unwrap();
    let room = Chatroom { number, ..room };
    let members = vec![Person::from(&ada), Person::from(&eve)];
    let expected = RoomView { room: room.clone(), members, message_count: 0 };
    for key in [ChatroomKey::Id(room.id), ChatroomKey::Number(number)] {
        assert_eq!(stores.chatrooms.find(&key).await.unwrap().as_ref(), Some(&expected));
    }
    assert_eq!(stores.chatrooms.find(&ChatroomKey::Number(number + 1)).await.unwrap(), None);
}

pub async fn a_room_is_seen_with_whether_one_is_in_it(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[]).await;
    for key in [ChatroomKey::Id(room.id), ChatroomKey::Number(room.number)] {
        for (user, is_in) in [(ada.id, true), (eve.id, false), (a_user().build().id, false)] {
            let seen = stores.chatrooms.seen_by(&key, user).await.unwrap();
            assert_eq!(seen, Some((room.clone(), is_in)));
        }
    }
    let gone = ChatroomKey::Id(a_room(None).id);
    assert_eq!(stores.chatrooms.seen_by(&gone, ada.id).await.unwrap(), None);
}

pub async fn who_exists_is_known_by_id_and_by_number(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    added(&stores, a_user()).await;
    let nobody = a_user().build().id;
    let numbers = [eve.number, eve.number, -1, i64::MAX];
    let mut known = stores.chatrooms.known(&[ada.id, nobody], &numbers).await.unwrap();
    known.sort_unstable_by_key(|(_, number)| *number);
    assert_eq!(known, [(ada.id, ada.number), (eve.id, eve.number)]);
    assert_eq!(stores.chatrooms.known(&[], &[]).await.unwrap(), []);
    let many: Vec<i64> = (1..=1_000).map(|n| eve.number + n).collect();
    assert!(stores.chatrooms.known(&[nobody; 1_000], &many).await.unwrap().len() <= 1);
}

pub async fn people_who_are_gone_are_left_out_of_a_new_room(stores: StoreSet) {
    let (ada, nobody) = (added(&stores, a_user()).await, a_user().build());
    let room = opened(&stores, &ada, &[&nobody]).await;
    assert_eq!(people_in(&stores, &room).await, [Person::from(&ada)]);
}

pub async fn room_numbers_are_not_used_again(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let mut last = 0;
    for _ in 0..3 {
        let room = opened(&stores, &ada, &[]).await;
        assert!(room.number > last);
        assert!(stores.chatrooms.delete(room.id, None).await.unwrap());
        last = room.number;
    }
}

pub async fn name_and_passkey_of_a_room_are_replaced_in_its_version_only(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let next = Chatroom {
        name: "Other".into(),
        passkey: Some(Sealed("v1.0123abcd.BBBB".into())),
        creator: None,
        version: 2,
        updated_at: moment("2026-11-20T13:00:00Z"),
        ..room.clone()
    };
    assert!(stores.chatrooms.replace(&next, &Sequel::none()).await.unwrap());
    assert!(!stores.chatrooms.replace(&next, &Sequel::none()).await.unwrap());
    let expected = Chatroom { creator: Some(ada.id), ..next };
    assert_eq!(found(&stores, &room).await.unwrap().room, expected);
    assert!(!stores.chatrooms.delete(room.id, Some(1)).await.unwrap());
    assert!(stores.chatrooms.delete(room.id, Some(2)).await.unwrap());
    assert!(!stores.chatrooms.delete(room.id, None).await.unwrap());
}

pub async fn who_joins_is_in_until_it_leaves(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[]).await;
    let is_in = || stores.chatrooms.is_member(room.id, eve.id);
    assert!(!is_in().await.unwrap());
    assert!(stores.chatrooms.join(room.id, eve.id, noon(), &Sequel::none()).await.unwrap());
    assert!(!stores.chatrooms.join(room.id, eve.id, noon(), &Sequel::none()).await.unwrap());
    assert!(is_in().await.unwrap());
    assert!(stores.chatrooms.leave(room.id, eve.id).await.unwrap());
    assert!(!stores.chatrooms.leave(room.id, eve.id).await.unwrap());
    assert!(!is_in().await.unwrap());
    assert_eq!(people_in(&stores, &room).await, [Person::from(&ada)]);
}

pub async fn nobody_joins_a_room_that_is_gone_and_nobody_who_is_gone_joins(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let nobody = a_user().build();
    assert!(!stores.chatrooms.join(room.id, nobody.id, noon(), &Sequel::none()).await.unwrap());
    let gone = a_room(None);
    assert!(!stores.chatrooms.join(gone.id, ada.id, noon(), &Sequel::none()).await.unwrap());
}

pub async fn rooms_are_listed_by_number_all_or_those_of_one_person(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let mut rooms = Vec::new();
    for turn in 0..5 {
        let others: &[&User] = if turn % 2 == 0 { &[&eve] } else { &[] };
        rooms.push(opened(&stores, &ada, others).await);
    }
    for (member, expected) in [
        (None, vec![0, 1, 2, 3, 4]),
        (Some(eve.id), vec![0, 2, 4]),
        (Some(a_user().build().id), vec![]),
    ] {
        let (mut listed, mut page) = (Vec::new(), PageRequest::first(2));
        loop {
            let found = stores.chatrooms.list(member, &page).await.unwrap();
            listed.extend(found.items.into_iter().map(|view| view.room));
            let Some(RoomCursor { number }) = found.next else { break };
            page = PageRequest::after(2, RoomCursor { number });
        }
        let expected: Vec<Chatroom> =
            expected.into_iter().map(|n: usize| rooms[n].clone()).collect();
        assert_eq!(listed, expected);
    }
}

pub async fn members_are_paged_by_their_numbers(stores: StoreSet) {
    let mut people = Vec::new();
    for _ in 0..5 {
        people.push(added(&stores, a_user()).await);
    }
    let others: Vec<&User> = people.iter().skip(1).rev().collect();
    let room = opened(&stores, &people[0], &others).await;
    let (mut listed, mut page) = (Vec::new(), PageRequest::first(2));
    loop {
        let found = stores.chatrooms.members(room.id, &page).await.unwrap();
        listed.extend(found.items);
        let Some(MemberCursor { number }) = found.next else { break };
        page = PageRequest::after(2, MemberCursor { number });
    }
    assert_eq!(listed, people.iter().map(Person::from).collect::<Vec<_>>());
}

pub async fn a_room_outlives_whoever_made_it_and_a_member_who_is_gone_is_in_none(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[&eve]).await;
    assert!(stores.users.delete(ada.id, None, &Sequel::none()).await.unwrap());
    let view = found(&stores, &room).await.unwrap();
    assert_eq!(view.room.creator, None);
    assert_eq!(view.members, [Person::from(&eve)]);
}

pub async fn the_latest_sequence_counts_what_was_removed_too(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let (room, quiet) = (opened(&stores, &ada, &[]).await, opened(&stores, &ada, &[]).await);
    let message = a_message(room.id, ada.id, "hi");
    stores.messages.post(&message, &Sequel::none()).await.unwrap().unwrap();
    assert!(stores.messages.delete(message.id, None).await.unwrap());
    let asked = [room.id, quiet.id, a_room(None).id];
    let mut latest = stores.chatrooms.latest(&asked).await.unwrap();
    latest.sort_unstable_by_key(|(_, sequence)| *sequence);
    assert_eq!(latest, [(quiet.id, 0), (room.id, 1)]);
    assert_eq!(found(&stores, &room).await.unwrap().message_count, 0);
}
