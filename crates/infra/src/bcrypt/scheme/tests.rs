//! The scheme against other software's hashes, and its costs counted in rounds.

use std::cell::Cell;

use super::*;

// Made with Python's bcrypt 4.0 and Passlib 1.7, both with the salt "abcdefghijklmnopqrstuu".
const HORSE: &str = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
const UNICODE: &str = "$2b$05$abcdefghijklmnopqrstuuDuKlX6Gu7MMFdalypDTlScqfFwWyDpK";
const OF_71_P: &str = "$2b$04$abcdefghijklmnopqrstuuTYDowBoYf34KLYBHbWu7CBwc/8jbH1q";
const OF_72_P: &str = "$2b$04$abcdefghijklmnopqrstuuNt.0ah97gHY3F7JC1Z6EXmQc0bQBhIO";
const OF_100_P: &str =
    "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$Odmc8ItR9sSBk.F3SYhaTUIS9OW1qsK";
const MARKED_HORSE: &str =
    "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$DDZkjU09Vim05Ait7x7R.JfuHDNAppu";

const TODAY: Verdict = Verdict::Match { outdated: false };
const OUTDATED: Verdict = Verdict::Match { outdated: true };

thread_local! {
    static ROUNDS: Cell<u64> = const { Cell::new(0) };
}

/// bcrypt that counts what it costs.
fn counted(cost: u32, salt: Salt, bytes: &[u8]) -> [u8; 24] {
    ROUNDS.set(ROUNDS.get() + (1 << cost));
    bcrypt::bcrypt(cost, salt, bytes)
}

fn at(cost: u32) -> Scheme {
    let top_up = |rounds| ROUNDS.set(ROUNDS.get() + rounds);
    Scheme { bcrypt: counted, top_up, ..Scheme::new(cost) }
}

fn rounds(work: impl FnOnce() -> Verdict) -> (Verdict, u64) {
    ROUNDS.set(0);
    (work(), ROUNDS.get())
}

#[test]
fn hashes_of_other_software_verify() {
    assert_eq!(at(4).verify("correct horse", Some(HORSE)), TODAY);
    assert_eq!(at(5).verify("péché 🔑", Some(UNICODE)), TODAY);
    assert_eq!(at(4).verify(&"p".repeat(71), Some(OF_71_P)), TODAY);
    assert_eq!(at(4).verify(&"p".repeat(100), Some(OF_100_P)), TODAY);
    for wrong in ["correct hors", "correct horse ", "Correct horse", ""] {
        assert_eq!(at(4).verify(wrong, Some(HORSE)), Verdict::Mismatch, "{wrong}");
    }
}

#[test]
fn older_versions_and_needless_marks_match_as_outdated() {
    for version in ["$2a$", "$2y$"] {
        let stored = HORSE.replace("$2b$", version);
        assert_eq!(at(4).verify("correct horse", Some(&stored)), OUTDATED);
    }
    assert_eq!(at(4).verify("correct horse", Some(MARKED_HORSE)), OUTDATED);
    assert_eq!(at(4).verify(&"p".repeat(72), Some(OF_72_P)), OUTDATED);
}

#[test]
fn up_to_71_bytes_are_plain_and_more_are_marked() {
    for (length, prefix) in [(1, "$2b$04$"), (71, "$2b$04$"), (72, "$bcrypt-"), (1024, "$bcrypt-")]
    {
        let password = "x".repeat(length);
        let hash = at(4).hash(&password).unwrap();
        assert!(hash.expose().starts_with(prefix), "{length}");
        assert_eq!(at(4).verify(&password, Some(hash.expose())), TODAY);
    }
}

#[test]
fn plain_hashes_verify_in_other_software() {
    let hash = at(4).hash("correct horse").unwrap();
    assert!(bcrypt::non_truncating_verify("correct horse", hash.expose()).unwrap());
    assert!(!bcrypt::non_truncating_verify("correct house", hash.expose()).unwrap());
}

#[test]
fn one_password_is_never_hashed_alike_twice() {
    let first = at(4).hash("correct horse").unwrap();
    assert_ne!(first, at(4).hash("correct horse").unwrap());
}

#[test]
fn every_byte_of_a_long_password_counts() {
    let password = "x".repeat(80);
    let hash = at(4).hash(&password).unwrap();
    for wrong in ["x".repeat(79), "x".repeat(81), "x".repeat(72), format!("{}y", "x".repeat(79))] {
        assert_eq!(at(4).verify(&wrong, Some(hash.expose())), Verdict::Mismatch);
    }
}

#[test]
fn a_long_candidate_is_not_cut_to_match_a_plain_hash() {
    let cut_elsewhere = bcrypt::hash("x".repeat(80), 4).unwrap();
    for length in [73, 80, 81, 1024] {
        let (verdict, spent) = rounds(|| at(6).verify(&"x".repeat(length), Some(&cut_elsewhere)));
        assert_eq!((verdict, spent), (Verdict::Mismatch, 1 << 6));
    }
}

#[test]
fn a_candidate_with_a_nul_matches_nothing() {
    let hash = at(4).hash("password").unwrap();
    for candidate in ["password\0password", "password\0", "\0"] {
        let (verdict, spent) = rounds(|| at(4).verify(candidate, Some(hash.expose())));
        assert_eq!((verdict, spent), (Verdict::Mismatch, 1 << 4), "{candidate:?}");
    }
}

#[test]
fn what_bcrypt_was_given_is_not_a_password_itself() {
    let password = "x".repeat(80);
    let marked = at(4).hash(&password).unwrap();
    let stored = Stored::parse(marked.expose()).unwrap();
    let prehash = material(Form::Prehashed, &stored.salt, &password);
    let prehash = std::str::from_utf8(&prehash).unwrap();
    let plain = Stored { form: Form::Plain, ..stored }.format();
    assert_eq!(at(4).verify(prehash, Some(marked.expose())), Verdict::Mismatch);
    assert_eq!(at(4).verify(&password, Some(&plain)), Verdict::Mismatch);
}

#[test]
fn another_cost_matches_as_outdated() {
    let cheap = at(4).hash("correct horse").unwrap();
    let dear = at(7).hash("correct horse").unwrap();
    assert_eq!(at(6).verify("correct horse", Some(cheap.expose())), OUTDATED);
    assert_eq!(at(6).verify("correct horse", Some(dear.expose())), OUTDATED);
    assert_eq!(at(6).verify("wrong horse", Some(dear.expose())), Verdict::Mismatch);
}

#[test]
fn every_verdict_costs_what_a_hash_costs_today() {
    let cheap = at(4).hash("correct horse").unwrap();
    let same = at(8).hash("correct horse").unwrap();
    let faulty = HORSE.replace("$2b$", "$2x$");
    let too_cheap = HORSE.replace("$04$", "$03$");
    let stored = [
        None,
        Some(cheap.expose()),
        Some(same.expose()),
        Some(&faulty),
        Some(&too_cheap),
        Some(""),
        Some("plain text"),
        Some("pbkdf2_sha256$1$a$b"),
    ];
    for stored in stored {
        for candidate in ["correct horse", "wrong horse", &"x".repeat(200)] {
            let (_, spent) = rounds(|| at(8).verify(candidate, stored));
            assert_eq!(spent, 1 << 8, "{stored:?} {candidate}");
        }
    }
}

#[test]
fn a_dearer_hash_makes_every_verdict_as_dear_from_then_on() {
    let (cheap, dear) =
        (at(4).hash("correct horse").unwrap(), at(6).hash("correct horse").unwrap());
    let scheme = at(5);
    let costs = |stored| rounds(|| scheme.clone().verify("wrong horse", stored)).1;
    assert_eq!((costs(None), costs(Some(cheap.expose()))), (1 << 5, 1 << 5));
    assert_eq!(costs(Some(dear.expose())), 1 << 6);
    assert_eq!((costs(None), costs(Some(cheap.expose()))), (1 << 6, 1 << 6));
    assert_eq!(costs(Some(dear.expose())), 1 << 6);
}

#[test]
fn one_very_dear_hash_makes_all_others_four_times_as_dear_and_no_more() {
    let dear = at(8).hash("correct horse").unwrap();
    let scheme = at(4);
    assert_eq!(scheme.verify("correct horse", Some(dear.expose())), OUTDATED);
    assert_eq!(rounds(|| scheme.verify("wrong horse", None)).1, 1 << 6);
    assert_eq!(rounds(|| scheme.verify("wrong horse", Some(dear.expose()))).1, 1 << 8);
}

#[test]
fn nobody_has_no_password() {
    for candidate in ["", "nobody", "correct horse"] {
        assert_eq!(at(4).verify(candidate, None), Verdict::Mismatch);
    }
}

#[test]
fn a_stored_hash_of_absurd_cost_is_not_worked_on() {
    for cost in [17, 31, 32, 99] {
        let absurd = HORSE.replace("$04$", &format!("${cost}$"));
        let (verdict, spent) = rounds(|| at(4).verify("correct horse", Some(&absurd)));
        assert_eq!((verdict, spent), (Verdict::Mismatch, 1 << 4), "{cost}");
    }
}
