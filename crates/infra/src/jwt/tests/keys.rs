//! Keys that are made, shared, retired, and refused.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::sync::Barrier;

use super::*;

fn open(folder: &SecretsFolder, algorithm: Algorithm, now: Timestamp) -> JwtSigner {
    JwtSigner::open(folder, options(algorithm), now).unwrap()
}

fn stored(folder: &SecretsFolder) -> Value {
    serde_json::from_slice(&fs::read(folder.path().join(SIGNING_KEYS)).unwrap()).unwrap()
}

fn store(folder: &SecretsFolder, content: &str) {
    let path = folder.path().join(SIGNING_KEYS);
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
}

fn refusal(folder: &SecretsFolder, algorithm: Algorithm) -> String {
    let error = JwtSigner::open(folder, options(algorithm), noon()).err().unwrap().to_string();
    assert!(error.contains(SIGNING_KEYS), "{error}");
    error
}

#[test]
fn keys_outlive_the_process_and_are_private() {
    for algorithm in Algorithm::ALL {
        let (_parent, folder) = folder();
        let first = open(&folder, algorithm, noon());
        assert!(folder.created());
        let mode = fs::metadata(folder.path().join(SIGNING_KEYS)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = SecretsFolder::open(folder.path()).unwrap();
        let second = open(&again, algorithm, noon().plus(MONTH));
        assert!(!again.created());
        assert!(verdict(&second, &token(&first)).is_ok());
        assert!(verdict(&first, &token(&second)).is_ok());
    }
}

#[test]
fn all_that_open_a_folder_at_once_agree_on_one_key() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("secrets");
    let start = Barrier::new(8);
    let open = || {
        start.wait();
        let folder = SecretsFolder::open(&path).unwrap();
        (open(&folder, Algorithm::EdDsa, noon()), folder.created())
    };
    let opened: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|(_, created)| *created).count(), 1);
    for (one, _) in &opened {
        assert!(opened.iter().all(|(other, _)| verdict(other, &token(one)).is_ok()));
    }
}

#[test]
fn a_retired_key_verifies_for_as_long_as_its_tokens_may_live() {
    for algorithm in Algorithm::ALL {
        let signer = signer_with_folder(algorithm);
        let (signer, _parent) = &signer;
        let long = Claims { expires_at: noon().plus(MONTH * 3), ..claims(TokenKind::Access) };
        let old = signer.sign(&long).unwrap();
        let kid = signer.rotate(noon().plus(QUARTER), Duration::ZERO).unwrap();
        assert_eq!(header(signer)["kid"], json!(kid));
        let at = |moment| signer.verify(&old, TokenKind::Access, moment).map(|_| ());
        let end = noon().plus(QUARTER).plus(MONTH);
        assert_eq!(at(noon().plus(QUARTER)), Ok(()));
        assert_eq!(at(end.minus(Duration::from_micros(1))), Ok(()));
        assert_eq!(at(end), Err(TokenFault::BadSignature));
        assert!(verdict(signer, &token(signer)).is_ok());
    }
}

fn signer_with_folder(algorithm: Algorithm) -> (JwtSigner, TempDir) {
    let (parent, folder) = folder();
    (open(&folder, algorithm, noon()), parent)
}

#[test]
fn keys_past_their_time_are_removed() {
    let (_parent, folder) = folder();
    let signer = open(&folder, Algorithm::EdDsa, noon());
    signer.rotate(noon(), Duration::ZERO).unwrap();
    signer.rotate(noon().plus(QUARTER), Duration::ZERO).unwrap();
    assert_eq!(signer.public_keys().len(), 3);
    signer.reload(noon().plus(MONTH)).unwrap();
    assert_eq!(signer.public_keys().len(), 2);
    let reopened = open(&folder, Algorithm::EdDsa, noon().plus(MONTH * 2));
    assert_eq!(reopened.public_keys().len(), 1);
    assert_eq!(stored(&folder)["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn another_process_sees_a_rotation_when_told_to_look() {
    let (_parent, folder) = folder();
    let (server, command) =
        (open(&folder, Algorithm::EdDsa, noon()), open(&folder, Algorithm::EdDsa, noon()));
    let kid = command.rotate(noon(), Duration::ZERO).unwrap();
    assert_eq!(verdict(&server, &token(&command)), Err(TokenFault::BadSignature));
    assert_eq!(server.reload(noon()).unwrap(), kid);
    assert!(verdict(&server, &token(&command)).is_ok());
}

#[test]
fn rotations_at_once_all_count_and_the_last_one_signs() {
    let (_parent, folder) = folder();
    let signer = open(&folder, Algorithm::EdDsa, noon());
    std::thread::scope(|scope| {
        (0..8).for_each(|_| drop(scope.spawn(|| signer.rotate(noon(), Duration::ZERO).unwrap())));
    });
    let keys = stored(&folder)["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 9);
    assert_eq!(keys.iter().filter(|key| key["retired_at"].is_null()).count(), 1);
    assert_eq!(header(&signer)["kid"], keys[8]["kid"]);
}

#[test]
fn another_algorithm_makes_a_new_key_and_retires_the_old_one() {
    let (_parent, folder) = folder();
    let before = open(&folder, Algorithm::EdDsa, noon());
    let after = open(&folder, Algorithm::Es256, noon());
    assert_eq!(header(&after)["alg"], json!("ES256"));
    assert!(verdict(&after, &token(&before)).is_ok());
    let algorithms: Vec<_> = after.public_keys().iter().map(|key| key.alg).collect();
    assert_eq!(algorithms, ["ES256", "EdDSA"]);
    let back = open(&folder, Algorithm::EdDsa, noon());
    assert_ne!(header(&back)["kid"], header(&before)["kid"], "a retired key signs no more");
    assert!(verdict(&back, &token(&after)).is_ok());
}

#[test]
fn kids_are_random_and_long() {
    let kids: std::collections::HashSet<_> =
        (0..8).map(|_| signer(Algorithm::Hs256).keys().current.kid.clone()).collect();
    assert_eq!(kids.len(), 8);
    assert!(kids.iter().all(|kid| kid.len() == 32));
}

#[test]
fn public_keys_are_complete_and_hold_nothing_private() {
    let shown = |algorithm| serde_json::to_value(signer(algorithm).public_keys()).unwrap();
    let length = |value: &Value| URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap().len();
    let ed = &shown(Algorithm::EdDsa)[0];
    assert_eq!(
        (&ed["kty"], &ed["crv"], &ed["use"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("sig"))
    );
    assert_eq!((length(&ed["x"]), ed.as_object().unwrap().len()), (32, 6));
    let ec = &shown(Algorithm::Es256)[0];
    assert_eq!(
        (&ec["kty"], &ec["crv"], &ec["alg"]),
        (&json!("EC"), &json!("P-256"), &json!("ES256"))
    );
    assert_eq!((length(&ec["x"]), length(&ec["y"]), ec.as_object().unwrap().len()), (32, 32, 7));
    assert_eq!(shown(Algorithm::Hs256), json!([]));
}

#[test]
fn tokens_verify_with_the_published_key_alone() {
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
        let signer = signer(algorithm);
        let jwk = serde_json::to_value(&signer.public_keys()[0]).unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(jwk).unwrap();
        let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        let token = token(&signer);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let library = algorithm.library();
        let good = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, library);
        assert!(good.unwrap());
    }
}

#[test]
fn a_damaged_keyring_is_refused_and_left_alone() {
    let (_parent, folder) = folder();
    let private = "c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtc2hvd24=";
    let key = |algorithm: &str| {
        json!({"keys": [{"kid": "a", "algorithm": algorithm, "created_at": "2026-11-20T12:00:00Z",
            "retired_at": null, "private_key": private}]})
        .to_string()
    };
    let twice = format!("{{\"keys\": \"{private}\"}}");
    let contents = ["", "{", "[]", "{\"keys\": 1}", "{\"keys\": [{}]}", &twice];
    for content in
        contents.map(str::to_owned).into_iter().chain(["EdDSA", "ES256", "HS256"].map(key))
    {
        store(&folder, &content);
        for algorithm in Algorithm::ALL {
            let error = refusal(&folder, algorithm);
            assert!(!error.contains("c2Vj") && !error.contains("secret-that"), "{error}");
        }
        assert_eq!(fs::read_to_string(folder.path().join(SIGNING_KEYS)).unwrap(), content);
    }
}

#[test]
fn an_unknown_algorithm_in_the_keyring_is_named() {
    let (_parent, folder) = folder();
    open(&folder, Algorithm::EdDsa, noon());
    store(&folder, &stored(&folder).to_string().replace("EdDSA", "RS256"));
    assert!(refusal(&folder, Algorithm::EdDsa).contains("algorithm"));
}

#[test]
fn a_keyring_that_others_may_read_is_refused() {
    let (_parent, folder) = folder();
    open(&folder, Algorithm::EdDsa, noon());
    let path = folder.path().join(SIGNING_KEYS);
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    assert!(refusal(&folder, Algorithm::EdDsa).contains("chmod 600"));
}
