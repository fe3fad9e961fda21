//! What becomes of those that wait when a lock, the disk or the time stands in the way.

use diesel::connection::{SimpleConnection, TransactionManager};

use super::*;
use crate::db::{DatabaseOptions, dialect};

/// A house whose callers are soon out of patience.
fn impatient() -> House {
    let mut house = House::new();
    let options = DatabaseOptions {
        url: house.test.url().into(),
        pool_size: 2,
        acquire_timeout: Duration::from_secs(1),
    };
    house.database = Database::open(options).unwrap();
    house
}

#[tokio::test]
async fn what_cannot_begin_in_time_is_refused_and_never_begins() {
    let house = impatient();
    let (go_on, holding) = house.hold().await;
    let begun = Instant::now();
    let tasks = (1..=20).map(|number| house.insert(number)).collect();
    house.until_waiting(20).await;
    // Another process writes, and goes on writing.
    let mut elsewhere = house.test.connect();
    dialect::begin(&mut elsewhere).unwrap();
    go_on.send(()).unwrap();
    holding.await.unwrap().unwrap();
    assert_eq!(depths(tasks).await, [None; 20]);
    // They waited together, not in turn.
    assert!(begun.elapsed() < Duration::from_millis(2_500), "{:?}", begun.elapsed());
    AnyConnection::commit_transaction(&mut elsewhere).unwrap();
    assert_eq!(house.insert(99).await.unwrap().unwrap(), 1, "the writer is free at once");
    assert_eq!(house.numbers().await, [99]);
}

#[tokio::test]
async fn a_lock_that_is_let_go_in_time_costs_nobody_an_error() {
    let house = House::new();
    let (go_on, holding) = house.hold().await;
    let tasks = (1..=3).map(|number| house.insert(number)).collect();
    house.until_waiting(3).await;
    let mut elsewhere = house.test.connect();
    dialect::begin(&mut elsewhere).unwrap();
    go_on.send(()).unwrap();
    holding.await.unwrap().unwrap();
    AnyConnection::commit_transaction(&mut elsewhere).unwrap();
    assert_eq!(depths(tasks).await, [Some(2); 3]);
}

#[tokio::test]
async fn a_full_disk_fails_whoever_does_not_fit_and_nobody_else() {
    let house = House::new();
    let limit = |pages: &'static str| {
        house.write(move |connection| {
            // Within a transaction as well: it is a setting of the connection.
            connection.batch_execute(&format!("PRAGMA max_page_count = {pages}"))
        })
    };
    let big = || {
        house.write(|connection| {
            insert(connection, 7)?;
            connection.batch_execute(
                "INSERT INTO dispatches (id, sealed, attempts, created_at, due_at)
                 VALUES (X'07', hex(zeroblob(1000000)), 0, '1', '1')",
            )
        })
    };
    limit("1").await.unwrap().unwrap();
    for number in 1..=2 {
        let (go_on, holding) = house.hold().await;
        // A small one fits in what the file has already.
        let tasks = vec![big(), house.insert(number), big()];
        house.until_waiting(3).await;
        go_on.send(()).unwrap();
        let done = depths(tasks).await;
        assert!(done[0].is_none() && done[1].is_some() && done[2].is_none(), "{done:?}");
        assert_eq!(house.numbers().await.last(), Some(&number));
        holding.await.unwrap().unwrap();
    }
    limit("1000000").await.unwrap().unwrap();
    assert_eq!(big().await.unwrap().unwrap(), 1);
    assert_eq!(house.numbers().await, [1, 2, 7]);
}

#[tokio::test]
async fn who_waits_behind_long_work_is_committed_with_the_next() {
    let house = House::new();
    let (go_on, holding) = house.hold().await;
    let slow = house.write(|connection| {
        let begun = Instant::now();
        while begun.elapsed() < LONGEST {
            std::hint::spin_loop();
        }
        insert(connection, 1)
    });
    house.until_waiting(1).await;
    let next = house.insert(2);
    house.until_waiting(2).await;
    go_on.send(()).unwrap();
    assert_eq!(depths(vec![slow, next]).await, [Some(2), Some(1)]);
    assert_eq!(house.numbers().await, [1, 2]);
    holding.await.unwrap().unwrap();
}
