//! Sealing on a real disk: what opens, what does not, and keys that take each other's place.

use std::collections::BTreeSet;
use std::time::Duration;

use tempfile::TempDir;

use super::*;

fn sealer(folder: &TempDir) -> AesSealer {
    AesSealer::open(&SecretsFolder::open(folder.path().join("secrets")).unwrap()).unwrap()
}

#[test]
fn what_was_sealed_opens_after_a_restart_and_for_its_purpose_only() {
    let folder = TempDir::new().unwrap();
    let sealed = sealer(&folder).seal("letter", b"six digits").unwrap();
    assert!(sealed.0.starts_with("v1.") && !sealed.0.contains("six"));
    assert_eq!(sealer(&folder).open("letter", &sealed).unwrap().as_slice(), b"six digits");
    assert_eq!(sealer(&folder).open("passkey", &sealed), Err(SealError::Unopened));
}

#[test]
fn no_two_seals_of_one_text_are_alike() {
    let folder = TempDir::new().unwrap();
    let sealer = sealer(&folder);
    assert_ne!(sealer.seal("a", b"x").unwrap(), sealer.seal("a", b"x").unwrap());
}

#[test]
fn no_nonce_comes_twice_in_a_hundred_thousand() {
    let folder = TempDir::new().unwrap();
    let sealer = sealer(&folder);
    // The same text under the same key and nonce would come out alike.
    let seals = (0..100_000).map(|_| sealer.seal("a", b"x").unwrap().0);
    assert_eq!(seals.collect::<std::collections::HashSet<_>>().len(), 100_000);
}

#[test]
fn what_was_changed_or_sealed_elsewhere_does_not_open() {
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let sealed = sealer(&here).seal("a", b"x").unwrap();
    assert!(sealer(&there).open("a", &sealed).is_err());
    let last = if sealed.0.ends_with('A') { "B" } else { "A" };
    let changed = format!("{}{last}", &sealed.0[..sealed.0.len() - 1]);
    for text in [changed.as_str(), "", "v1", "v1.", "v1.00000000.", &sealed.0[..20]] {
        assert!(sealer(&here).open("a", &Sealed(text.to_owned())).is_err(), "{text}");
    }
}

#[test]
fn an_older_key_goes_on_opening_for_everybody_who_reads_the_file_again() {
    let folder = TempDir::new().unwrap();
    let (server, command) = (sealer(&folder), sealer(&folder));
    let before = server.seal("a", b"x").unwrap();
    let id = command.rotate(SystemClock.now(), Duration::ZERO).unwrap();
    let after = command.seal("a", b"y").unwrap();
    assert_eq!((after.key_id(), before.key_id() == Some(&id)), (Some(id.as_str()), false));
    assert_eq!(command.open("a", &before).unwrap().as_slice(), b"x");
    assert!(server.open("a", &after).is_err());
    server.reload().unwrap();
    assert_eq!(server.open("a", &after).unwrap().as_slice(), b"y");
    assert_eq!(server.seal("a", b"z").unwrap().key_id(), Some(id.as_str()));
}

#[test]
fn an_announced_key_opens_at_once_and_seals_when_its_time_has_come() {
    let folder = TempDir::new().unwrap();
    let sealer = sealer(&folder);
    let (old, _) = sealer.newest().unwrap();
    let now = SystemClock.now();
    let next = sealer.rotate(now, Duration::from_secs(3_600)).unwrap();
    assert_eq!(sealer.seal("a", b"x").unwrap().key_id(), Some(old.as_str()));
    let listed = list(&SecretsFolder::open(folder.path().join("secrets")).unwrap()).unwrap();
    let begins = Some(now.plus(Duration::from_secs(3_600)));
    assert_eq!((&listed[0].id, listed[0].superseded_at), (&old, begins));
    assert_eq!((&listed[1].id, listed[1].seals_from, listed[1].is_newest), (&next, begins, true));
}

#[test]
fn an_old_key_goes_when_nothing_was_found_under_it_for_long_enough() {
    let folder = TempDir::new().unwrap();
    let sealer = sealer(&folder);
    let (old, _) = sealer.newest().unwrap();
    let sealed = sealer.seal("a", b"x").unwrap();
    let now = SystemClock.now();
    sealer.rotate(now, Duration::ZERO).unwrap();
    let (none, under_old) = (BTreeSet::new(), BTreeSet::from([old.clone()]));
    let minute = |count: u64| now.plus(Duration::from_secs(60 * count));
    let kept = |settled: Settled| settled.kept == [old.clone()] && settled.removed.is_empty();
    assert!(kept(sealer.settle(&none, minute(9)).unwrap()), "somebody may still write with it");
    assert!(kept(sealer.settle(&under_old, minute(30)).unwrap()), "something is under it");
    assert!(kept(sealer.settle(&none, minute(39)).unwrap()), "it was, a moment ago");
    assert_eq!(sealer.open("a", &sealed).unwrap().as_slice(), b"x");
    assert_eq!(sealer.settle(&none, minute(40)).unwrap().removed, [old]);
    assert!(sealer.open("a", &sealed).is_err());
    assert_eq!(sealer.settle(&none, minute(99)).unwrap(), Settled::default(), "never the newest");
}

#[test]
fn a_file_of_the_first_make_is_read_and_one_that_is_no_list_of_keys_is_refused() {
    let folder = TempDir::new().unwrap();
    sealer(&folder);
    let path = folder.path().join("secrets").join(SEALING_KEYS);
    let two = format!("0123abcd {}\nfeedbeef {}\n", "5a".repeat(32), "c3".repeat(32));
    std::fs::write(&path, &two).unwrap();
    assert_eq!(sealer(&folder).newest(), Some(("feedbeef".to_owned(), None)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), two);
    for wrong in ["", "\n", "0123abcd", &two.replace('5', "g"), &two.replace('\n', " till=x\n")] {
        std::fs::write(&path, wrong).unwrap();
        let secrets = SecretsFolder::open(folder.path().join("secrets")).unwrap();
        let error = AesSealer::open(&secrets).err().unwrap().to_string();
        assert!(error.contains("no sealing key") && !error.contains("5a5a"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), wrong);
    }
}
