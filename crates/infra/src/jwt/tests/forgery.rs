//! Tokens that were changed, or never signed by us.

use jsonwebtoken::{EncodingKey, crypto};

use super::*;

/// Signs with a key that the forger has.
fn forged(
    header: &Value,
    payload: &Value,
    key: &EncodingKey,
    alg: jsonwebtoken::Algorithm,
) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = crypto::sign(message.as_bytes(), key, alg).unwrap();
    format!("{message}.{signature}")
}

#[test]
fn no_byte_of_a_token_may_be_changed() {
    for algorithm in Algorithm::ALL {
        let signer = signer(algorithm);
        let token = token(&signer).into_bytes();
        for place in 0..token.len() {
            for flip in 0..7 {
                let mut changed = token.clone();
                changed[place] ^= 1 << flip;
                let changed = String::from_utf8(changed).unwrap();
                let fault = verdict(&signer, &changed).unwrap_err();
                assert!(
                    matches!(fault, TokenFault::Malformed | TokenFault::BadSignature),
                    "{algorithm:?} {place} {flip} {fault:?}"
                );
            }
        }
    }
}

#[test]
fn no_byte_of_what_is_encoded_may_be_changed() {
    let signer = signer(Algorithm::EdDsa);
    let token = token(&signer);
    let segments: Vec<&str> = token.split('.').collect();
    for segment in 0..3 {
        let bytes = URL_SAFE_NO_PAD.decode(segments[segment]).unwrap();
        for place in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(&bytes);
            let mut segments = segments.clone();
            segments[segment] = &changed;
            assert!(verdict(&signer, &segments.join(".")).is_err(), "{segment} {place}");
        }
    }
}

#[test]
fn what_is_no_token_is_malformed() {
    let signer = signer(Algorithm::EdDsa);
    let token = token(&signer);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let json = URL_SAFE_NO_PAD.encode("{\"alg\":");
    let standard = format!("{message}.{}", "ab+/".repeat(16));
    let whole = [
        String::new(),
        ".".into(),
        "..".into(),
        "a.b".into(),
        message.to_owned(),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!("{token} "),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{token}="),
        format!("{token}\0"),
        format!("{token}é"),
        format!("Bearer {token}"),
        format!("{json}.{json}.{signature}"),
        standard,
        json!({"payload": "e30", "signatures": [{"protected": "e30", "signature": signature}]})
            .to_string(),
        json!({"payload": "e30", "protected": "e30", "signature": signature}).to_string(),
        format!("{token}{}", "A".repeat(4096)),
        "A".repeat(1_000_000),
        ".".repeat(1_000_000),
    ];
    for text in whole {
        let shown: String = text.chars().take(80).collect();
        assert_eq!(verdict(&signer, &text), Err(TokenFault::Malformed), "{shown}");
    }
}

#[test]
fn more_after_the_signature_is_refused() {
    let signer = signer(Algorithm::EdDsa);
    for more in ["A", "AA", "AAA", "AAAA", "AAAAAAAA"] {
        assert!(verdict(&signer, &format!("{}{more}", token(&signer))).is_err(), "{more}");
    }
}

#[test]
fn none_is_no_algorithm_in_any_spelling() {
    for algorithm in Algorithm::ALL {
        let signer = signer(algorithm);
        let token = token(&signer);
        let signature = token.rsplit('.').next().unwrap();
        for none in ["none", "None", "NONE", "nOnE", "", " none", "none\0"] {
            let header = with(&header(&signer), "alg", Some(json!(none)));
            for signature in ["", signature] {
                let token =
                    format!("{}.{}.{signature}", encode(&header), encode(&payload(&signer)));
                assert_eq!(verdict(&signer, &token), Err(TokenFault::BadSignature), "{none}");
            }
        }
    }
}

#[test]
fn a_missing_signature_is_a_bad_one() {
    for algorithm in Algorithm::ALL {
        let signer = signer(algorithm);
        let token = token(&signer);
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(verdict(&signer, &format!("{message}.")), Err(TokenFault::BadSignature));
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
        let signer = signer(algorithm);
        let jwk = signer.public_keys().remove(0);
        let raw = URL_SAFE_NO_PAD.decode(&jwk.x).unwrap();
        let stored = signer.keys().current.decoding.try_get_as_bytes().unwrap().to_vec();
        let json = serde_json::to_vec(&jwk).unwrap();
        for secret in [raw, stored, jwk.x.into_bytes(), json, Vec::new()] {
            let key = EncodingKey::from_secret(&secret);
            for (name, alg) in [
                ("HS256", jsonwebtoken::Algorithm::HS256),
                (algorithm.name(), jsonwebtoken::Algorithm::HS256),
            ] {
                let header = with(&header(&signer), "alg", Some(json!(name)));
                let token = forged(&header, &payload(&signer), &key, alg);
                assert_eq!(verdict(&signer, &token), Err(TokenFault::BadSignature), "{name}");
            }
        }
    }
}

#[test]
fn another_algorithm_of_the_same_family_is_refused() {
    let signer = signer(Algorithm::Hs256);
    let key = &signer.keys().current.encoding;
    for (name, alg) in [
        ("HS384", jsonwebtoken::Algorithm::HS384),
        ("HS512", jsonwebtoken::Algorithm::HS512),
        ("HS256", jsonwebtoken::Algorithm::HS384),
    ] {
        let header = with(&header(&signer), "alg", Some(json!(name)));
        let token = forged(&header, &payload(&signer), key, alg);
        assert_eq!(verdict(&signer, &token), Err(TokenFault::BadSignature), "{name}");
    }
}

#[test]
fn another_key_is_refused_also_under_our_kid() {
    for algorithm in Algorithm::ALL {
        let (ours, other) = (signer(algorithm), signer(algorithm));
        assert_eq!(verdict(&ours, &token(&other)), Err(TokenFault::BadSignature));
        let posing = signed(&other, &header(&ours), &payload(&ours).to_string());
        assert_eq!(verdict(&ours, &posing), Err(TokenFault::BadSignature));
    }
}

#[test]
fn a_kid_finds_nothing_but_our_keys() {
    let signer = signer(Algorithm::EdDsa);
    let kids = [
        json!("../../../../dev/null"),
        json!("/etc/passwd"),
        json!("signing-keys.json"),
        json!("' OR '1'='1"),
        json!("https://evil.example/key"),
        json!(""),
        json!(null),
        json!(0),
        json!(["a"]),
        json!({"a": 1}),
    ];
    for kid in kids {
        let token = signed(&signer, &with(&header(&signer), "kid", Some(kid.clone())), "{}");
        assert_eq!(verdict(&signer, &token), Err(TokenFault::BadSignature), "{kid}");
    }
}

#[test]
fn a_header_without_algorithm_or_kid_is_refused() {
    let signer = signer(Algorithm::EdDsa);
    for member in ["alg", "kid"] {
        let header = with(&header(&signer), member, None);
        let token = signed(&signer, &header, &payload(&signer).to_string());
        assert_eq!(verdict(&signer, &token), Err(TokenFault::BadSignature), "{member}");
    }
}

#[test]
fn a_header_that_brings_or_demands_more_is_refused() {
    let signer = signer(Algorithm::EdDsa);
    let jwk = serde_json::to_value(&signer.public_keys()[0]).unwrap();
    let members = [
        ("jku", json!("https://evil.example/jwks.json")),
        ("jwk", jwk),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("enc", json!("A128GCM")),
        ("cty", json!("JWT")),
        ("anything", json!(1)),
    ];
    for (member, value) in members {
        let header = with(&header(&signer), member, Some(value));
        let token = signed(&signer, &header, &payload(&signer).to_string());
        assert_eq!(verdict(&signer, &token), Err(TokenFault::BadSignature), "{member}");
    }
}

#[test]
fn a_header_that_is_no_object_or_says_a_thing_twice_is_refused() {
    let signer = signer(Algorithm::EdDsa);
    let kid = signer.keys().current.kid.clone();
    let payload = payload(&signer).to_string();
    for header in
        [json!(null), json!([]), json!(["EdDSA", kid, "at+jwt"]), json!("EdDSA"), json!(1)]
    {
        assert!(verdict(&signer, &signed(&signer, &header, &payload)).is_err(), "{header}");
    }
    let twice = format!(r#"{{"alg":"none","alg":"EdDSA","kid":"{kid}","typ":"at+jwt"}}"#);
    let [_, payload, signature] =
        <[String; 3]>::try_from(token(&signer).split('.').map(str::to_owned).collect::<Vec<_>>())
            .unwrap();
    let token = format!("{}.{payload}.{signature}", URL_SAFE_NO_PAD.encode(twice));
    assert_eq!(verdict(&signer, &token), Err(TokenFault::BadSignature));
}
