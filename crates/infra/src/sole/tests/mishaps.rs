//! What goes wrong around the lock makes nobody believe itself alone.

use super::*;

#[test]
fn a_server_that_does_not_get_its_turn_does_not_say_that_it_shares() {
    let place = Place::new();
    let server = place.server("one", "data");
    let said = Turn::at(&place.database()).wait(LONG, || Ok(place.ask("data", socket::SHARE)));
    assert_ne!(said.unwrap(), socket::SHARED);
    assert_eq!(place.told(), [("one", true), ("one", false)], "it remembers nothing all the same");
    assert!(!server.is_alone());
    assert!(!Lock::open(&place.database()).unwrap().try_shared().unwrap(), "nobody may write yet");
    Visit::begin(&place.database()).unwrap();
}

#[test]
fn servers_that_start_at_once_in_one_folder_can_all_be_asked() {
    for _ in 0..5 {
        let place = Place::new();
        let folder = place.folder.path();
        // What a dead one left tempts each of them.
        drop(UnixListener::bind(folder.join("doorward.sock")).unwrap());
        let databases: Vec<PathBuf> =
            (0..4).map(|number| folder.join(format!("{number}.db"))).collect();
        let start = |database: &PathBuf| Keeper::start(database, folder, |_| {}).unwrap();
        let servers: Vec<Keeper> = std::thread::scope(|scope| {
            let started: Vec<_> =
                databases.iter().map(|database| scope.spawn(|| start(database))).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (server, database) in servers.iter().zip(&databases) {
            assert!(server.is_alone());
            Visit::begin(database).unwrap();
            assert!(!server.is_alone());
        }
    }
}

#[test]
fn a_server_whose_socket_was_removed_is_not_alone_any_more() {
    let place = Place::new();
    let server = place.server("one", "data");
    std::fs::remove_file(place.folder.path().join("data/doorward.sock")).unwrap();
    let error = server.renew().unwrap_err().to_string();
    assert!(error.ends_with("data/doorward.sock"), "{error}");
    assert!(!server.is_alone());
    Visit::begin(&place.database()).unwrap();
    assert!(server.renew().is_err() && !server.is_alone(), "nobody could ask it");
}

#[test]
fn a_server_whose_lock_was_removed_asks_whoever_took_a_new_one() {
    let place = Place::new();
    let server = place.server("one", "data");
    std::fs::remove_file(place.database().with_extension("db.lock")).unwrap();
    let other = place.server("two", "elsewhere");
    server.renew().unwrap();
    assert!(!server.is_alone() && !other.is_alone());
    let told = [("one", true), ("two", true), ("one", false), ("two", false)];
    assert_eq!(place.told(), told);
    drop(server);
    alone_again(&other);
}

#[test]
fn a_server_whose_lock_was_removed_is_alone_with_a_new_one_where_nobody_else_is() {
    let place = Place::new();
    let server = place.server("one", "data");
    std::fs::remove_file(place.database().with_extension("db.lock")).unwrap();
    server.renew().unwrap();
    assert_eq!(place.told(), [("one", true), ("one", false), ("one", true)]);
    assert!(!Lock::open(&place.database()).unwrap().try_shared().unwrap());
    drop(server);
}

#[test]
fn a_server_that_cannot_listen_serves_and_is_never_alone() {
    let place = Place::new();
    let nowhere = place.folder.path().join("nowhere");
    let server = Keeper::start(&place.database(), &nowhere, |_| panic!("alone")).unwrap();
    server.renew().unwrap();
    assert!(!server.is_alone());
    Visit::begin(&place.database()).unwrap();
}

#[test]
fn a_lock_that_may_not_be_opened_is_no_lack_of_locks() {
    let place = Place::new();
    std::fs::create_dir(place.database().with_extension("db.lock")).unwrap();
    let error = Visit::begin(&place.database()).unwrap_err();
    assert!(error.to_string().starts_with("cannot open "), "{error}");
}

#[test]
fn a_server_in_another_container_is_found_beside_the_database() {
    let place = Place::new();
    let server = place.server("one", ".");
    // As it sees its folder, and nobody else does.
    let lock = Lock::open(&place.database()).unwrap();
    lock.sign(&PathBuf::from("/nowhere/doorward.sock")).unwrap();
    Visit::begin(&place.database()).unwrap();
    assert!(!server.is_alone());
}

#[test]
fn what_is_no_socket_is_not_removed() {
    let place = Place::new();
    let path = place.folder.path().join("doorward.sock");
    std::fs::write(&path, "kept").unwrap();
    assert!(place.server("one", ".").is_alone());
    assert_eq!(std::fs::read(&path).unwrap(), b"kept");
}

#[test]
fn a_socket_that_took_the_place_of_ours_is_not_removed() {
    let place = Place::new();
    let server = place.server("one", "data");
    let path = place.folder.path().join("data/doorward.sock");
    std::fs::remove_file(&path).unwrap();
    let _other = UnixListener::bind(&path).unwrap();
    drop(server);
    assert!(path.exists());
}
