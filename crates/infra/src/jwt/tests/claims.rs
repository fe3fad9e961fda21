//! Tokens with our own good signature that still say the wrong thing.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// What the signer says of its usual claims with one of them replaced, or removed.
fn verdict_with(
    signer: &JwtSigner,
    claim: &str,
    value: Option<Value>,
) -> Result<Claims, TokenFault> {
    let payload = with(&payload(signer), claim, value);
    verdict(signer, &signed(signer, &header(signer), &payload.to_string()))
}

#[test]
fn the_helpers_make_a_good_token_when_nothing_is_changed() {
    let signer = signer(Algorithm::EdDsa);
    assert_eq!(verdict_with(&signer, "none", None), Ok(claims(TokenKind::Access)));
}

#[test]
fn issuer_and_audience_are_exact() {
    let signer = signer(Algorithm::EdDsa);
    for (claim, ours) in [("iss", "https://door.example"), ("aud", "doorward")] {
        let others = [
            Some(json!("")),
            Some(json!(format!("{ours}/"))),
            Some(json!(ours.to_uppercase())),
            Some(json!([ours])),
            Some(json!([ours, "another"])),
            Some(json!({ "0": ours })),
            Some(json!(null)),
            Some(json!(0)),
            Some(json!(true)),
            None,
        ];
        for other in others {
            let found = verdict_with(&signer, claim, other.clone());
            assert_eq!(found, Err(TokenFault::WrongKind), "{claim} {other:?}");
        }
    }
}

#[test]
fn a_signer_of_other_issuer_or_audience_refuses_our_tokens() {
    let (_parent, folder) = folder();
    let ours = JwtSigner::open(&folder, options(Algorithm::EdDsa), noon()).unwrap();
    let (mut issuer, mut audience) = (options(Algorithm::EdDsa), options(Algorithm::EdDsa));
    issuer.issuer = "https://other.example".to_owned();
    audience.audience = "other".to_owned();
    for options in [issuer, audience] {
        let other = JwtSigner::open(&folder, options, noon()).unwrap();
        assert_eq!(verdict(&other, &token(&ours)), Err(TokenFault::WrongKind));
    }
}

#[test]
fn a_type_is_exact() {
    let signer = signer(Algorithm::EdDsa);
    for other in ["JWT", "AT+JWT", "at+JWT", "application/at+jwt", "rt+jwt", "", "at+jwt "] {
        let header = with(&header(&signer), "typ", Some(json!(other)));
        let token = signed(&signer, &header, &payload(&signer).to_string());
        assert_eq!(verdict(&signer, &token), Err(TokenFault::WrongKind), "{other}");
    }
    for missing in [None, Some(json!(null))] {
        let header = with(&header(&signer), "typ", missing);
        let token = signed(&signer, &header, &payload(&signer).to_string());
        assert_eq!(verdict(&signer, &token), Err(TokenFault::WrongKind));
    }
}

#[test]
fn a_token_holds_from_its_first_second_less_the_skew_until_just_before_its_last() {
    let signer = signer(Algorithm::EdDsa);
    let token = token(&signer);
    let at = |moment| signer.verify(&token, TokenKind::Access, moment).map(|_| ());
    let (begin, end) = (noon().minus(30 * SECOND), noon().plus(QUARTER));
    let microsecond = Duration::from_micros(1);
    assert_eq!(at(begin.minus(microsecond)), Err(TokenFault::Expired));
    assert_eq!(at(begin), Ok(()));
    assert_eq!(at(end.minus(SECOND)), Ok(()));
    assert_eq!(at(end.minus(microsecond)), Ok(()));
    assert_eq!(at(end), Err(TokenFault::Expired));
    assert_eq!(at(end.plus(SECOND)), Err(TokenFault::Expired));
}

#[test]
fn fractions_of_a_second_do_not_outlive_a_token() {
    let signer = signer(Algorithm::EdDsa);
    let half = Duration::from_millis(500);
    let claims = Claims {
        issued_at: noon().plus(half),
        expires_at: noon().plus(QUARTER).plus(half),
        ..claims(TokenKind::Access)
    };
    let token = signer.sign(&claims).unwrap();
    let at = |moment| signer.verify(&token, TokenKind::Access, moment);
    assert_eq!(at(noon().plus(half)).unwrap().issued_at, noon());
    assert_eq!(at(noon().plus(QUARTER)), Err(TokenFault::Expired));
}

#[test]
fn times_to_come_and_past_are_refused() {
    let signer = signer(Algorithm::EdDsa);
    let now = noon().seconds();
    for (claim, seconds) in [("nbf", now + 31), ("iat", now + 31), ("exp", now), ("exp", 0)] {
        let found = verdict_with(&signer, claim, Some(json!(seconds)));
        assert_eq!(found, Err(TokenFault::Expired), "{claim}");
    }
}

#[test]
fn the_clock_of_another_node_may_run_ahead_a_little() {
    let signer = signer(Algorithm::EdDsa);
    for claim in ["nbf", "iat"] {
        let found = verdict_with(&signer, claim, Some(json!(noon().seconds() + 30)));
        assert!(found.is_ok(), "{claim}: {found:?}");
    }
}

#[test]
fn times_are_whole_numbers_and_nothing_else() {
    let signer = signer(Algorithm::EdDsa);
    let now = noon().seconds();
    for claim in ["exp", "nbf", "iat"] {
        let others = [
            Some(json!(now.to_string())),
            Some(json!(now as f64)),
            Some(json!(now as f64 + 0.5)),
            Some(json!(-1)),
            Some(json!(null)),
            Some(json!([now])),
            Some(json!({ "0": now })),
            Some(json!(true)),
            Some(json!(1e300)),
            Some(json!(u64::MAX)),
            Some(json!(i64::MAX)),
            Some(json!(i64::MAX / 1_000_000)),
            None,
        ];
        for other in others {
            let found = verdict_with(&signer, claim, other.clone());
            assert_eq!(found, Err(TokenFault::WrongKind), "{claim} {other:?}");
        }
    }
}

#[test]
fn ids_are_uuids() {
    let signer = signer(Algorithm::EdDsa);
    for claim in ["sub", "sid", "jti"] {
        for other in [Some(json!("")), Some(json!("ada")), Some(json!(1)), Some(json!(null)), None]
        {
            let found = verdict_with(&signer, claim, other.clone());
            assert_eq!(found, Err(TokenFault::WrongKind), "{claim} {other:?}");
        }
    }
}

#[test]
fn a_claim_said_twice_is_refused() {
    let signer = signer(Algorithm::EdDsa);
    let payload = payload(&signer).to_string().replacen('{', "{\"exp\":9999999999,", 1);
    let token = signed(&signer, &header(&signer), &payload);
    assert_eq!(verdict(&signer, &token), Err(TokenFault::WrongKind));
}

#[test]
fn a_signed_payload_that_is_no_claims_is_refused() {
    let signer = signer(Algorithm::EdDsa);
    let header = header(&signer);
    for (payload, fault) in [
        ("", TokenFault::Malformed),
        ("{", TokenFault::Malformed),
        ("{} {}", TokenFault::WrongKind),
        ("not json", TokenFault::Malformed),
        ("{}", TokenFault::WrongKind),
        ("null", TokenFault::WrongKind),
        ("[]", TokenFault::WrongKind),
        ("\"text\"", TokenFault::WrongKind),
    ] {
        assert_eq!(verdict(&signer, &signed(&signer, &header, payload)), Err(fault), "{payload}");
    }
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    assert!(verdict(&signer, &signed(&signer, &header, &deep)).is_err());
}

#[test]
fn header_and_claims_are_utf8() {
    let signer = signer(Algorithm::EdDsa);
    let (header, good) = (header(&signer).to_string(), payload(&signer).to_string());
    let inserted = |text: &str, before: &str, bytes: &[u8]| {
        let at = text.find(before).unwrap() + before.len();
        [&text.as_bytes()[..at], bytes, &text.as_bytes()[at..]].concat()
    };
    for bytes in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\xc0\xaf"] {
        for member in ["\"iss\":\"https://door.example", "\"sub\":\"", "{"] {
            let payload = inserted(&good, member, bytes);
            let token = signed_bytes(&signer, header.as_bytes(), &payload);
            assert!(verdict(&signer, &token).is_err(), "{bytes:x?} after {member}");
        }
        // A member that nobody reads is no place for them either.
        let payload = inserted(&good, "{", &[b"\"x\":\"", bytes, b"\","].concat());
        let token = signed_bytes(&signer, header.as_bytes(), &payload);
        assert!(verdict(&signer, &token).is_err(), "{bytes:x?} where nobody looks");
        for member in ["\"kid\":\"", "\"typ\":\"", "{"] {
            let header = inserted(&header, member, bytes);
            let token = signed_bytes(&signer, &header, good.as_bytes());
            assert!(verdict(&signer, &token).is_err(), "header: {bytes:x?} after {member}");
        }
    }
    // The helper itself makes good tokens.
    let token = signed_bytes(&signer, header.as_bytes(), good.as_bytes());
    assert_eq!(verdict(&signer, &token), Ok(claims(TokenKind::Access)));
}

#[test]
fn the_signature_is_looked_at_before_the_claims() {
    let signer = signer(Algorithm::EdDsa);
    let token = token(&signer);
    let [header, _, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    for payload in [json!({"exp": 1}), json!([]), with(&payload(&signer), "iss", Some(json!("x")))]
    {
        let changed = format!("{header}.{}.{signature}", encode(&payload));
        assert_eq!(verdict(&signer, &changed), Err(TokenFault::BadSignature));
    }
}
