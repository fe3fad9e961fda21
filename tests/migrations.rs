//! The migrations: three dialects of one history, which lead to what `schema.rs` says.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;

use infra::db::testing::{Engine, TestDatabase};

const SCHEMA: &str = include_str!("../crates/infra/src/db/schema.rs");

/// A database without tables; `None` where there is no server for it and none is required.
#[expect(clippy::print_stderr, reason = "a skipped test has no other way to say so")]
fn empty(engine: Engine) -> Option<TestDatabase> {
    TestDatabase::empty(engine).inspect_err(|reason| eprintln!("skipped: {reason}")).ok()
}

/// Everything the database holds but the order of its columns, one fact a line.
fn facts(engine: Engine, database: &TestDatabase) -> BTreeSet<String> {
    let query = match engine {
        Engine::Sqlite => include_str!("migrations/sqlite.sql"),
        Engine::Mysql => include_str!("migrations/mysql.sql"),
        Engine::Postgres => include_str!("migrations/postgres.sql"),
    };
    database.lines(query).into_iter().collect()
}

/// The facts that all engines word alike: keys, references and defaults.
fn shared_facts(engine: Engine) -> Option<BTreeSet<String>> {
    let database = empty(engine)?;
    database.database().migrate_up().unwrap();
    let facts = facts(engine, &database);
    Some(facts.into_iter().filter(|fact| !fact.starts_with("column ")).collect())
}

/// What `schema.rs` says of columns, in the words of an engine.
fn columns_of_the_schema(engine: Engine) -> BTreeSet<Vec<String>> {
    let mut table = "";
    let mut columns = BTreeSet::new();
    for line in SCHEMA.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name;
        } else if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
            let nullable = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            let required = if nullable.is_some() { "" } else { " required" };
            let kinds = kinds(engine, nullable.unwrap_or(kind));
            let line = |kind| format!("column {table}.{column} {kind}{required}");
            columns.insert(kinds.iter().map(line).collect());
        }
    }
    columns
}

/// The types that an engine may keep a type of `schema.rs` in.
fn kinds(engine: Engine, kind: &str) -> &'static [&'static str] {
    match (engine, kind) {
        (Engine::Sqlite, "BigInt" | "Bool") => &["integer"],
        (Engine::Sqlite, "Text" | "UtcTime") => &["text"],
        (Engine::Sqlite, "Binary") => &["blob"],
        (Engine::Mysql, "BigInt") => &["bigint"],
        (Engine::Mysql, "Bool") => &["tinyint"],
        (Engine::Mysql, "Text") => &["varchar", "varbinary", "mediumtext"],
        (Engine::Mysql, "UtcTime") => &["datetime(6)"],
        (Engine::Mysql, "Binary") => &["binary"],
        (Engine::Postgres, "BigInt") => &["bigint"],
        (Engine::Postgres, "Bool") => &["boolean"],
        (Engine::Postgres, "Text") => &["text"],
        (Engine::Postgres, "UtcTime") => &["timestamp without time zone"],
        (Engine::Postgres, "Binary") => &["bytea"],
        (_, unknown) => panic!("schema.rs has a type that this test does not know: {unknown}"),
    }
}

#[test]
fn every_migration_has_the_same_name_in_three_dialects_and_can_be_undone() {
    let names = |engine: Engine| {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(engine.name());
        let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
        let names = entries.inspect(|path| {
            for script in ["up.sql", "down.sql"] {
                assert!(path.join(script).is_file(), "{} has no {script}", path.display());
            }
        });
        names.map(|path| path.file_name().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let [sqlite, mysql, postgres] = Engine::ALL.map(names);
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, mysql);
    assert_eq!(sqlite, postgres);
}

fn up_down_and_up_again_leads_to_the_same_tables(engine: Engine) {
    let Some(test) = empty(engine) else { return };
    let database = test.database();
    let first = database.migrate_up().unwrap();
    let made = facts(engine, &test);
    assert!(first.created && !first.ran.is_empty() && !made.is_empty());
    assert!(database.migration_status().unwrap().iter().all(|migration| migration.applied));
    let undone = database.migrate_down(first.ran.len()).unwrap();
    assert_eq!(undone.ran, first.ran.iter().rev().cloned().collect::<Vec<_>>());
    assert_eq!(facts(engine, &test), BTreeSet::new());
    assert!(database.migration_status().unwrap().iter().all(|migration| !migration.applied));
    assert_eq!(database.migrate_up().unwrap().ran, first.ran);
    assert_eq!(facts(engine, &test), made);
    assert_eq!(database.migrate_up().unwrap().ran, Vec::<String>::new());
}

fn every_step_can_be_undone_and_done_again(engine: Engine) {
    let Some(test) = empty(engine) else { return };
    let database = test.database();
    let ran = database.migrate_up().unwrap().ran;
    for steps in 1..=ran.len() {
        let undone = database.migrate_down(steps).unwrap().ran;
        assert_eq!(undone.len(), steps);
        let again = database.migrate_up().unwrap();
        assert_eq!(again.ran, ran[ran.len() - steps..]);
        assert_eq!(again.created, steps == ran.len());
    }
}

fn the_columns_are_those_of_the_schema(engine: Engine) {
    let Some(test) = empty(engine) else { return };
    test.database().migrate_up().unwrap();
    let mut columns = facts(engine, &test);
    columns.retain(|fact| fact.starts_with("column "));
    for wordings in columns_of_the_schema(engine) {
        let found = wordings.iter().any(|wording| columns.remove(wording));
        assert!(found, "{} lacks {wordings:?} of schema.rs", engine.name());
    }
    assert_eq!(columns, BTreeSet::new(), "columns that schema.rs does not know");
}

fn of_many_migrators_at_once_one_migrates(engine: Engine) {
    let Some(test) = empty(engine) else { return };
    for _ in 0..3 {
        let nodes = [(); 4].map(|()| test.open_again());
        let migrating =
            nodes.map(|node| thread::spawn(move || node.migrate_up().unwrap().ran.len()));
        let mut ran = migrating.map(|migrator| migrator.join().unwrap());
        ran.sort_unstable();
        let all = test.database().migration_status().unwrap().len();
        assert_eq!(ran, [0, 0, 0, all]);
        test.database().migrate_down(all).unwrap();
    }
}

/// MySQL commits DDL by itself, so a process may die between a migration and its note.
#[test]
fn on_mysql_a_migration_that_was_not_noted_is_passed_over() {
    let Some(test) = empty(Engine::Mysql) else { return };
    let database = test.database();
    let ran = database.migrate_up().unwrap().ran;
    let made = facts(Engine::Mysql, &test);
    test.execute("DELETE FROM __diesel_schema_migrations");
    assert_eq!(database.migrate_up().unwrap().ran, ran);
    assert_eq!(facts(Engine::Mysql, &test), made);
    test.execute("DROP TABLE throttles");
    assert_eq!(database.migrate_down(ran.len()).unwrap().ran.len(), ran.len());
}

#[test]
fn keys_references_and_defaults_are_the_same_on_every_engine() {
    let sqlite = shared_facts(Engine::Sqlite).unwrap();
    for fact in
        ["unique users(email_key)", "reference sessions.user_id to users.id on delete cascade"]
    {
        assert!(sqlite.contains(fact), "{fact} is missing from {sqlite:#?}");
    }
    assert!(!sqlite.iter().any(|fact| fact.starts_with("default ")), "values come from the domain");
    for engine in [Engine::Mysql, Engine::Postgres] {
        if let Some(facts) = shared_facts(engine) {
            assert_eq!(facts, sqlite, "{}", engine.name());
        }
    }
}

/// Makes a test of each sentence for each engine.
macro_rules! on_every_engine {
    ($($sentence:ident)*) => {
        mod sqlite {
            $(#[test]
            fn $sentence() {
                super::$sentence(super::Engine::Sqlite);
            })*
        }
        mod mysql {
            $(#[test]
            fn $sentence() {
                super::$sentence(super::Engine::Mysql);
            })*
        }
        mod postgres {
            $(#[test]
            fn $sentence() {
                super::$sentence(super::Engine::Postgres);
            })*
        }
    };
}

on_every_engine! {
    up_down_and_up_again_leads_to_the_same_tables
    every_step_can_be_undone_and_done_again
    the_columns_are_those_of_the_schema
    of_many_migrators_at_once_one_migrates
}
