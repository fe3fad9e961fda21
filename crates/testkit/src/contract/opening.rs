//! `SessionStore::open` and `SessionStore::find`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::net::IpAddr;

use domain::post::Sequel;
use domain::sessions::{Door, Transport};
use domain::users::Status;

use super::StoreSet;
use super::steps::{added, changed, found, kept, opened, signed_in};
use crate::builders::{a_session, a_user};
use crate::time::moment;

pub async fn a_session_comes_back_whole_with_its_person(stores: StoreSet) {
    let ada = added(&stores, a_user().with_mobile("+4915123456789").admin()).await;
    signed_in(&stores, &added(&stores, a_user()).await).await;
    let session = a_session().of(&ada).with(|session| {
        session.rotated_at = moment("2026-11-20T12:00:00.000001Z");
        session.last_seen_at = moment("2026-11-20T12:00:00.000002Z");
        session.expires_at = moment("2026-11-20T12:00:00.000003Z");
        session.generation = 3;
    });
    let session = opened(&stores, session.build()).await;
    assert_eq!(stores.sessions.find(session.id).await.unwrap(), Some((session, ada)));
}

pub async fn every_door_and_transport_comes_back(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    for door in std::iter::once(Door::V1).chain(Door::COMPAT) {
        for transport in [Transport::Refresh, Transport::Bearer, Transport::Cookie] {
            let session = a_session().of(&ada);
            let session =
                session.with(|session| (session.door, session.transport) = (door, transport));
            let session = opened(&stores, session.build()).await;
            assert_eq!(kept(&stores, session.id).await, Some(session));
        }
    }
}

pub async fn every_kind_of_address_comes_back(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let addresses =
        ["192.0.2.7", "255.255.255.255", "::1", "2001:db8::ff00:42:8329", "::ffff:192.0.2.7"];
    let addresses = addresses.map(|text| Some(text.parse::<IpAddr>().unwrap()));
    for address in addresses.into_iter().chain([None]) {
        let session = a_session().of(&ada).with(|session| session.address = address).build();
        let session = opened(&stores, session).await;
        assert_eq!(kept(&stores, session.id).await, Some(session));
    }
}

pub async fn every_byte_of_a_secrets_hash_comes_back(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    for first in (0..=255_u8).step_by(32) {
        let session = a_session().of(&ada).with(|session| {
            session.secret_hash.0 = std::array::from_fn(|index| first.wrapping_add(index as u8));
            session.user_agent = None;
        });
        let session = opened(&stores, session.build()).await;
        assert_eq!(kept(&stores, session.id).await, Some(session));
    }
}

pub async fn a_session_of_nobody_is_not_kept(stores: StoreSet) {
    let nobody = a_user().build();
    let session = a_session().of(&nobody).build();
    assert!(!stores.sessions.open(&session, &Sequel::none()).await.unwrap());
    assert_eq!(kept(&stores, session.id).await, None);
    let gone = added(&stores, a_user()).await;
    assert!(stores.users.delete(gone.id, None, &Sequel::none()).await.unwrap());
    assert!(!stores.sessions.open(&a_session().of(&gone).build(), &Sequel::none()).await.unwrap());
}

pub async fn a_session_that_nobody_opened_is_not_found(stores: StoreSet) {
    signed_in(&stores, &added(&stores, a_user()).await).await;
    assert_eq!(stores.sessions.find(a_session().build().id).await.unwrap(), None);
}

pub async fn a_person_may_have_many_sessions(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    for _ in 0..5 {
        let session = signed_in(&stores, &ada).await;
        assert_eq!(kept(&stores, session.id).await, Some(session));
    }
    assert_eq!(stores.sessions.close_all(ada.id, None, &Sequel::none()).await.unwrap(), 5);
}

pub async fn expired_sessions_and_those_of_an_older_epoch_are_found(stores: StoreSet) {
    let ada = added(&stores, a_user().with(|user| user.epoch = 5)).await;
    let expired = a_session().of(&ada).expires_at(moment("2020-01-01T00:00:00Z")).build();
    let older = a_session().of(&ada).with(|session| session.epoch = 4).build();
    for session in [expired, older] {
        let session = opened(&stores, session).await;
        assert_eq!(kept(&stores, session.id).await, Some(session));
    }
}

pub async fn a_session_is_found_with_its_person_as_it_is_now(stores: StoreSet) {
    let ada = added(&stores, a_user()).await;
    let session = signed_in(&stores, &ada).await;
    let next = changed(&ada, |user| {
        user.display_name = Some("Countess".into());
        user.status = Status::Inactive;
    });
    assert!(stores.users.replace(&next, &Sequel::none()).await.unwrap());
    assert_eq!(stores.sessions.find(session.id).await.unwrap(), Some((session, next.clone())));
    assert_eq!(found(&stores, ada.id).await, Some(next));
}
