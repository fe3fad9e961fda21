//! Opening databases, and the promises of `read`, `write` and `transact`.

use std::time::Instant;

use diesel::connection::TransactionManager;
use diesel::result::Error;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::testing::{Engine, TestDatabase};
use super::*;

fn options(url: &str) -> DatabaseOptions {
    DatabaseOptions { url: url.into(), pool_size: 2, acquire_timeout: Duration::from_secs(1) }
}

/// What was made, unless its engine is left out.
#[expect(clippy::print_stderr, reason = "a skipped test has no other way to say so")]
fn unless_left_out(made: Result<TestDatabase, String>) -> Option<TestDatabase> {
    made.inspect_err(|reason| eprintln!("skipped: {reason}")).ok()
}

/// A migrated database that is soon out of patience; `None` where its engine is left out.
fn database(engine: Engine) -> Option<(TestDatabase, Database)> {
    let test = unless_left_out(TestDatabase::migrated(engine))?;
    let database = Database::open(options(test.url())).unwrap();
    Some((test, database))
}

fn insert(connection: &mut AnyConnection, number: u8) -> QueryResult<usize> {
    let ends_at = Moment::from(domain::time::Timestamp::from_micros(0).unwrap());
    let row = (
        throttles::id.eq(vec![number; 32]),
        throttles::taken.eq(1_i64),
        throttles::ends_at.eq(ends_at),
    );
    diesel::insert_into(throttles::table).values(row).execute(connection)
}

async fn count(database: &Database) -> i64 {
    database.read(|connection| throttles::table.count().get_result(connection)).await.unwrap()
}

#[tokio::test]
async fn an_error_undoes_all_of_a_transaction() {
    for engine in Engine::ALL {
        let Some((_test, database)) = database(engine) else { continue };
        let undone = database.transact(|connection| {
            insert(connection, 1)?;
            insert(connection, 2)?;
            Err::<(), _>(Error::NotFound)
        });
        assert!(undone.await.is_err());
        assert_eq!(count(&database).await, 0, "{engine:?}");
        let refused = database.transact(|connection| {
            insert(connection, 1)?;
            insert(connection, 1)
        });
        assert!(refused.await.is_err());
        assert_eq!(count(&database).await, 0, "{engine:?}");
        database.transact(|connection| insert(connection, 1)).await.unwrap();
        assert_eq!(count(&database).await, 1, "{engine:?}");
    }
}

#[tokio::test]
async fn a_panic_undoes_all_of_a_transaction_and_the_database_goes_on() {
    for engine in Engine::ALL {
        let Some((_test, database)) = database(engine) else { continue };
        let panicked = database.transact(|connection| -> QueryResult<()> {
            insert(connection, 1)?;
            panic!("on purpose");
        });
        assert!(matches!(panicked.await, Err(StoreError::Unavailable(_))));
        database.transact(|connection| insert(connection, 2)).await.unwrap();
        assert_eq!(count(&database).await, 1, "{engine:?}");
    }
}

#[tokio::test]
async fn readers_of_sqlite_write_nothing() {
    let (_test, database) = database(Engine::Sqlite).unwrap();
    assert!(database.read(|connection| insert(connection, 1)).await.is_err());
    assert_eq!(count(&database).await, 0);
}

#[tokio::test]
async fn a_database_in_memory_keeps_what_is_written() {
    let database = Database::open(options("sqlite::memory:")).unwrap();
    assert_eq!(database.describe(), "sqlite (in memory)");
    database.migrate_up().unwrap();
    database.transact(|connection| insert(connection, 1)).await.unwrap();
    assert_eq!(count(&database).await, 1);
}

#[test]
fn processes_that_start_at_once_on_a_new_file_all_get_in() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let url = format!("sqlite://{}", folder.path().join(format!("{round}.db")).display());
        let starting = [(); 6].map(|()| {
            let mut options = options(&url);
            options.acquire_timeout = Duration::from_secs(30);
            std::thread::spawn(move || Database::open(options).unwrap().migrate_up().unwrap())
        });
        let reports = starting.map(|process| process.join().unwrap());
        assert_eq!(reports.iter().filter(|report| report.created).count(), 1);
        assert_eq!(reports.iter().filter(|report| !report.ran.is_empty()).count(), 1);
    }
}

#[tokio::test]
async fn a_lock_that_somebody_holds_is_waited_for_and_then_reported() {
    for engine in Engine::ALL {
        let Some((test, database)) = database(engine) else { continue };
        database.transact(|connection| insert(connection, 1)).await.unwrap();
        let mut holder = test.connect();
        let raise = |connection: &mut AnyConnection| {
            let raised = throttles::taken.eq(throttles::taken + 1);
            diesel::update(throttles::table).set(raised).execute(connection)
        };
        dialect::begin(&mut holder).unwrap();
        raise(&mut holder).unwrap();
        let begun = Instant::now();
        assert!(matches!(database.transact(raise).await, Err(StoreError::Unavailable(_))));
        assert!(begun.elapsed() >= Duration::from_millis(900), "{engine:?} {:?}", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(3), "{engine:?} {:?}", begun.elapsed());
        assert_eq!(count(&database).await, 1, "{engine:?} reads meanwhile");
        AnyConnection::commit_transaction(&mut holder).unwrap();
        assert_eq!(database.transact(raise).await.unwrap(), 1, "{engine:?} goes on");
    }
}

#[test]
fn sessions_do_not_depend_on_how_the_server_was_set_up() {
    let expected = [
        (
            Engine::Mysql,
            "SELECT CONCAT(@@time_zone, ' ', @@autocommit + 0, ' ', @@foreign_key_checks + 0, ' ',
            @@innodb_lock_wait_timeout, ' ', @@character_set_connection, ' ',
            @@sql_mode LIKE '%STRICT_ALL_TABLES%') AS line",
            "+00:00 1 1 3 utf8mb4 1",
        ),
        (
            Engine::Postgres,
            "SELECT concat_ws(' ', current_setting('TimeZone'),
            current_setting('lock_timeout'), current_setting('statement_timeout'),
            current_setting('default_transaction_isolation')) AS line",
            "UTC 3s 30500ms read committed",
        ),
    ];
    for (engine, query, settings) in expected {
        if let Some(test) = unless_left_out(TestDatabase::empty(engine)) {
            assert_eq!(test.lines(query), [settings]);
        }
    }
}

#[test]
fn every_engine_of_this_binary_is_named() {
    let mut engines = vec!["sqlite"];
    engines.extend(cfg!(feature = "mysql").then_some("mysql"));
    engines.extend(cfg!(feature = "postgres").then_some("postgres"));
    assert_eq!(super::engines(), engines);
}
