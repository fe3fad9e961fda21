//! Nobody writes while another believes itself alone.

use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use super::turn::Turn;
use super::*;

/// Longer than anything takes, shorter than anybody waits.
const LONG: Duration = Duration::from_secs(60);

/// A database, and what its servers were told.
struct Place {
    folder: TempDir,
    told: Arc<Mutex<Vec<(&'static str, bool)>>>,
}

impl Place {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), told: Arc::default() }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("doorward.db")
    }

    /// A server with a folder of its own, or the one that all share.
    fn server(&self, name: &'static str, folder: &str) -> Keeper {
        let told = Arc::clone(&self.told);
        let folder = self.folder.path().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        Keeper::start(&self.database(), &folder, move |alone| {
            told.lock().unwrap().push((name, alone));
        })
        .unwrap()
    }

    /// Asks at the usual socket of this folder.
    fn ask(&self, folder: &str, question: &str) -> String {
        let path = self.folder.path().join(folder).join("doorward.sock");
        socket::ask(&path, question, LONG).unwrap()
    }

    fn told(&self) -> Vec<(&'static str, bool)> {
        self.told.lock().unwrap().clone()
    }
}

fn alone_again(keeper: &Keeper) {
    while !keeper.is_alone() {
        keeper.renew().unwrap();
        std::thread::yield_now();
    }
}

#[test]
fn a_server_is_alone_until_somebody_comes_and_again_when_that_one_left() {
    let place = Place::new();
    let server = place.server("one", "data");
    assert!(server.is_alone());
    let visit = Visit::begin(&place.database()).unwrap();
    assert!(!server.is_alone());
    assert_eq!(place.told(), [("one", true), ("one", false)]);
    server.renew().unwrap();
    assert!(!server.is_alone(), "somebody is there");
    let another = Visit::begin(&place.database()).unwrap();
    drop(visit);
    server.renew().unwrap();
    assert!(!server.is_alone(), "somebody is there still");
    drop(another);
    alone_again(&server);
    assert!(server.is_alone());
    assert_eq!(place.told(), [("one", true), ("one", false), ("one", true)]);
}

#[test]
fn of_two_servers_neither_is_alone_wherever_their_folders_are() {
    for folders in [["data", "data"], ["data", "elsewhere"]] {
        let place = Place::new();
        let one = place.server("one", folders[0]);
        let two = place.server("two", folders[1]);
        assert!(!one.is_alone() && !two.is_alone());
        assert_eq!(place.told(), [("one", true), ("one", false)]);
        drop(one);
        alone_again(&two);
        let visit = Visit::begin(&place.database()).unwrap();
        assert!(!two.is_alone());
        drop(visit);
    }
}

#[test]
fn many_may_come_at_once_and_nobody_is_alone_among_them() {
    let place = Place::new();
    let server = place.server("one", "data");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let _visit = Visit::begin(&place.database()).unwrap();
                    assert!(!server.is_alone());
                    server.renew().unwrap();
                    assert!(!server.is_alone());
                }
            });
        }
    });
    alone_again(&server);
}

#[test]
fn what_a_dead_server_left_behind_is_in_nobodys_way() {
    let place = Place::new();
    let folder = place.folder.path().join("data");
    std::fs::create_dir_all(&folder).unwrap();
    // The socket stays, and the lock file names it, as after SIGKILL.
    drop(UnixListener::bind(folder.join("doorward.sock")).unwrap());
    let lock = Lock::open(&place.database()).unwrap();
    lock.sign(&folder.join("doorward.sock")).unwrap();
    drop(lock);
    Visit::begin(&place.database()).unwrap();
    assert!(place.server("one", "data").is_alone());
}

#[test]
fn whoever_is_alone_and_does_not_answer_is_named_and_nobody_writes() {
    let place = Place::new();
    let socket = place.folder.path().join("stopped.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    let lock = Lock::open(&place.database()).unwrap();
    assert!(lock.try_alone().unwrap());
    lock.sign(&socket).unwrap();
    let patience = Duration::from_millis(200);
    let error = arrival::arrive(&place.database(), patience).unwrap_err().to_string();
    assert!(error.contains(&std::process::id().to_string()), "{error}");
    assert!(error.contains("stopped.sock") && error.contains("nothing was changed"), "{error}");
}

#[test]
fn a_folder_may_have_any_name_however_long() {
    let place = Place::new();
    let long = "x".repeat(200);
    let server = place.server("one", &format!("{long}/{long}"));
    assert!(server.is_alone());
    Visit::begin(&place.database()).unwrap();
    assert!(!server.is_alone());
}

#[test]
fn only_this_user_may_ask() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    let _server = place.server("one", "data");
    for file in ["doorward.db.lock", "doorward.db.turn", "data/doorward.sock"] {
        let mode = place.folder.path().join(file).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert!(place.ask("data", socket::STATUS).ends_with(" alone"));
    assert_eq!(place.ask("data", "what?"), socket::UNKNOWN);
}

#[test]
fn a_server_that_leaves_takes_its_socket_along() {
    let place = Place::new();
    drop(place.server("one", "data"));
    assert_eq!(place.told(), [("one", true), ("one", false)]);
    assert!(!place.folder.path().join("data/doorward.sock").exists());
    assert!(place.server("two", "data").is_alone());
}

#[test]
fn what_a_server_holds_for_good_is_held_when_it_has_left() {
    let place = Place::new();
    let server = place.server("one", "data");
    server.for_good();
    drop(server);
    // Its last write may be under way, until the process ends.
    let patience = Duration::from_millis(200);
    assert!(arrival::arrive(&place.database(), patience).is_err());
}

/// Visits that were begun, and servers that were told to be alone: never both, never two.
#[derive(Default)]
struct Census {
    visits: AtomicUsize,
    alone: AtomicUsize,
}

#[test]
fn nobody_is_alone_while_another_may_write_whatever_the_order() {
    let place = Place::new();
    let census = Arc::new(Census::default());
    let server = |folder: &str| {
        let folder = place.folder.path().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let census = Arc::clone(&census);
        Keeper::start(&place.database(), &folder, move |alone| {
            if alone {
                assert_eq!(census.alone.fetch_add(1, Ordering::SeqCst), 0, "two are alone");
                assert_eq!(census.visits.load(Ordering::SeqCst), 0, "alone among visitors");
            } else {
                census.alone.fetch_sub(1, Ordering::SeqCst);
            }
        })
        .unwrap()
    };
    let servers = [server("data"), server("data"), server("elsewhere")];
    let visiting = AtomicUsize::new(3);
    std::thread::scope(|scope| {
        for server in &servers {
            scope.spawn(|| {
                while visiting.load(Ordering::SeqCst) > 0 {
                    server.renew().unwrap();
                    std::thread::yield_now();
                }
            });
        }
        for _ in 0..3 {
            scope.spawn(|| {
                let _leaving = Leaving(&visiting);
                for _ in 0..20 {
                    let visit = Visit::begin(&place.database()).unwrap();
                    census.visits.fetch_add(1, Ordering::SeqCst);
                    assert_eq!(
                        census.alone.load(Ordering::SeqCst),
                        0,
                        "a visitor beside one alone"
                    );
                    census.visits.fetch_sub(1, Ordering::SeqCst);
                    drop(visit);
                }
            });
        }
    });
}

/// Counts down even where an assertion fails: else the servers would go on for ever.
struct Leaving<'a>(&'a AtomicUsize);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

mod mishaps;
