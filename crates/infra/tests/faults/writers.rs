//! Many writers on one row.

use std::sync::Arc;

use domain::post::Sequel;
use domain::users::{User, UserKey, UserStore};
use infra::db::testing::Engine;
use infra::stores::Stores;
use tokio::task::JoinSet;

use crate::database;

const WRITERS: usize = 40;

/// Reads the person and counts its version up, until nobody was quicker.
async fn count_up(users: Arc<dyn UserStore>, key: UserKey) {
    loop {
        let user = users.find(&key).await.unwrap().unwrap();
        let next = User { version: user.version + 1, epoch: user.epoch + 1, ..user };
        if users.replace(&next, &Sequel::none()).await.unwrap() {
            return;
        }
    }
}

async fn forty_writers_lose_nothing(engine: Engine) {
    let Some(database) = database(engine) else { return };
    let users = Stores::new(database.database()).users;
    let ada = testkit::a_user().build();
    users.add(&ada, &Sequel::none()).await.unwrap();
    let key = UserKey::Id(ada.id);
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        writers.spawn(count_up(Arc::clone(&users), key.clone()));
    }
    while let Some(written) = writers.join_next().await {
        written.unwrap();
    }
    let after = users.find(&key).await.unwrap().unwrap();
    let writers = i64::try_from(WRITERS).unwrap();
    assert_eq!((after.version, after.epoch), (ada.version + writers, ada.epoch + writers));
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_writers_lose_nothing_on_sqlite() {
    forty_writers_lose_nothing(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_writers_lose_nothing_on_mysql() {
    forty_writers_lose_nothing(Engine::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_writers_lose_nothing_on_postgres() {
    forty_writers_lose_nothing(Engine::Postgres).await;
}
