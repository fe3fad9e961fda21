//! Nothing but a freshly signed token is believed. The first byte chooses the algorithm and what is
//! made of the rest: a token, changes of one, or another head, body or signature.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use domain::sessions::{Claims, SessionId, TokenKind, TokenSigner};
use domain::time::Timestamp;
use domain::users::UserId;
use infra::jwt::{Algorithm, JwtOptions, JwtSigner};
use infra::secrets::SecretsFolder;
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

struct Issuer {
    signer: JwtSigner,
    fresh: String,
    _folder: tempfile::TempDir,
}

static ISSUERS: LazyLock<[Issuer; 3]> = LazyLock::new(|| Algorithm::ALL.map(issuer));

fn now() -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000).unwrap()
}

fn claims() -> Claims {
    Claims {
        kind: TokenKind::Access,
        user_id: UserId(Uuid::from_u128(1)),
        session_id: SessionId(Uuid::from_u128(2)),
        token_id: Uuid::from_u128(3),
        issued_at: now(),
        expires_at: now().plus(Duration::from_secs(900)),
    }
}

fn issuer(algorithm: Algorithm) -> Issuer {
    let folder = tempfile::tempdir().unwrap();
    let secrets = SecretsFolder::open(folder.path().join("secrets")).unwrap();
    let (issuer, audience) = ("https://auth.example.org".to_owned(), "example".to_owned());
    let options = JwtOptions { algorithm, issuer, audience, longest_lifetime: MONTH };
    let signer = JwtSigner::open(&secrets, options, now()).unwrap();
    let fresh = signer.sign(&claims()).unwrap();
    Issuer { signer, fresh, _folder: folder }
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, rest)) = input.split_first() else { return };
    let choice = usize::from(choice.wrapping_sub(b'a'));
    let Issuer { signer, fresh, .. } = &ISSUERS[choice % 3];
    let text = String::from_utf8_lossy(rest);
    let parts: Vec<&str> = fresh.split('.').collect();
    let made = match choice / 3 % 5 {
        0 => text.into_owned(),
        1 => changed(fresh, rest),
        2 => format!("{}.{}.{}", encoded(rest), parts[1], parts[2]),
        3 => format!("{}.{}.{}", parts[0], encoded(rest), parts[2]),
        _ => format!("{}.{}.{}", parts[0], parts[1], encoded(rest)),
    };
    let believed = signer.verify(&made, TokenKind::Access, now());
    if made == *fresh {
        assert_eq!(believed, Ok(claims()));
        assert!(signer.verify(&made, TokenKind::Access, now().plus(MONTH)).is_err());
    } else {
        assert!(believed.is_err(), "{made} is believed, {fresh} was signed");
    }
    assert!(signer.verify(&made, TokenKind::Refresh, now()).is_err());
    for other in ISSUERS.iter().filter(|other| other.fresh != *fresh) {
        assert!(other.signer.verify(&made, TokenKind::Access, now()).is_err());
    }
});

/// Pairs of bytes: where, and what is put there.
fn changed(fresh: &str, changes: &[u8]) -> String {
    let mut bytes = fresh.as_bytes().to_vec();
    for change in changes.chunks_exact(2) {
        let at = usize::from(change[0]) * bytes.len() / 256;
        bytes[at] = change[1] & 0x7f;
    }
    String::from_utf8(bytes).unwrap()
}

/// Base64url without padding, of what would stand in a token.
fn encoded(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = 0_usize;
        for at in 0..3 {
            word = word << 8 | usize::from(chunk.get(at).copied().unwrap_or_default());
        }
        let letters = (0..=chunk.len()).map(|at| ALPHABET[word >> (18 - 6 * at) & 63]);
        text.extend(letters.map(char::from));
    }
    text
}
