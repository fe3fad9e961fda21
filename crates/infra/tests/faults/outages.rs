//! Databases that hang, vanish and come back.

use std::net::{TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::post::Sequel;
use domain::sessions::{Budget, ThrottleKey};
use domain::store::{StoreError, StoreHealth};
use domain::users::User;
use infra::db::testing::{Engine, TestDatabase};
use infra::db::{Database, DatabaseError, DatabaseOptions};
use infra::stores::Stores;
use testkit::time::noon;
use testkit::{a_session, a_user};
use tokio::task::JoinSet;
use url::Url;

use crate::database;
use crate::proxy::Proxy;

const POOL_SIZE: u32 = 4;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
/// What no answer may take longer than: the acquire timeout, half a second, and what two busy cores
/// may add.
const LONGEST: Duration = Duration::from_millis(2_500);

fn open(url: &str) -> Result<Database, DatabaseError> {
    let (pool_size, acquire_timeout) = (POOL_SIZE, ACQUIRE_TIMEOUT);
    Database::open(DatabaseOptions { url: url.into(), pool_size, acquire_timeout })
}

/// Asks with as many callers at once as there are connections, three times over.
async fn ask(health: &Arc<dyn StoreHealth>) -> Vec<Result<(), StoreError>> {
    let mut callers = JoinSet::new();
    for _ in 0..POOL_SIZE * 3 {
        let health = Arc::clone(health);
        callers.spawn(async move { health.ping().await });
    }
    callers.join_all().await
}

/// A database behind a proxy, and its health.
fn behind_a_proxy(database: &TestDatabase) -> (Proxy, Arc<dyn StoreHealth>) {
    let mut url = Url::parse(database.url()).unwrap();
    let server = (url.host_str().unwrap(), url.port().unwrap());
    let proxy = Proxy::to(server.to_socket_addrs().unwrap().next().unwrap());
    url.set_port(Some(proxy.port)).unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    let health = Stores::new(&open(url.as_str()).unwrap()).health;
    (proxy, health)
}

/// Asks until all is well again, as callers do who were told 503.
async fn recovers(health: &Arc<dyn StoreHealth>) {
    let begun = Instant::now();
    while ask(health).await.iter().any(Result::is_err) {
        assert!(begun.elapsed() < Duration::from_secs(5), "the pool does not recover");
    }
}

async fn a_hanging_server_is_given_up_and_taken_up_again(engine: Engine) {
    let Some(database) = database(engine) else { return };
    let (proxy, health) = behind_a_proxy(&database);
    assert!(ask(&health).await.iter().all(Result::is_ok));
    proxy.hang();
    for _ in 0..2 {
        let begun = Instant::now();
        let answers = ask(&health).await;
        assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))));
        assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
    }
    proxy.reopen();
    recovers(&health).await;
}

async fn a_server_that_was_killed_is_reported_and_found_again(engine: Engine) {
    let Some(database) = database(engine) else { return };
    let (proxy, health) = behind_a_proxy(&database);
    assert!(ask(&health).await.iter().all(Result::is_ok));
    proxy.close();
    let begun = Instant::now();
    let answers = ask(&health).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))));
    assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
    proxy.reopen();
    recovers(&health).await;
}

/// Ends all connections to the database that are idle in a pool.
fn kill_idle_connections(engine: Engine, database: &TestDatabase) -> usize {
    let find = match engine {
        Engine::Mysql => {
            "SELECT CAST(id AS CHAR) AS line FROM information_schema.processlist
             WHERE db = DATABASE() AND command = 'Sleep'"
        }
        Engine::Postgres => {
            "SELECT pid::text AS line FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()"
        }
        Engine::Sqlite => return 0,
    };
    let found = database.lines(find);
    for id in &found {
        match engine {
            Engine::Mysql => database.execute(&format!("KILL {id}")),
            Engine::Postgres => database.execute(&format!("SELECT pg_terminate_backend({id})")),
            Engine::Sqlite => {}
        }
    }
    found.len()
}

async fn killed_connections_are_replaced_unseen(engine: Engine) {
    let Some(database) = database(engine) else { return };
    let health = Stores::new(&open(database.url()).unwrap()).health;
    for _ in 0..3 {
        assert!(ask(&health).await.iter().all(Result::is_ok));
        assert!(kill_idle_connections(engine, &database) > 0, "the pool keeps connections");
    }
    assert!(ask(&health).await.iter().all(Result::is_ok));
}

/// Opens sessions and counts attempts, as many at once as there are connections, three times over.
async fn write(stores: &Stores, ada: &User, budget: &Budget) {
    let mut callers = JoinSet::new();
    for _ in 0..POOL_SIZE * 3 {
        let (stores, session, budget) =
            (stores.clone(), a_session().of(ada).build(), budget.clone());
        callers.spawn(async move {
            assert!(stores.sessions.open(&session, &Sequel::none()).await.unwrap());
            assert!(stores.throttle.take(&budget, noon()).await.unwrap().is_granted());
        });
    }
    callers.join_all().await;
}

/// Connections that answered a moment ago are not asked whether they are whole: what they were used
/// for has to be done on others, and once.
async fn a_write_right_after_its_connection_was_killed_is_done_once(engine: Engine) {
    let Some(database) = database(engine) else { return };
    let stores = Stores::new(&open(database.url()).unwrap());
    let mut ada = a_user().build();
    ada.number = stores.users.add(&ada, &Sequel::none()).await.unwrap();
    let budget = Budget {
        name: "test",
        key: ThrottleKey::new("test", "ada"),
        limit: 1_000,
        window: Duration::from_secs(60),
    };
    for round in 1..=3 {
        write(&stores, &ada, &budget).await;
        assert!(kill_idle_connections(engine, &database) > 0, "the pool keeps connections");
        write(&stores, &ada, &budget).await;
        let written = i64::from(round * 2 * POOL_SIZE * 3);
        assert_eq!(database.lines(COUNTED), [format!("{written} {written}")]);
    }
}

const COUNTED: &str =
    "SELECT CONCAT((SELECT COUNT(*) FROM sessions), ' ', taken) AS line FROM throttles";

/// Nobody answers on this port, though connections are taken.
fn a_port_that_hangs() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn a_server_that_does_not_answer_is_an_error_in_time_and_in_one_line() {
    for scheme in ["mysql", "postgres"] {
        let (_listener, port) = a_port_that_hangs();
        let begun = Instant::now();
        let error = open(&format!("{scheme}://u:hunter2@127.0.0.1:{port}/d")).err().unwrap();
        assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
        let line = error.to_string();
        assert!(line.contains(&format!("{scheme} 127.0.0.1:{port}/d")), "{line}");
        assert!(!line.contains('\n') && !line.contains("hunter2"), "{line}");
    }
}

#[test]
fn a_port_that_nobody_listens_on_is_an_error_at_once() {
    for scheme in ["mysql", "postgres"] {
        let (listener, port) = a_port_that_hangs();
        drop(listener);
        let begun = Instant::now();
        let error = open(&format!("{scheme}://u:hunter2@127.0.0.1:{port}/d")).err().unwrap();
        assert!(begun.elapsed() < ACQUIRE_TIMEOUT, "{:?}", begun.elapsed());
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_mysql_is_given_up_and_taken_up_again() {
    a_hanging_server_is_given_up_and_taken_up_again(Engine::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_postgres_is_given_up_and_taken_up_again() {
    a_hanging_server_is_given_up_and_taken_up_again(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mysql_that_was_killed_is_reported_and_found_again() {
    a_server_that_was_killed_is_reported_and_found_again(Engine::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_was_killed_is_reported_and_found_again() {
    a_server_that_was_killed_is_reported_and_found_again(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_mysql_killed_are_replaced_unseen() {
    killed_connections_are_replaced_unseen(Engine::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_postgres_terminated_are_replaced_unseen() {
    killed_connections_are_replaced_unseen(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_right_after_mysql_killed_its_connection_is_done_once() {
    a_write_right_after_its_connection_was_killed_is_done_once(Engine::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_right_after_postgres_terminated_its_connection_is_done_once() {
    a_write_right_after_its_connection_was_killed_is_done_once(Engine::Postgres).await;
}
