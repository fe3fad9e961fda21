//! Every engine keeps the store contract.

use async_trait::async_trait;
use infra::db::testing::{Engine, TestDatabase};
use infra::stores::Stores;
use testkit::contract::{EngineMissing, Prepared, StoreFixture, StoreSet};

fn prepare(engine: Engine) -> Result<Prepared, EngineMissing> {
    let database = TestDatabase::migrated(engine).map_err(EngineMissing)?;
    let stores = Stores::new(database.database());
    let stores = StoreSet {
        users: stores.users,
        sessions: stores.sessions,
        throttle: stores.throttle,
        codes: stores.codes,
        outbox: stores.outbox,
        chatrooms: stores.chatrooms,
        messages: stores.messages,
        books: stores.books,
        audit: stores.audit,
        idempotency: stores.idempotency,
        sealed: stores.sealed,
        health: stores.health,
    };
    Ok(Prepared::new(stores, database))
}

struct Sqlite;

#[async_trait]
impl StoreFixture for Sqlite {
    async fn prepare() -> Result<Prepared, EngineMissing> {
        prepare(Engine::Sqlite)
    }
}

struct Mysql;

#[async_trait]
impl StoreFixture for Mysql {
    async fn prepare() -> Result<Prepared, EngineMissing> {
        prepare(Engine::Mysql)
    }
}

struct Postgres;

#[async_trait]
impl StoreFixture for Postgres {
    async fn prepare() -> Result<Prepared, EngineMissing> {
        prepare(Engine::Postgres)
    }
}

mod sqlite {
    testkit::store_contract!(super::Sqlite);
}

mod mysql {
    testkit::store_contract!(super::Mysql);
}

mod postgres {
    testkit::store_contract!(super::Postgres);
}
