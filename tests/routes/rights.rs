//! A user of the database who may read and write rows, and nothing else, is enough to serve.

use std::path::Path;

use acceptance::{Actor, Engine, Server};
use infra::db::testing::TestDatabase;

/// The SQL of README, in the block of this engine, for this database and user.
fn grants(engine: &str, database: &str, user: &str) -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, section) = readme.split_once("\n## Databases\n").unwrap();
    let blocks = section.split("\n## ").next().unwrap().split("```").skip(1).step_by(2);
    let mark = format!("-- {engine}\n");
    let block = blocks.filter_map(|block| block.split_once(mark.as_str())).next();
    let (_, sql) = block.unwrap_or_else(|| panic!("README has no SQL for {engine}"));
    let sql = sql.split("\n-- ").next().unwrap();
    sql.replace("doorward_server", user).replace("doorward.*", &format!("{database}.*"))
}

/// Replaces user and password of a URL.
fn as_user(url: &str, user: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    format!("{scheme}://{user}:hunter2@{}", rest.split_once('@').unwrap().1)
}

fn served_by_a_modest_user(engine: Engine, name: &str, farewell: &str) {
    // A machine without the engine says so once, in the tests of engines.
    let Ok(test) = TestDatabase::empty(engine) else { return };
    let database = test.url().rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let user = format!("m{}", &database[database.len() - 12..]);
    // Whoever owns the tables makes them once, and serves nothing.
    drop(Server::builder().with("database.url", test.url()).start());
    test.execute(&grants(name, &database, &user));
    let url = as_user(test.url(), &user);
    let modest = || Server::builder().with("database.url", &url).with("database.migrate", "false");
    {
        let mut server = modest().start();
        let ada = server.actor("ada");
        let other = ada.again();
        other.client.delete("/v1/sessions/current").expect(204);
        assert!(ada.is_in() && !other.is_in());
        let room = serde_json::json!({ "name": "Ward 7", "passkey": "heron" });
        let room = ada.client.post("/v1/chatrooms", &room).expect(201).text_at("/id");
        ada.client.delete(&format!("/v1/chatrooms/{room}")).expect(204);
        server.kill_and_restart();
        let ada = Actor::sign_in(server.client(), "ada");
        server.client().get("/readyz").expect(200);
        // The rights are as few as they look.
        let (succeeded, told) = server.run(&["migrate", "down"], "");
        assert!(!succeeded && !told.contains("hunter2"), "{name}: {told}");
        ada.again();
    }
    test.execute(&farewell.replace("{user}", &user));
}

#[test]
fn a_user_without_rights_to_tables_serves_on_mariadb() {
    served_by_a_modest_user(Engine::Mysql, "MariaDB", "DROP USER '{user}'@'%'");
}

#[test]
fn a_user_without_rights_to_tables_serves_on_postgresql() {
    served_by_a_modest_user(
        Engine::Postgres,
        "PostgreSQL",
        "DROP OWNED BY {user}; DROP ROLE {user}",
    );
}
