//! Session tokens, codes and handles: what is read is written alike, and counts for what it was made
//! for alone. The input is a token as text, or else 36 bytes of one.
#![no_main]

use domain::post::{CodeId, CodePurpose, CodeSecret, Handle};
use domain::sessions::{ChainKey, SessionId, SessionToken, Transport};
use domain::users::UserId;
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

const TRANSPORTS: [Transport; 4] =
    [Transport::Refresh, Transport::Kept, Transport::Bearer, Transport::Cookie];

fuzz_target!(|input: &[u8]| {
    let key = ChainKey::new(vec![7; 32]).unwrap();
    if let Ok(text) = std::str::from_utf8(input) {
        let read = TRANSPORTS.map(|transport| SessionToken::decode(text, transport));
        let read: Vec<SessionToken> = read.into_iter().flatten().collect();
        assert!(read.len() <= 1, "it is read as two kinds");
        for token in read {
            assert_eq!(token.encode(), text);
        }
        code(text, &key);
    }
    let Some((id, secret)) = input.split_first_chunk::<4>() else { return };
    let mut whole = [0; 32];
    let length = secret.len().min(32);
    whole[..length].copy_from_slice(&secret[..length]);
    let id = SessionId(Uuid::from_u128(u32::from_be_bytes(*id).into()));
    for transport in TRANSPORTS {
        family(SessionToken::first(id, transport, whole), transport, &key);
    }
});

/// A token and its successor, as texts.
fn family(token: SessionToken, transport: Transport, key: &ChainKey) {
    let text = token.encode();
    let read = SessionToken::decode(&text, transport).unwrap();
    assert!(read.hash().matches(&token.hash()));
    assert_eq!(read.session_id(), token.session_id());
    for other in TRANSPORTS.into_iter().filter(|other| *other != transport) {
        assert!(SessionToken::decode(&text, other).is_none());
    }
    assert!(SessionToken::decode(&format!("{text}A"), transport).is_none());
    assert!(SessionToken::decode(&text[..text.len() - 1], transport).is_none());
    let next = token.successor(key);
    assert_eq!(next.generation(), token.generation() + 1);
    assert!(next.hash().matches(&read.successor(key).hash()));
    assert!(!next.hash().matches(&token.hash()));
    let next = SessionToken::decode(&next.encode(), transport).unwrap();
    assert_eq!(next.generation(), 1);
}

fn code(text: &str, key: &ChainKey) {
    let (one, other) = (CodeId(Uuid::from_u128(1)), CodeId(Uuid::from_u128(2)));
    let typed = CodeSecret::typed(text);
    assert_eq!(typed.expose(), text.trim());
    let again = CodeSecret::typed(typed.expose());
    assert!(typed.hash(one, key).matches(&again.hash(one, key)));
    assert!(!typed.hash(one, key).matches(&typed.hash(other, key)));
    assert!(!typed.hash(one, key).matches(&typed.hash_for(one, "", key)));
    assert!(!typed.hash_for(one, "a", key).matches(&typed.hash_for(one, "b", key)));
    let longer = CodeSecret::typed(&format!("{text}1"));
    assert!(!typed.hash(one, key).matches(&longer.hash(one, key)));
    assert!(!Handle::sent(text).hash().matches(&Handle::sent(&format!("{text} ")).hash()));
    let user = UserId(Uuid::from_u128(3));
    let of_person = Handle::of_person(user, CodePurpose::PasswordReset, key);
    assert!(!Handle::sent(text).hash().matches(&of_person));
    if let Some(purpose) = CodePurpose::from_name(text) {
        assert_eq!(purpose.name(), text);
    }
}
