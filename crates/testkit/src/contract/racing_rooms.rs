//! What may happen once in a chatroom happens once, and what is said there is heard in one order.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::chatrooms::{ChatroomKey, Message, MessageKey, Person};
use domain::post::Sequel;

use super::StoreSet;
use super::messages::said;
use super::rooms::opened;
use super::steps::{added, at_once};
use crate::builders::{a_message, a_user};
use crate::time::noon;

async fn likers(stores: &StoreSet, message: &Message) -> Vec<Person> {
    stores.messages.find(&MessageKey::Id(message.id)).await.unwrap().unwrap().likers
}

pub async fn of_20_joins_at_once_one_is_told_true(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[]).await;
    let joining = |_| {
        let (stores, room, eve) = (stores.clone(), room.id, eve.id);
        async move { stores.chatrooms.join(room, eve, noon(), &Sequel::none()).await.unwrap() }
    };
    let told = at_once((0..20).map(joining)).await;
    assert_eq!(told.into_iter().filter(|told| *told).count(), 1);
    let view = stores.chatrooms.find(&ChatroomKey::Id(room.id)).await.unwrap().unwrap();
    assert_eq!(view.members.len(), 2);
}

pub async fn of_40_who_speak_at_once_all_are_heard_in_one_order_without_a_gap(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let speaking = |turn: u32| {
        let message = a_message(room.id, ada.id, &turn.to_string());
        let stores = stores.clone();
        async move { stores.messages.post(&message, &Sequel::none()).await.unwrap().unwrap().sequence }
    };
    let listening = {
        let (stores, room) = (stores.clone(), room.id);
        tokio::spawn(async move {
            let mut heard = Vec::new();
            while heard.len() < 40 {
                let after = heard.last().copied().unwrap_or_default();
                let views = stores.messages.after(room, after, 64).await.unwrap();
                heard.extend(views.iter().map(|view| view.message.sequence));
            }
            heard
        })
    };
    let mut sequences = at_once((0..40).map(speaking)).await;
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=40).collect::<Vec<i64>>());
    assert_eq!(listening.await.unwrap(), sequences, "whoever listens misses none");
}

pub async fn who_leaves_while_speaking_is_heard_before_or_not_at_all(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[&eve]).await;
    let acting = |turn: u32| {
        let (stores, id, eve) = (stores.clone(), room.id, eve.id);
        let message = a_message(id, eve, &turn.to_string());
        async move {
            if turn == 8 {
                assert!(stores.chatrooms.leave(id, eve).await.unwrap());
                return None;
            }
            stores.messages.post(&message, &Sequel::none()).await.unwrap()
        }
    };
    let posted = at_once((0..16).map(acting)).await;
    let heard = stores.messages.after(room.id, 0, 64).await.unwrap();
    assert_eq!(heard.len(), posted.into_iter().flatten().count());
    assert_eq!(
        stores.messages.post(&a_message(room.id, eve.id, "late"), &Sequel::none()).await.unwrap(),
        None
    );
}

pub async fn of_20_likes_at_once_one_is_told_true(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let message = said(&stores, &room, &ada, "hi").await;
    let liking = |_| {
        let (stores, id, user) = (stores.clone(), message.id, ada.id);
        async move { stores.messages.like(id, user, true, noon()).await.unwrap() }
    };
    let told = at_once((0..20).map(liking)).await;
    assert_eq!(told.into_iter().filter(|told| *told).count(), 1);
    assert_eq!(likers(&stores, &message).await.len(), 1);
}

pub async fn toggles_at_once_follow_one_another(stores: StoreSet) {
    let (ada, eve) = (added(&stores, a_user()).await, added(&stores, a_user()).await);
    let room = opened(&stores, &ada, &[&eve]).await;
    let message = said(&stores, &room, &ada, "hi").await;
    let toggling = |turn: u32| {
        // Twenty of one person's, nineteen of the other's.
        let user = if turn < 20 { ada.id } else { eve.id };
        let (stores, id) = (stores.clone(), message.id);
        async move { stores.messages.toggle_like(id, user, noon()).await.unwrap() }
    };
    let told = at_once((0..39).map(toggling)).await;
    let liked = |told: &[bool]| told.iter().filter(|likes| **likes).count();
    assert_eq!((liked(&told[..20]), liked(&told[20..])), (10, 10));
    assert_eq!(likers(&stores, &message).await, [Person::from(&eve)]);
}

pub async fn of_16_removals_and_of_16_edits_of_one_message_at_once_one_is_told_true(
    stores: StoreSet,
) {
    let ada = added(&stores, a_user()).await;
    let room = opened(&stores, &ada, &[]).await;
    let message = said(&stores, &room, &ada, "hi").await;
    let editing = |turn: u32| {
        let (stores, text) = (stores.clone(), turn.to_string());
        let next = Message { text, version: 2, ..message.clone() };
        async move { stores.messages.edit(&next, &Sequel::none()).await.unwrap() }
    };
    let told = at_once((0..16).map(editing)).await;
    assert_eq!(told.into_iter().filter(|told| *told).count(), 1);
    let removing = |_| {
        let (stores, id) = (stores.clone(), message.id);
        async move { stores.messages.delete(id, Some(2)).await.unwrap() }
    };
    let told = at_once((0..16).map(removing)).await;
    assert_eq!(told.into_iter().filter(|told| *told).count(), 1);
}
