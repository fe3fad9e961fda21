//! Messages over the in-memory stores: who may say, read, change and like them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::chatrooms::{ChatroomKey, MessageKey, MessageView, NewRoom};
use domain::page::PageRequest;
use domain::problem::{Fault, Field, Problem, Thing};
use domain::sessions::Client;
use domain::users::User;
use testkit::household::Household;

/// A household with Ada and Eve in one room, a stranger, and what Ada said there.
async fn household() -> (Household, User, User, User, MessageView) {
    let house = Household::new();
    let (ada, eve) = (house.register("ada").await.unwrap(), house.register("eve").await.unwrap());
    let boss = house.register_admin("boss").await.unwrap();
    let rooms = &house.services.chatrooms;
    let sent = NewRoom { name: Some("Ward 7".into()), ..NewRoom::default() };
    let room = rooms.create(&ada, &sent).await.unwrap().room;
    rooms.join(&eve, &ChatroomKey::Id(room.id), "", &Client::default()).await.unwrap();
    let said = rooms.post(&ada, &ChatroomKey::Id(room.id), "Who has\nthe key?").await.unwrap();
    (house, ada, eve, boss, said)
}

fn room(said: &MessageView) -> ChatroomKey {
    ChatroomKey::Id(said.message.chatroom_id)
}

fn key(said: &MessageView) -> MessageKey {
    MessageKey::Id(said.message.id)
}

fn texts(views: &[MessageView]) -> Vec<&str> {
    views.iter().map(|view| view.message.text.as_str()).collect()
}

#[tokio::test]
async fn what_is_said_is_shown_with_who_and_where() {
    let (house, ada, eve, _, said) = household().await;
    assert_eq!((said.message.number, said.message.sequence, said.message.version), (1, 1, 1));
    assert_eq!((said.author.id, said.room_name.as_str()), (ada.id, "Ward 7"));
    let read = house.services.chatrooms.message(&eve, &MessageKey::Number(1)).await.unwrap();
    assert_eq!(read, said);
}

#[tokio::test]
async fn whoever_listens_is_told() {
    let (house, _, eve, _, said) = household().await;
    let (rooms, id) = (&house.services.chatrooms, said.message.chatroom_id);
    assert_eq!(rooms.latest_sequence(id).await.unwrap(), 1);
    let listening = {
        let rooms = rooms.clone();
        tokio::spawn(async move { rooms.later_than(id, 1).await })
    };
    rooms.post(&eve, &room(&said), "I do").await.unwrap();
    assert_eq!(listening.await.unwrap(), 2);
    assert_eq!(texts(&rooms.after(id, 1, 64).await.unwrap()), ["I do"]);
}

#[tokio::test]
async fn a_text_says_something_and_no_controls() {
    let (house, ada, _, _, said) = household().await;
    let long = "é".repeat(5_001);
    for (text, fault) in [
        ("", Fault::TooShort(1)),
        (" \n\t", Fault::TooShort(1)),
        (long.as_str(), Fault::TooLong(5_000)),
        ("a\0b", Fault::ControlCharacter),
    ] {
        let posted = house.services.chatrooms.post(&ada, &room(&said), text).await;
        let edited = house.services.chatrooms.edit(&ada, &key(&said), None, text).await;
        for refused in [posted, edited] {
            let Err(Problem::Invalid(faults)) = refused else { panic!("{refused:?}") };
            assert_eq!((faults[0].field, &faults[0].fault), (Field::Text, &fault));
        }
    }
}

#[tokio::test]
async fn rooms_are_closed_to_strangers_whatever_their_office() {
    let (house, _, _, boss, said) = household().await;
    let rooms = &house.services.chatrooms;
    let is_closed = |problem: Option<Problem>| matches!(problem, Some(Problem::NotMember));
    let page = PageRequest::first(9);
    assert!(is_closed(rooms.post(&boss, &room(&said), "hi").await.err()));
    assert!(is_closed(rooms.history(&boss, &room(&said), None, 9).await.err()));
    assert!(is_closed(rooms.page_of(&boss, &room(&said), Some("key"), &page).await.err()));
    assert!(is_closed(rooms.message(&boss, &key(&said)).await.err()));
    assert!(is_closed(rooms.like(&boss, &key(&said), true).await.err()));
    assert!(is_closed(rooms.toggle_like(&boss, &key(&said)).await.err()));
    assert!(rooms.latest_of(&boss).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_is_changed_and_removed_by_who_said_it() {
    let (house, ada, eve, boss, said) = household().await;
    let (rooms, key) = (&house.services.chatrooms, key(&said));
    for other in [&eve, &boss] {
        let edited = rooms.edit(other, &key, None, "mine").await;
        assert!(matches!(edited, Err(Problem::NotYours(Thing::Message))));
        let removed = rooms.retract(other, &key, None).await;
        assert!(matches!(removed, Err(Problem::NotYours(Thing::Message))));
    }
    let edited = rooms.edit(&ada, &key, Some(1), "Found it").await.unwrap();
    assert_eq!((edited.message.text.as_str(), edited.message.version), ("Found it", 2));
    let same = rooms.edit(&ada, &key, None, "Found it").await.unwrap();
    assert_eq!(same.message.version, 2, "a change that changes nothing is none");
    let late = rooms.edit(&ada, &key, Some(1), "late").await;
    assert!(matches!(late, Err(Problem::VersionMismatch)));
    assert!(matches!(rooms.retract(&ada, &key, Some(1)).await, Err(Problem::VersionMismatch)));
    assert_eq!(rooms.retract(&ada, &key, Some(2)).await.unwrap().message, edited.message);
    for gone in [rooms.retract(&ada, &key, None).await, rooms.message(&eve, &key).await] {
        assert!(matches!(gone, Err(Problem::NotFound(Thing::Message))));
    }
}

#[tokio::test]
async fn a_like_counts_once_and_is_toggled() {
    let (house, _, eve, _, said) = household().await;
    let (rooms, key) = (&house.services.chatrooms, key(&said));
    for _ in 0..2 {
        let view = rooms.like(&eve, &key, true).await.unwrap();
        assert_eq!(view.likers.iter().map(|liker| liker.id).collect::<Vec<_>>(), [eve.id]);
    }
    assert!(rooms.toggle_like(&eve, &key).await.unwrap().likers.is_empty());
    assert_eq!(rooms.toggle_like(&eve, &key).await.unwrap().likers.len(), 1);
    for _ in 0..2 {
        assert!(rooms.like(&eve, &key, false).await.unwrap().likers.is_empty());
    }
}

#[tokio::test]
async fn all_of_mine_is_what_i_said_where_i_am() {
    let (house, ada, eve, _, said) = household().await;
    let rooms = &house.services.chatrooms;
    rooms.post(&eve, &room(&said), "I do").await.unwrap();
    let first = PageRequest::first(1);
    let mine = rooms.written_by(&ada, &first).await.unwrap();
    assert_eq!((texts(&mine.items), mine.next), (vec!["Who has\nthe key?"], None));
    assert_eq!(texts(&rooms.latest_of(&ada).await.unwrap()), ["I do"]);
    rooms.leave(&ada, &room(&said)).await.unwrap();
    assert!(rooms.written_by(&ada, &first).await.unwrap().items.is_empty());
    assert!(rooms.latest_of(&ada).await.unwrap().is_empty());
}
