//! The page about cryptography names the crates that do it, and no other is there.

use std::collections::BTreeSet;
use std::fs;

use crate::graph::{built_in, lock, root};
use crate::settle;

/// Crates of this kind, whether we have them or not. A new one belongs here and on the page.
const KINDS: &[&str] = &[
    "aead",
    "aes",
    "aes-gcm",
    "argon2",
    "aws-lc-fips-sys",
    "aws-lc-rs",
    "aws-lc-sys",
    "bcrypt",
    "blake2",
    "blake3",
    "blowfish",
    "boring",
    "chacha20",
    "chacha20poly1305",
    "cipher",
    "crypto-bigint",
    "curve25519-dalek",
    "digest",
    "ecdsa",
    "ed25519",
    "ed25519-dalek",
    "elliptic-curve",
    "fastrand",
    "getrandom",
    "hkdf",
    "hmac",
    "jsonwebtoken",
    "k256",
    "openssl",
    "orion",
    "p256",
    "p384",
    "pbkdf2",
    "poly1305",
    "rand",
    "rand_chacha",
    "rand_core",
    "rand_xorshift",
    "ring",
    "rsa",
    "rustls",
    "rustls-webpki",
    "scrypt",
    "sha2",
    "sha3",
    "signature",
    "sodiumoxide",
    "subtle",
    "tokio-rustls",
    "x25519-dalek",
];

fn named() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/security/cryptography.md")).expect("the page");
    let code = page.split('`').skip(1).step_by(2).map(str::to_owned);
    code.filter(|name| KINDS.contains(&name.as_str())).collect()
}

#[test]
fn every_crate_that_does_cryptography_is_on_the_page() {
    let there: BTreeSet<String> = lock()
        .into_iter()
        .map(|locked| locked.name)
        .filter(|name| KINDS.contains(&name.as_str()))
        .collect();
    let wrong: Vec<String> = there.symmetric_difference(&named()).cloned().collect();
    settle(
        &wrong,
        "Cargo.lock and docs/security/cryptography.md name the same crates of this kind.",
    );
}

#[test]
fn what_the_page_says_is_not_in_the_program_is_not() {
    let built = built_in();
    assert!(built.contains("aws-lc-rs") && built.len() > 100, "{} crates", built.len());
    let others = ["ring", "rand_xorshift", "chacha20"];
    let wrong: Vec<String> = others
        .iter()
        .filter(|name| built.contains(**name))
        .map(|name| (*name).to_owned())
        .collect();
    settle(&wrong, "What the page says is not linked is not.");
}
