//! A database that cannot speak TLS is not spoken to in clear, where the URL asks for TLS.

use std::time::Duration;

use infra::db::testing::{Engine, TestDatabase};
use infra::db::{Database, DatabaseOptions};

use crate::empty_database;

/// Opens and migrates; answers with what is wrong, in one line.
fn refused(test: &TestDatabase, parameter: &str) -> String {
    let options = DatabaseOptions {
        url: format!("{}?{parameter}", test.url()).into(),
        pool_size: 1,
        acquire_timeout: Duration::from_secs(10),
    };
    let outcome = Database::open(options).and_then(|database| database.migrate_up());
    match outcome {
        Ok(report) => {
            panic!("{parameter}: {} migrations went over the wire in clear", report.ran.len())
        }
        Err(error) => error.to_string(),
    }
}

fn stays_untouched(test: &TestDatabase) {
    let states = test.database().migration_status().unwrap();
    assert!(states.iter().all(|state| !state.applied), "something was migrated");
}

#[test]
fn mariadb_in_clear_is_refused_where_the_url_asks_for_tls() {
    let Some(test) = empty_database(Engine::Mysql) else { return };
    for parameter in ["ssl_mode=REQUIRED", "ssl_mode=required", "ssl_mode=VERIFY_CA"] {
        let line = refused(&test, parameter);
        assert!(line.contains("TLS") && !line.contains('\n'), "{parameter}: {line}");
    }
    assert!(refused(&test, "ssl_mode=VERIFY_IDENTITY").contains("cannot be kept"));
    stays_untouched(&test);
}

#[test]
fn postgresql_in_clear_is_refused_where_the_url_asks_for_tls() {
    let Some(test) = empty_database(Engine::Postgres) else { return };
    for parameter in ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"] {
        let line = refused(&test, parameter);
        let is_told = ["SSL", "TLS", "root certificate"].iter().any(|word| line.contains(word));
        assert!(is_told && !line.contains('\n'), "{parameter}: {line}");
    }
    stays_untouched(&test);
}
