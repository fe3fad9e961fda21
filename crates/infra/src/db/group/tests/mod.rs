//! Operations that wait together are committed together, and none pays for another.

mod faults;

use std::sync::mpsc::{Receiver, Sender, channel};

use diesel::connection::SimpleConnection;
use diesel::result::Error;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use tokio::task::JoinHandle;

use super::*;
use crate::db::testing::{Engine, TestDatabase};
use crate::db::{Database, Moment, throttles};

/// A database whose writer is held up until it is let go, so that what comes meanwhile waits.
struct House {
    test: TestDatabase,
    database: Database,
}

impl House {
    fn new() -> Self {
        let test = TestDatabase::migrated(Engine::Sqlite).unwrap();
        let database = test.database().clone();
        Self { test, database }
    }

    /// Holds the writer up; what is sent lets it go on.
    async fn hold(&self) -> (Sender<()>, JoinHandle<Result<(), StoreError>>) {
        let (go_on, held): (_, Receiver<()>) = channel();
        let (begin, begun) = oneshot::channel();
        let hold = std::sync::Mutex::new((Some(begin), held));
        let database = self.database.clone();
        let holding = tokio::spawn(async move {
            let work = move |_: &mut AnyConnection| {
                let mut hold = hold.lock().unwrap();
                let _ = hold.0.take().unwrap().send(());
                let _ = hold.1.recv();
                Ok(())
            };
            database.write(work).await
        });
        begun.await.unwrap();
        (go_on, holding)
    }

    fn insert(&self, number: u8) -> JoinHandle<Result<u32, StoreError>> {
        self.write(move |connection| insert(connection, number))
    }

    /// Does this in a unit, and says how deep it was.
    fn write(
        &self,
        work: impl Fn(&mut AnyConnection) -> QueryResult<()> + Send + 'static,
    ) -> JoinHandle<Result<u32, StoreError>> {
        let database = self.database.clone();
        tokio::spawn(async move {
            let work = move |connection: &mut AnyConnection| {
                let depth = transaction_depth(connection);
                work(connection).map(|()| depth)
            };
            database.transact(work).await
        })
    }

    /// Waits until so many wait for the writer.
    async fn until_waiting(&self, count: usize) {
        let group = self.database.0.group.as_ref().unwrap();
        // The one that is held up has a place as well.
        while group.places.available_permits() + count + 1 > WAITING {
            tokio::task::yield_now().await;
        }
    }

    async fn numbers(&self) -> Vec<u8> {
        let read = self.database.read(|connection| {
            throttles::table.order(throttles::id).select(throttles::id).load::<Vec<u8>>(connection)
        });
        read.await.unwrap().into_iter().map(|id| id[0]).collect()
    }
}

fn insert(connection: &mut AnyConnection, number: u8) -> QueryResult<()> {
    let row = (
        throttles::id.eq(vec![number; 32]),
        throttles::taken.eq(1_i64),
        throttles::ends_at.eq(Moment::from(domain::time::Timestamp::from_micros(0).unwrap())),
    );
    diesel::insert_into(throttles::table).values(row).execute(connection).map(drop)
}

/// What each came to: how deep it was, or `None` where it failed.
async fn depths(tasks: Vec<JoinHandle<Result<u32, StoreError>>>) -> Vec<Option<u32>> {
    let mut depths = Vec::new();
    for task in tasks {
        depths.push(task.await.unwrap().ok());
    }
    depths
}

#[tokio::test]
async fn what_waits_is_committed_together_and_one_that_comes_alone_by_itself() {
    let house = House::new();
    assert_eq!(house.insert(9).await.unwrap().unwrap(), 1);
    let (go_on, holding) = house.hold().await;
    let tasks = (1..=5).map(|number| house.insert(number)).collect();
    house.until_waiting(5).await;
    go_on.send(()).unwrap();
    assert_eq!(depths(tasks).await, [Some(2); 5]);
    assert_eq!(house.numbers().await, [1, 2, 3, 4, 5, 9]);
    holding.await.unwrap().unwrap();
}

#[tokio::test]
async fn whoever_fails_or_panics_fails_alone() {
    type Work = Box<dyn Fn(&mut AnyConnection) -> QueryResult<()> + Send>;
    let failures: [fn() -> Work; 4] = [
        || {
            Box::new(|connection| {
                insert(connection, 7)?;
                Err(Error::NotFound)
            })
        },
        || {
            Box::new(|connection| {
                insert(connection, 7)?;
                insert(connection, 7)
            })
        },
        || {
            Box::new(|connection| {
                insert(connection, 7)?;
                panic!("on purpose")
            })
        },
        // It is found out at the commit only.
        || {
            Box::new(|connection| {
                insert(connection, 7)?;
                connection.batch_execute(
                    "PRAGMA defer_foreign_keys = ON;
                 INSERT INTO likes (message_id, user_id, created_at) VALUES (X'01', X'00', '1')",
                )
            })
        },
    ];
    for failure in failures {
        let house = House::new();
        let (go_on, holding) = house.hold().await;
        let tasks = vec![house.insert(1), house.write(failure()), house.insert(2)];
        house.until_waiting(3).await;
        go_on.send(()).unwrap();
        let done = depths(tasks).await;
        assert!(done[0].is_some() && done[1].is_none() && done[2].is_some(), "{done:?}");
        assert_eq!(house.numbers().await, [1, 2]);
        // The writer goes on, and nothing is left open.
        assert_eq!(house.insert(3).await.unwrap().unwrap(), 1);
        holding.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn nobody_is_answered_before_the_commit() {
    let house = House::new();
    let (go_on, holding) = house.hold().await;
    let first = house.insert(1);
    house.until_waiting(1).await;
    let (begin, begun) = channel();
    let (finish, finishing) = channel::<()>();
    let gate = std::sync::Mutex::new((begin, finishing));
    let last = house.write(move |connection| {
        insert(connection, 2)?;
        let gate = gate.lock().unwrap();
        let _ = gate.0.send(());
        let _ = gate.1.recv();
        Ok(())
    });
    house.until_waiting(2).await;
    go_on.send(()).unwrap();
    tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
    assert!(!first.is_finished(), "it is not durable yet");
    assert_eq!(house.numbers().await, Vec::<u8>::new());
    finish.send(()).unwrap();
    assert_eq!(depths(vec![first, last]).await, [Some(2); 2]);
    holding.await.unwrap().unwrap();
}

#[tokio::test]
async fn who_left_before_it_began_is_not_worked_for() {
    let house = House::new();
    let (go_on, holding) = house.hold().await;
    let left = house.insert(1);
    house.until_waiting(1).await;
    left.abort();
    let stays = house.insert(2);
    house.until_waiting(2).await;
    assert!(left.await.is_err());
    go_on.send(()).unwrap();
    stays.await.unwrap().unwrap();
    assert_eq!(house.numbers().await, [2]);
    holding.await.unwrap().unwrap();
}
