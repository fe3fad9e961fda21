//! Every engine keeps the store contract.

use async_trait::async_trait;
use infra::db::testing::{Engine, TestDatabase};
use infra::stores::Stores;
use testkit::contract::{EngineMissing, Prepared, StoreFixture, StoreSet};

fn prepare(engine: Engine) -> Result<Prepared, EngineMissing> {
    let database = TestDatabase::migrated(engine).map_err(EngineMissing)?;
    let Stores {
        users,
        sessions,
        throttle,
        codes,
        outbox,
        chatrooms,
        messages,
        books,
        audit,
        idempotency,
        health,
    } = Stores::new(database.database());
    let stores = StoreSet {
        users,
        sessions,
        throttle,
        codes,
        outbox,
        chatrooms,
        messages,
        books,
        audit,
        idempotency,
        health,
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
