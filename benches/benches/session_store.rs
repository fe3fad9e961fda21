//! How long the session store takes on SQLite, asked through its port: a read, a rotation.
#![expect(clippy::expect_used, clippy::panic, reason = "a bench that cannot be prepared ends")]

use std::cell::Cell;
use std::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use domain::post::Sequel;
use domain::sessions::{Rotation, Session, SessionStore, TokenHash};
use domain::time::Clock;
use domain::users::UserStore;
use infra::db::testing::{Engine, TestDatabase};
use infra::stores::Stores;
use infra::system::SystemClock;
use testkit::{a_session, a_user};
use tokio::runtime::Runtime;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let runtime = Runtime::new().expect("a runtime");
    let database =
        TestDatabase::migrated(Engine::Sqlite).unwrap_or_else(|reason| panic!("{reason}"));
    let stores = Stores::new(database.database());
    let session = runtime.block_on(prepare(&*stores.users, &*stores.sessions));
    criterion.bench_function("find a session and its person, SQLite", |bencher| {
        bencher.to_async(&runtime).iter(|| stores.sessions.find(black_box(session.id)));
    });
    rotate(&mut criterion, &runtime, &stores.sessions, &session);
    criterion.final_summary();
}

/// Keeps a person and a session of it.
async fn prepare(users: &dyn UserStore, sessions: &dyn SessionStore) -> Session {
    let user = a_user().build();
    users.add(&user, &Sequel::none()).await.expect("a person");
    let session = a_session().of(&user).at(SystemClock.now()).build();
    assert!(sessions.open(&session, &Sequel::none()).await.expect("a session"), "no such person");
    session
}

fn rotate(
    criterion: &mut Criterion,
    runtime: &Runtime,
    sessions: &Arc<dyn SessionStore>,
    session: &Session,
) {
    let present = Cell::new(session.secret_hash);
    criterion.bench_function("rotate a refresh token, SQLite", |bencher| {
        bencher.to_async(runtime).iter(async || {
            let (spent, next) = (present.get(), after(present.get()));
            let (id, at) = (session.id, SystemClock.now());
            let rotation = Rotation { id, spent, next, at, sequel: Sequel::none() };
            assert!(sessions.rotate(&rotation).await.expect("a rotation"), "spent already");
            present.set(next);
        });
    });
}

/// Another hash.
fn after(TokenHash(mut bytes): TokenHash) -> TokenHash {
    for byte in &mut bytes {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    TokenHash(bytes)
}
