//! Texts, times and counters come back as they were given.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use domain::users::{PasswordHash, User};

use super::StoreSet;
use super::steps::{added, found, kept, opened};
use crate::builders::{a_session, a_user};
use crate::time::moment;

/// Texts that have been lost, cut or changed on the way through one database or another.
const TEXTS: &[&str] = &[
    "O'Brien",
    "\"quoted\"",
    "`tick`",
    "50%",
    "a_b",
    "back\\slash",
    "trailing\\",
    "'; DROP TABLE users; --",
    "\\'",
    "$1 ?1 :name @name",
    "{}",
    "null",
    "Zoe\u{308}",
    "Zoë",
    "ﬁ",
    "😀",
    "👩‍🔬",
    "🇩🇪",
    "\u{2028}\u{2029}",
    "\u{feff}bom",
    "trailing ",
    " leading",
    "日本語",
    "שלום",
    "\u{10ffff}",
    "\u{e000}",
    "\u{fffd}",
];

pub async fn texts_come_back_byte_for_byte(stores: StoreSet) {
    for text in TEXTS {
        let given = Some((*text).to_owned());
        let ada = added(&stores, a_user().with(|user| give_texts(user, given.as_ref()))).await;
        assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada), "{text:?}");
        let session = a_session().of(&ada).with(|session| session.user_agent = given);
        let session = opened(&stores, session.build()).await;
        assert_eq!(kept(&stores, session.id).await, Some(session), "{text:?}");
    }
}

fn give_texts(user: &mut User, text: Option<&String>) {
    user.first_name = text.cloned();
    user.last_name = text.cloned();
    user.display_name = text.cloned();
    user.facility_id = text.cloned();
    user.profile_picture = text.cloned();
}

pub async fn texts_of_full_length_come_back_in_letters_of_four_bytes(stores: StoreSet) {
    let long = "\u{1f600}".repeat(50);
    let longest = Some("\u{1f600}".repeat(255));
    let ada = a_user().with(|user| {
        give_texts(user, Some(&long));
        user.profile_picture = longest.clone();
    });
    let ada = added(&stores, ada).await;
    assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada));
    let session = a_session().of(&ada).with(|session| session.user_agent = longest).build();
    let session = opened(&stores, session).await;
    assert_eq!(kept(&stores, session.id).await, Some(session));
}

pub async fn password_hashes_of_every_scheme_come_back_whole(stores: StoreSet) {
    let notations = [
        format!("$2b$12${}", "x".repeat(53)),
        format!("pbkdf2_sha256$1000000${}${}=", "s".repeat(22), "h".repeat(43)),
        format!("scrypt:32768:8:1${}${}", "s".repeat(16), "0f".repeat(64)),
        format!("$argon2id$v=19$m=65536,t=3,p=4${}${}", "s".repeat(22), "h".repeat(43)),
    ];
    for notation in notations {
        let hash = PasswordHash::new(notation.clone());
        let ada = added(&stores, a_user().with_hash(&hash)).await;
        let back = found(&stores, ada.id).await.unwrap();
        assert_eq!(back.password_hash.expose(), notation);
    }
}

pub async fn times_keep_their_microseconds_whatever_the_zone_and_century(stores: StoreSet) {
    let times = [
        "2026-11-20T12:00:00.000001Z",
        "2026-11-20T12:00:00.999999Z",
        "2026-03-29T01:30:00.5Z",
        "2026-03-29T02:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "1999-12-31T23:59:59.999999Z",
        "2038-01-19T03:14:08Z",
        "2099-12-31T23:59:59.999999Z",
    ];
    for time in times {
        let at = moment(time);
        let ada = a_user().arrived_at(at).with(|user| user.email_verified_at = Some(at));
        let ada = added(&stores, ada).await;
        assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada), "{time}");
        let session = opened(&stores, a_session().of(&ada).at(at).build()).await;
        assert_eq!(kept(&stores, session.id).await, Some(session), "{time}");
    }
}

pub async fn versions_epochs_and_generations_go_beyond_32_bits(stores: StoreSet) {
    let many = 5_000_000_000;
    let ada = added(&stores, a_user().with(|user| (user.version, user.epoch) = (many, many))).await;
    assert_eq!(found(&stores, ada.id).await.as_ref(), Some(&ada));
    let session = a_session().of(&ada).with(|session| session.generation = many).build();
    let session = opened(&stores, session).await;
    assert_eq!(kept(&stores, session.id).await, Some(session));
}
