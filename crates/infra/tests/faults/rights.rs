//! A database user who may do too little is told the SQL that helps, and it does help.

use std::time::Duration;

use infra::db::testing::{Engine, TestDatabase};
use infra::db::{Database, DatabaseError, DatabaseOptions};
use url::Url;

use crate::empty_database;

/// A user of the server, named after the database and with no right to change it.
struct Newcomer<'a> {
    test: &'a TestDatabase,
    name: String,
    url: Url,
}

impl<'a> Newcomer<'a> {
    fn arrives(test: &'a TestDatabase, rights: &str) -> Self {
        let mut url = Url::parse(test.url()).unwrap();
        let database = url.path().trim_start_matches('/').to_owned();
        let name = format!("n{}", &database[database.len() - 16..]);
        test.execute(&rights.replace("{name}", &name).replace("{database}", &database));
        url.set_username(&name).unwrap();
        url.set_password(Some("hunter2")).unwrap();
        Self { test, name, url }
    }

    fn migrates(&self) -> Result<(), DatabaseError> {
        let options = DatabaseOptions {
            url: self.url.as_str().into(),
            pool_size: 1,
            acquire_timeout: Duration::from_secs(30),
        };
        Database::open(options)?.migrate_up().map(drop)
    }

    /// Migrates in vain, has `test`'s user run the SQL it is told, and migrates.
    fn is_helped_by_what_it_is_told(&self) {
        let error = self.migrates().unwrap_err();
        let line = error.to_string();
        assert!(!line.contains('\n') && !line.contains("hunter2"), "{line}");
        let DatabaseError::MissingRights { grant, .. } = error else { panic!("{line}") };
        assert!(line.contains(&grant), "{line}");
        self.test.execute(&grant);
        self.migrates().unwrap();
    }

    fn leaves(self, farewell: &str) {
        self.test.execute(&farewell.replace("{name}", &self.name));
    }
}

#[test]
fn on_mysql_a_grant_lets_a_user_in_who_was_kept_out() {
    let Some(test) = empty_database(Engine::Mysql) else { return };
    let newcomer = Newcomer::arrives(&test, "CREATE USER {name}@'%' IDENTIFIED BY 'hunter2'");
    newcomer.is_helped_by_what_it_is_told();
    newcomer.leaves("DROP USER {name}@'%'");
}

#[test]
fn on_mysql_a_grant_lets_a_user_make_tables_who_could_only_read() {
    let Some(test) = empty_database(Engine::Mysql) else { return };
    let newcomer = Newcomer::arrives(
        &test,
        "CREATE USER {name}@'%' IDENTIFIED BY 'hunter2'; GRANT SELECT ON {database}.* TO {name}@'%'",
    );
    newcomer.is_helped_by_what_it_is_told();
    newcomer.leaves("DROP USER {name}@'%'");
}

#[test]
fn on_postgres_a_grant_lets_a_user_make_tables_who_could_not() {
    let Some(test) = empty_database(Engine::Postgres) else { return };
    let newcomer = Newcomer::arrives(
        &test,
        "CREATE ROLE {name} LOGIN PASSWORD 'hunter2';
         REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    );
    newcomer.is_helped_by_what_it_is_told();
    newcomer.leaves("DROP OWNED BY {name}; DROP ROLE {name}");
}

#[test]
fn on_postgres_a_grant_lets_a_user_in_who_was_kept_out() {
    let Some(test) = empty_database(Engine::Postgres) else { return };
    let newcomer = Newcomer::arrives(
        &test,
        "CREATE ROLE {name} LOGIN PASSWORD 'hunter2';
         REVOKE CONNECT ON DATABASE {database} FROM PUBLIC; GRANT CREATE ON SCHEMA public TO {name}",
    );
    newcomer.is_helped_by_what_it_is_told();
    newcomer.leaves("DROP OWNED BY {name}; DROP ROLE {name}");
}
