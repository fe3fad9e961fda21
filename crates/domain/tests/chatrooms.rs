//! Chatrooms over the in-memory stores: who may do what, and what is refused to whom.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::chatrooms::{ChatroomKey, MemberKey, NewRoom, RoomChange, RoomView};
use domain::page::PageRequest;
use domain::problem::{Fault, Field, Problem, Thing};
use domain::sessions::{Client, LoginLimits};
use domain::users::{Change, User, UserId};
use secrecy::ExposeSecret;
use testkit::a_user;
use testkit::household::Household;

fn named(name: &str) -> NewRoom {
    NewRoom { name: Some(name.into()), ..NewRoom::default() }
}

fn renamed(name: &str) -> RoomChange {
    RoomChange { name: Change::Set(name.into()), ..RoomChange::default() }
}

fn key(room: &RoomView) -> ChatroomKey {
    ChatroomKey::Id(room.room.id)
}

fn from(address: &str) -> Client {
    Client { address: address.parse().ok(), ..Client::default() }
}

fn told(problem: Problem) -> Vec<(Field, Fault)> {
    let Problem::Invalid(errors) = problem else { return Vec::new() };
    errors.into_iter().map(|error| (error.field, error.fault)).collect()
}

/// A household with Ada, Eve and an administrator, and a private room that Ada made.
async fn household() -> (Household, User, User, User, RoomView) {
    furnished(Household::new()).await
}

async fn furnished(house: Household) -> (Household, User, User, User, RoomView) {
    let (ada, eve) = (house.register("ada").await.unwrap(), house.register("eve").await.unwrap());
    let boss = house.register_admin("boss").await.unwrap();
    let sent = NewRoom { passkey: Some("heron".into()), ..named("Ward 7") };
    let room = house.services.chatrooms.create(&ada, &sent).await.unwrap();
    (house, ada, eve, boss, room)
}

fn limited() -> Household {
    let window = Duration::from_secs(600);
    Household::with_limits(LoginLimits {
        enabled: true,
        per_account: 10,
        per_network: 100,
        window,
        delay: Duration::ZERO,
    })
}

#[tokio::test]
async fn who_makes_a_room_is_in_it_and_everybody_once() {
    let (house, ada, eve, boss, _) = household().await;
    let members = vec![
        MemberKey::Number(eve.number),
        MemberKey::Id(eve.id),
        MemberKey::Id(ada.id),
        MemberKey::Number(boss.number),
    ];
    let sent = NewRoom { members, ..named("Größe (1)") };
    let view = house.services.chatrooms.create(&ada, &sent).await.unwrap();
    let ids: Vec<UserId> = view.members.iter().map(|person| person.id).collect();
    assert_eq!(ids, [ada.id, eve.id, boss.id]);
    assert_eq!((view.room.number, view.room.creator, view.message_count), (2, Some(ada.id), 0));
}

#[tokio::test]
async fn all_faults_of_a_room_are_told_at_once() {
    let (house, ada, ..) = household().await;
    let rooms = &house.services.chatrooms;
    let nobody = a_user().build().id;
    let members = vec![
        MemberKey::Number(-1),
        MemberKey::Id(ada.id),
        MemberKey::Id(nobody),
        MemberKey::Nobody("x".repeat(100)),
    ];
    let sent = NewRoom { name: Some("a<b".into()), passkey: Some("k".repeat(21)), members };
    let expected = [
        (Field::Name, Fault::BadChatroomName),
        (Field::Passkey, Fault::TooLong(20)),
        (Field::Members, Fault::Nobody("-1".into())),
        (Field::Members, Fault::Nobody(nobody.to_string())),
        (Field::Members, Fault::Nobody("x".repeat(64))),
    ];
    assert_eq!(told(rooms.create(&ada, &sent).await.unwrap_err()), expected);
    let missing = rooms.create(&ada, &NewRoom::default()).await.unwrap_err();
    assert_eq!(told(missing), [(Field::Name, Fault::Missing)]);
    let crowd = NewRoom { members: vec![MemberKey::Id(ada.id); 1_001], ..named("Crowd") };
    let crowded = rooms.create(&ada, &crowd).await.unwrap_err();
    assert_eq!(told(crowded), [(Field::Members, Fault::TooMany(1_000))]);
    assert_eq!(rooms.list(&PageRequest::first(9)).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_passkey_is_sealed_and_for_members_only() {
    let (house, ada, eve, boss, room) = household().await;
    let rooms = &house.services.chatrooms;
    let shown = format!("{room:?}");
    assert!(!shown.contains("heron"), "{shown}");
    let passkey = rooms.passkey(&ada, &key(&room)).await.unwrap().unwrap();
    assert_eq!(passkey.expose_secret(), "heron");
    for stranger in [&eve, &boss] {
        let refused = rooms.passkey(stranger, &key(&room)).await;
        assert!(matches!(refused, Err(Problem::NotMember)), "an office is no membership");
    }
}

#[tokio::test]
async fn a_private_room_opens_to_its_passkey_and_joining_twice_changes_nothing() {
    let (house, ada, eve, boss, room) = household().await;
    let (rooms, key, client) = (&house.services.chatrooms, key(&room), Client::default());
    for wrong in ["", "Heron", "heron "] {
        let refused = rooms.join(&eve, &key, wrong, &client).await;
        assert!(matches!(refused, Err(Problem::WrongPasskey)), "{wrong:?}");
    }
    assert!(matches!(rooms.join(&boss, &key, "", &client).await, Err(Problem::WrongPasskey)));
    let joined = rooms.join(&eve, &key, "heron", &client).await.unwrap();
    assert_eq!(joined.members.len(), 2);
    let again = rooms.join(&eve, &key, "not asked for", &client).await.unwrap();
    assert_eq!(again, joined);
    assert_eq!(rooms.leave(&eve, &key).await.unwrap().members.len(), 1);
    assert!(matches!(rooms.leave(&eve, &key).await, Err(Problem::NotMember)));
    let public = rooms.create(&ada, &named("Hall")).await.unwrap();
    let public = ChatroomKey::Number(public.room.number);
    assert_eq!(rooms.join(&eve, &public, "", &client).await.unwrap().members.len(), 2);
}

#[tokio::test]
async fn a_person_guesses_a_passkey_ten_times() {
    let (house, ada, eve, boss, room) = furnished(limited()).await;
    let (rooms, key) = (&house.services.chatrooms, key(&room));
    let client = from("192.0.2.1");
    for _ in 0..10 {
        let wrong = rooms.join(&eve, &key, "x", &client).await;
        assert!(matches!(wrong, Err(Problem::WrongPasskey)));
    }
    let spent = rooms.join(&eve, &key, "heron", &from("192.0.2.2")).await;
    let Err(Problem::Throttled(wait)) = spent else { panic!("{spent:?}") };
    assert_eq!(wait, Duration::from_secs(600));
    assert!(rooms.join(&boss, &key, "heron", &client).await.is_ok(), "others are not held up");
    let other = NewRoom { passkey: Some("crane".into()), ..named("Other") };
    let other = ChatroomKey::Id(rooms.create(&ada, &other).await.unwrap().room.id);
    assert!(rooms.join(&eve, &other, "crane", &client).await.is_ok(), "nor at other rooms");
    house.clock.advance(wait);
    assert!(rooms.join(&eve, &key, "heron", &client).await.is_ok());
}

#[tokio::test]
async fn a_right_passkey_is_no_guess() {
    let (house, _, eve, _, room) = furnished(limited()).await;
    let (rooms, key, client) = (&house.services.chatrooms, key(&room), from("192.0.2.1"));
    for _ in 0..12 {
        rooms.join(&eve, &key, "heron", &client).await.unwrap();
        rooms.leave(&eve, &key).await.unwrap();
    }
}

#[tokio::test]
async fn a_network_has_a_budget_that_no_number_of_people_exceeds() {
    let (house, _, eve, _, room) = furnished(limited()).await;
    let (rooms, key, client) = (&house.services.chatrooms, key(&room), from("2001:db8::1"));
    let mut refused = 0;
    for guest in 0..11 {
        let guest = house.register(&format!("guest{guest}")).await.unwrap();
        for _ in 0..10 {
            match rooms.join(&guest, &key, "x", &client).await {
                Err(Problem::WrongPasskey) => refused += 1,
                told => assert!(matches!(told, Err(Problem::Throttled(_))), "{told:?}"),
            }
        }
    }
    assert_eq!(refused, 100);
    let neighbour = rooms.join(&eve, &key, "heron", &from("2001:db8::2")).await;
    assert!(matches!(neighbour, Err(Problem::Throttled(_))));
    assert!(rooms.join(&eve, &key, "heron", &from("2001:db8:1::1")).await.is_ok());
}

#[tokio::test]
async fn members_rename_a_room_and_who_made_it_or_an_administrator_in_it_locks_it() {
    let (house, ada, eve, boss, room) = household().await;
    let (rooms, key) = (&house.services.chatrooms, key(&room));
    for stranger in [&eve, &boss] {
        let refused = rooms.change(stranger, &key, None, &renamed("Mine")).await;
        assert!(matches!(refused, Err(Problem::NotMember)));
        rooms.join(stranger, &key, "heron", &Client::default()).await.unwrap();
    }
    let view = rooms.change(&eve, &key, Some(1), &renamed("Ours")).await.unwrap();
    assert_eq!((view.room.name.as_str(), view.room.version), ("Ours", 2));
    let same = rooms.change(&eve, &key, None, &renamed("Ours")).await.unwrap();
    assert_eq!(same.room.version, 2, "a change that changes nothing is none");
    let late = rooms.change(&eve, &key, Some(1), &renamed("Late")).await;
    assert!(matches!(late, Err(Problem::VersionMismatch)));
    let unlocked = RoomChange { passkey: Change::Clear, ..RoomChange::default() };
    let refused = rooms.change(&eve, &key, None, &unlocked).await;
    assert!(matches!(refused, Err(Problem::NotYours(Thing::Chatroom))));
    let locked = RoomChange { passkey: Change::Set("crane".into()), ..RoomChange::default() };
    assert!(rooms.change(&boss, &key, None, &locked).await.is_ok());
    let view = rooms.change(&ada, &key, None, &unlocked).await.unwrap();
    assert_eq!(view.room.passkey, None);
}

#[tokio::test]
async fn a_room_is_removed_by_who_made_it_or_an_administrator() {
    let (house, ada, eve, boss, room) = household().await;
    let (rooms, key) = (&house.services.chatrooms, key(&room));
    rooms.join(&eve, &key, "heron", &Client::default()).await.unwrap();
    let refused = rooms.delete(&eve, &key, None).await;
    assert!(matches!(refused, Err(Problem::NotYours(Thing::Chatroom))));
    let late = rooms.delete(&ada, &key, Some(7)).await;
    assert!(matches!(late, Err(Problem::VersionMismatch)));
    assert_eq!(rooms.delete(&boss, &key, None).await.unwrap().members.len(), 2);
    let gone = rooms.delete(&ada, &key, None).await;
    assert!(matches!(gone, Err(Problem::NotFound(Thing::Chatroom))));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_by_anybody() {
    let (house, ada, ..) = household().await;
    let (rooms, key, client) =
        (&house.services.chatrooms, ChatroomKey::Number(99), Client::default());
    let is_missing =
        |problem: Option<Problem>| matches!(problem, Some(Problem::NotFound(Thing::Chatroom)));
    let page = PageRequest::first(9);
    assert!(is_missing(rooms.find(&key).await.err()));
    assert!(is_missing(rooms.join(&ada, &key, "", &client).await.err()));
    assert!(is_missing(rooms.leave(&ada, &key).await.err()));
    assert!(is_missing(rooms.passkey(&ada, &key).await.err()));
    assert!(is_missing(rooms.change(&ada, &key, None, &renamed("x")).await.err()));
    let page_of_members = PageRequest::first(9);
    assert!(is_missing(rooms.members(&ada, &key, &page_of_members).await.err()));
    assert!(is_missing(rooms.post(&ada, &key, "hi").await.err()));
    assert!(is_missing(rooms.history(&ada, &key, None, 9).await.err()));
    assert!(is_missing(rooms.page_of(&ada, &key, None, &page).await.err()));
}

#[tokio::test]
async fn a_store_that_is_away_is_no_answer_about_anybody() {
    let (house, ada, _, _, room) = household().await;
    house.stores.set_available(false);
    let rooms = &house.services.chatrooms;
    let away = |problem: Option<Problem>| matches!(problem, Some(Problem::Unavailable(_)));
    assert!(away(rooms.join(&ada, &key(&room), "heron", &Client::default()).await.err()));
    assert!(away(rooms.post(&ada, &key(&room), "hi").await.err()));
    assert!(away(rooms.is_member(&ada, room.room.id).await.err()));
    assert!(away(rooms.create(&ada, &named("x")).await.err()));
}
