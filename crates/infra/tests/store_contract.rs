//! Every engine keeps the store contract.

use async_trait::async_trait;
use infra::cache::SessionCache;
use infra::db::testing::{Engine, TestDatabase};
use infra::stores::Stores;
use testkit::contract::{EngineMissing, Prepared, StoreFixture, StoreSet};

fn prepare(engine: Engine) -> Result<Prepared, EngineMissing> {
    prepare_over(engine, |stores| stores)
}

/// The engine, by way of decorators.
fn prepare_over(
    engine: Engine,
    decorate: impl FnOnce(Stores) -> Stores,
) -> Result<Prepared, EngineMissing> {
    let database = TestDatabase::migrated(engine).map_err(EngineMissing)?;
    let stores = decorate(Stores::new(database.database()));
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

/// SQLite with sessions remembered by the only process that writes.
struct Remembered;

#[async_trait]
impl StoreFixture for Remembered {
    async fn prepare() -> Result<Prepared, EngineMissing> {
        let cache = SessionCache::new(None);
        cache.set_sole(true);
        prepare_over(Engine::Sqlite, |stores| cache.over(stores))
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

mod remembered {
    testkit::store_contract!(super::Remembered);
}

mod mysql {
    testkit::store_contract!(super::Mysql);
}

mod postgres {
    testkit::store_contract!(super::Postgres);
}
