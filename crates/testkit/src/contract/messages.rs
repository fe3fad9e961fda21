//! `MessageStore`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::chatrooms::{
    Chatroom, Message, MessageCursor, MessageKey, MessageView, Person, Posted,
};
use domain::page::PageRequest;
use domain::post::Sequel;
use domain::users::User;

use super::StoreSet;
use super::rooms::opened;
use super::steps::added;
use crate::builders::{a_message, a_user};
use crate::time::{moment, noon};

/// What this person says in this room.
pub(super) async fn said(stores: &StoreSet, room: &Chatroom, author: &User, text: &str) -> Message {
    let message = a_message(room.id, author.id, text);
    let Posted { number, sequence } =
        stores.messages.post(&message, &Sequel::none()).await.unwrap().unwrap();
    Message { number, sequence, ..message }
}

async fn found(stores: &StoreSet, message: &Message) -> Option<MessageView> {
    stores.messages.find(&MessageKey::Id(message.id)).await.unwrap()
}

fn texts(views: &[MessageView]) -> Vec<&str> {
    views.iter().map(|view| view.message.text.as_str()).collect()
}

pub async fn a_message_is_found_by_every_key_and_comes_back_whole(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let message = said(&stores, &room, &ada, "Zoë 😀\n\t\"quoted\"").await;
    let expected = MessageView {
        message: message.clone(),
        author: Person::from(&ada),
        room_name: room.name.clone(),
        likers: Vec::new(),
    };
    for key in [MessageKey::Id(message.id), MessageKey::Number(message.number)] {
        assert_eq!(stores.messages.find(&key).await.unwrap().as_ref(), Some(&expected));
    }
    let other = MessageKey::Number(message.number + 1);
    assert_eq!(stores.messages.find(&other).await.unwrap(), None);
}

pub async fn the_longest_message_comes_back_and_is_searched(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let text = format!("needle {}", "😀".repeat(4_993));
    let message = said(&stores, &room, &ada, &text).await;
    assert_eq!(found(&stores, &message).await.unwrap().message.text, text);
    let page = stores.messages.page(room.id, Some("NEEDLE"), &PageRequest::first(5)).await.unwrap();
    assert_eq!(page.items.len(), 1);
    // Each of these becomes eighteen letters where texts are compared.
    said(&stores, &room, &ada, &"\u{fdfa}".repeat(5_000)).await;
}

pub async fn each_room_counts_its_own_messages_and_only_members_say_any(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let (one, other) = (opened(&stores, &ada, &[]).await, opened(&stores, &ada, &[]).await);
    assert_eq!(said(&stores, &one, &ada, "a").await.sequence, 1);
    assert_eq!(said(&stores, &other, &ada, "b").await.sequence, 1);
    let by_stranger = a_message(one.id, eve.id, "c");
    assert_eq!(stores.messages.post(&by_stranger, &Sequel::none()).await.unwrap(), None);
    assert_eq!(found(&stores, &by_stranger).await, None);
    assert_eq!(said(&stores, &one, &ada, "d").await.sequence, 2, "a refused one does not count");
    assert!(stores.chatrooms.delete(one.id, None).await.unwrap());
    assert_eq!(
        stores.messages.post(&a_message(one.id, ada.id, "e"), &Sequel::none()).await.unwrap(),
        None
    );
}

pub async fn a_text_is_edited_in_its_version_only(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let message = said(&stores, &room, &ada, "before").await;
    let at = moment("2026-11-20T13:00:00Z");
    let next = Message { text: "after".into(), version: 2, updated_at: at, ..message.clone() };
    assert!(stores.messages.edit(&next, &Sequel::none()).await.unwrap());
    assert!(!stores.messages.edit(&next, &Sequel::none()).await.unwrap());
    assert_eq!(found(&stores, &message).await.unwrap().message, next);
    let page = stores.messages.page(room.id, Some("after"), &PageRequest::first(5)).await.unwrap();
    assert_eq!(page.items.len(), 1, "the new text is searched");
    assert!(!stores.messages.delete(message.id, Some(1)).await.unwrap());
    assert!(stores.messages.delete(message.id, Some(2)).await.unwrap());
    assert_eq!(found(&stores, &message).await, None);
}

pub async fn a_like_counts_once_and_can_be_taken_back(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[&eve]).await;
    let message = said(&stores, &room, &ada, "hi").await;
    let like = |user: &User, likes| stores.messages.like(message.id, user.id, likes, noon());
    assert!(like(&eve, true).await.unwrap());
    assert!(!like(&eve, true).await.unwrap());
    assert_eq!(found(&stores, &message).await.unwrap().likers, [Person::from(&eve)]);
    assert!(like(&eve, false).await.unwrap());
    assert!(!like(&eve, false).await.unwrap());
    let nobody = a_user().build();
    assert!(!like(&nobody, true).await.unwrap());
    assert_eq!(found(&stores, &message).await.unwrap().likers, []);
}

pub async fn a_like_is_toggled(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[&eve]).await;
    let message = said(&stores, &room, &ada, "hi").await;
    let toggle = |user: &User| stores.messages.toggle_like(message.id, user.id, noon());
    assert!(stores.messages.like(message.id, eve.id, true, noon()).await.unwrap());
    assert!(toggle(&ada).await.unwrap());
    assert!(!toggle(&eve).await.unwrap());
    assert_eq!(found(&stores, &message).await.unwrap().likers, [Person::from(&ada)]);
    assert!(!toggle(&a_user().build()).await.unwrap());
    let unsaid = a_message(room.id, ada.id, "unsaid").id;
    assert!(!stores.messages.toggle_like(unsaid, ada.id, noon()).await.unwrap());
    assert_eq!(found(&stores, &message).await.unwrap().message, message, "its version stays");
}

pub async fn what_a_person_said_and_liked_goes_with_it_and_nothing_else(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[&eve]).await;
    let (kept, gone) =
        (said(&stores, &room, &ada, "stays").await, said(&stores, &room, &eve, "goes").await);
    stores.messages.like(kept.id, eve.id, true, noon()).await.unwrap();
    stores.messages.like(kept.id, ada.id, true, noon()).await.unwrap();
    assert!(stores.users.delete(eve.id, None, &Sequel::none()).await.unwrap());
    assert_eq!(found(&stores, &gone).await, None);
    assert_eq!(found(&stores, &kept).await.unwrap().likers, [Person::from(&ada)]);
}

pub async fn messages_are_read_upward_after_a_sequence_and_the_last_before_a_number(
    stores: StoreSet,
) {
    let ada = added(&stores, a_user()).await;
    let (room, other) = (opened(&stores, &ada, &[]).await, opened(&stores, &ada, &[]).await);
    let mut messages = Vec::new();
    for text in ["a", "b", "c", "d"] {
        messages.push(said(&stores, &room, &ada, text).await);
        said(&stores, &other, &ada, "elsewhere").await;
    }
    assert_eq!(texts(&stores.messages.after(room.id, 0, 2).await.unwrap()), ["a", "b"]);
    assert_eq!(texts(&stores.messages.after(room.id, 2, 9).await.unwrap()), ["c", "d"]);
    assert_eq!(texts(&stores.messages.after(room.id, 4, 9).await.unwrap()), Vec::<&str>::new());
    assert_eq!(texts(&stores.messages.before(room.id, None, 2).await.unwrap()), ["c", "d"]);
    let before = Some(messages[2].number);
    assert_eq!(texts(&stores.messages.before(room.id, before, 9).await.unwrap()), ["a", "b"]);
}

pub async fn a_search_is_literal_in_any_case_and_paged(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    for text in ["100% Über", "a_b", "a!b \\ c", "plain über", "uber"] {
        said(&stores, &room, &ada, text).await;
    }
    let find = async |part: &'static str| {
        let (mut found, mut page) = (Vec::new(), PageRequest::first(1));
        loop {
            let one = stores.messages.page(room.id, Some(part), &page).await.unwrap();
            found.extend(one.items.into_iter().map(|view| view.message.text));
            let Some(MessageCursor { number }) = one.next else { return found };
            page = PageRequest::after(1, MessageCursor { number });
        }
    };
    assert_eq!(find("ÜBER").await, ["100% Über", "plain über"]);
    assert_eq!(find("%").await, ["100% Über"]);
    assert_eq!(find("_").await, ["a_b"]);
    assert_eq!(find("!").await, ["a!b \\ c"]);
    assert_eq!(find("\\").await, ["a!b \\ c"]);
    assert_eq!(find("nothing").await, Vec::<String>::new());
}

pub async fn the_last_of_each_of_my_rooms_and_all_of_mine_in_them(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let one = opened(&stores, &ada, &[&eve]).await;
    let (two, left) = (opened(&stores, &ada, &[]).await, opened(&stores, &eve, &[&ada]).await);
    opened(&stores, &ada, &[]).await;
    said(&stores, &one, &ada, "first").await;
    said(&stores, &left, &ada, "in a room that I left").await;
    said(&stores, &two, &ada, "second").await;
    said(&stores, &one, &eve, "third").await;
    let removed = said(&stores, &one, &ada, "removed").await;
    stores.messages.delete(removed.id, None).await.unwrap();
    stores.chatrooms.leave(left.id, ada.id).await.unwrap();
    assert_eq!(texts(&stores.messages.latest_of(ada.id).await.unwrap()), ["second", "third"]);
    let mine = stores.messages.written_by(ada.id, &PageRequest::first(9)).await.unwrap();
    assert_eq!(texts(&mine.items), ["first", "second"]);
}

pub async fn all_that_was_said_and_liked_in_a_room_goes_with_it(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let (gone, kept) = (opened(&stores, &ada, &[]).await, opened(&stores, &ada, &[]).await);
    let there = said(&stores, &gone, &ada, "goes").await;
    stores.messages.like(there.id, ada.id, true, noon()).await.unwrap();
    let here = said(&stores, &kept, &ada, "stays").await;
    assert!(stores.chatrooms.delete(gone.id, None).await.unwrap());
    assert_eq!(found(&stores, &there).await, None);
    assert!(!stores.chatrooms.is_member(gone.id, ada.id).await.unwrap());
    assert_eq!(texts(&stores.messages.latest_of(ada.id).await.unwrap()), ["stays"]);
    let mine = stores.messages.written_by(ada.id, &PageRequest::first(9)).await.unwrap();
    assert_eq!(mine.items.into_iter().map(|view| view.message).collect::<Vec<_>>(), [here]);
}
