//! Keys that are announced before they sign, and what is noted of those that retire.

use super::*;

const NOTICE: Duration = Duration::from_secs(3);

fn kid_at(signer: &JwtSigner, moment: Timestamp) -> String {
    let claims = Claims { issued_at: moment, ..claims(TokenKind::Access) };
    let token = signer.sign(&claims).unwrap();
    decode(token.split('.').next().unwrap())["kid"].as_str().unwrap().to_owned()
}

#[test]
fn an_announced_key_is_published_at_once_and_signs_when_its_time_has_come() {
    for algorithm in Algorithm::ALL {
        let (_parent, folder) = folder();
        let signer = JwtSigner::open(&folder, options(algorithm), noon()).unwrap();
        let old = kid_at(&signer, noon());
        let new = signer.rotate(noon(), NOTICE).unwrap();
        let begins = noon().plus(NOTICE);
        assert_eq!(kid_at(&signer, noon()), old);
        assert_eq!(kid_at(&signer, begins.minus(Duration::from_micros(1))), old);
        assert_eq!(kid_at(&signer, begins), new);
        let published = if algorithm == Algorithm::Hs256 { 0 } else { 2 };
        assert_eq!(signer.public_keys().len(), published);
    }
}

#[test]
fn of_two_announced_keys_each_signs_in_its_time() {
    let (_parent, folder) = folder();
    let signer = JwtSigner::open(&folder, options(Algorithm::EdDsa), noon()).unwrap();
    let first = kid_at(&signer, noon());
    let second = signer.rotate(noon(), NOTICE).unwrap();
    let third = signer.rotate(noon().plus(NOTICE / 3), NOTICE).unwrap();
    let seen = [0, 3, 4].map(|at| kid_at(&signer, noon().plus(Duration::from_secs(at))));
    assert_eq!(seen, [first, second, third]);
}

#[test]
fn a_shorter_lifetime_in_the_settings_ends_no_token_that_is_out() {
    let (_parent, folder) = folder();
    let signer = JwtSigner::open(&folder, options(Algorithm::EdDsa), noon()).unwrap();
    let long = Claims { expires_at: noon().plus(MONTH), ..claims(TokenKind::Access) };
    let old = signer.sign(&long).unwrap();
    signer.rotate(noon(), NOTICE).unwrap();
    let shorter = JwtOptions { longest_lifetime: QUARTER, ..options(Algorithm::EdDsa) };
    let later = noon().plus(MONTH / 2);
    let reopened = JwtSigner::open(&folder, shorter, later).unwrap();
    assert!(reopened.verify(&old, TokenKind::Access, later).is_ok());
    let end = noon().plus(NOTICE).plus(MONTH);
    assert_eq!(list(&folder, QUARTER).unwrap()[0].verifies_until, Some(end));
    assert_eq!(reopened.verify(&old, TokenKind::Access, end), Err(TokenFault::BadSignature));
}

#[test]
fn a_list_shows_no_key_and_makes_none() {
    let (_parent, folder) = folder();
    assert_eq!(list(&folder, MONTH).unwrap(), []);
    assert!(!folder.path().join(SIGNING_KEYS).exists());
    let signer = JwtSigner::open(&folder, options(Algorithm::Es256), noon()).unwrap();
    let new = signer.rotate(noon(), NOTICE).unwrap();
    let listed = list(&folder, MONTH).unwrap();
    assert_eq!(listed[0].retired_at, Some(noon().plus(NOTICE)));
    assert_eq!((&listed[1].kid, listed[1].signs_from), (&new, noon().plus(NOTICE)));
    assert_eq!((listed[1].algorithm.as_str(), listed[1].retired_at), ("ES256", None));
    assert!(!format!("{listed:?}").contains("private"));
}

#[test]
fn of_keys_that_somebody_else_may_have_nothing_is_left() {
    for algorithm in Algorithm::ALL {
        let (_parent, folder) = folder();
        let signer = JwtSigner::open(&folder, options(algorithm), noon()).unwrap();
        signer.rotate(noon(), NOTICE).unwrap();
        let old = token(&signer);
        let new = signer.replace(noon()).unwrap();
        assert_eq!(kid_at(&signer, noon()), new);
        assert_eq!(verdict(&signer, &old), Err(TokenFault::BadSignature));
        assert_eq!(list(&folder, MONTH).unwrap().len(), 1);
        assert!(signer.public_keys().iter().all(|key| key.kid == new));
    }
}
