//! Secrets on a real disk: made once, kept private, refused where unsafe.

use std::fs::{self, Permissions};
use std::sync::Barrier;

use domain::sessions::{SessionId, SessionToken, Transport};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;

fn folder() -> (TempDir, SecretsFolder) {
    let parent = tempfile::tempdir().unwrap();
    let folder = SecretsFolder::open(parent.path().join("data/secrets")).unwrap();
    (parent, folder)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Puts a private file where the chain key is looked for.
fn put(folder: &SecretsFolder, content: &[u8]) -> PathBuf {
    let path = folder.path().join(CHAIN_KEY);
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path
}

/// The same for two equal keys.
fn fingerprint(key: &ChainKey) -> [u8; 32] {
    let token = SessionToken::first(SessionId(Uuid::nil()), Transport::Refresh, [0; 32]);
    token.successor(key).hash().0
}

#[test]
fn folder_and_files_are_private() {
    let (_parent, folder) = folder();
    folder.chain_key().unwrap();
    assert_eq!(mode(folder.path()), 0o700);
    for entry in fs::read_dir(folder.path()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn a_secret_is_made_once_and_said_to_be_new_once() {
    let (_parent, folder) = folder();
    assert!(!folder.created());
    let first = fingerprint(&folder.chain_key().unwrap());
    assert!(folder.created());
    let again = SecretsFolder::open(folder.path()).unwrap();
    assert_eq!(fingerprint(&again.chain_key().unwrap()), first);
    assert!(!again.created());
}

#[test]
fn two_folders_have_two_keys() {
    let ((_one, one), (_other, other)) = (folder(), folder());
    assert_ne!(fingerprint(&one.chain_key().unwrap()), fingerprint(&other.chain_key().unwrap()));
}

#[test]
fn of_many_that_start_at_once_one_makes_the_secret() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("secrets");
    let start = Barrier::new(16);
    let open = || {
        start.wait();
        let folder = SecretsFolder::open(&path).unwrap();
        (fingerprint(&folder.chain_key().unwrap()), folder.created())
    };
    let opened: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(opened.iter().all(|(key, _)| *key == opened[0].0));
    assert_eq!(opened.iter().filter(|(_, created)| *created).count(), 1);
}

#[test]
fn a_file_that_others_may_read_is_refused_with_its_mend() {
    for open_to_others in [0o640, 0o604, 0o644, 0o660, 0o601] {
        let (_parent, folder) = folder();
        folder.chain_key().unwrap();
        let path = folder.path().join(CHAIN_KEY);
        fs::set_permissions(&path, Permissions::from_mode(open_to_others)).unwrap();
        let error = folder.chain_key().err().unwrap().to_string();
        assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
        assert!(error.contains(&format!("mode 0{open_to_others:o}")), "{error}");
    }
}

#[test]
fn a_folder_that_others_may_write_to_is_refused_with_its_mend() {
    let (_parent, folder) = folder();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o770)).unwrap();
    let error = SecretsFolder::open(folder.path()).err().unwrap().to_string();
    assert!(error.contains(&format!("chmod 700 {}", folder.path().display())), "{error}");
}

#[test]
fn weak_and_overlong_files_are_refused_and_left_alone() {
    let (_parent, folder) = folder();
    for weak in [&b""[..], b"short", b"a-string-secret-at-least-256-bits-long", &[7; 70_000]] {
        let path = put(&folder, weak);
        let error = folder.chain_key().err().unwrap().to_string();
        assert!(error.contains(&path.display().to_string()), "{error}");
        assert_eq!(fs::read(&path).unwrap(), weak);
    }
    assert!(!folder.created());
}

#[test]
fn an_operators_own_secret_is_taken_as_it_is() {
    let (_parent, folder) = folder();
    put(&folder, b"fx9Lq2-Zr7_Tn4Vb8-Kd1Ws6_Hj3Mp5C");
    let own = ChainKey::new(b"fx9Lq2-Zr7_Tn4Vb8-Kd1Ws6_Hj3Mp5C".to_vec()).unwrap();
    assert_eq!(fingerprint(&folder.chain_key().unwrap()), fingerprint(&own));
}

#[test]
fn what_a_crash_left_behind_does_no_harm() {
    let (_parent, folder) = folder();
    fs::write(folder.path().join(format!(".{CHAIN_KEY}.new")), b"half").unwrap();
    folder.chain_key().unwrap();
    let again = SecretsFolder::open(folder.path()).unwrap();
    again.chain_key().unwrap();
    assert!(!again.created());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = SecretsFolder::open(file.join("secrets")).err().unwrap().to_string();
    assert!(error.contains("cannot make") && error.contains("file/secrets"), "{error}");
}
