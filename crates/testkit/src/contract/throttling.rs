//! `Throttle`, and `StoreHealth`.
#![expect(missing_docs, reason = "the name of a contract is its sentence")]

use std::time::Duration;

use domain::sessions::{Allowance, Budget, ThrottleKey};
use domain::time::Timestamp;

use super::StoreSet;
use super::steps::at_once;
use crate::time::noon;

/// `limit` attempts in a minute.
pub(super) fn budget(subject: &str, limit: u32) -> Budget {
    let key = ThrottleKey::new("contract", subject);
    Budget { name: "contract", key, limit, window: Duration::from_secs(60) }
}

/// The moment so many microseconds after noon.
pub(super) fn at_micros(micros: u64) -> Timestamp {
    noon().plus(Duration::from_micros(micros))
}

async fn take(stores: &StoreSet, budget: &Budget, at: Timestamp) -> Allowance {
    stores.throttle.take(budget, at).await.unwrap()
}

/// The refusal in a window that began at noon.
fn spent_until_12_01() -> Allowance {
    Allowance::Spent(at_micros(60_000_000))
}

/// Takes the whole budget at noon.
async fn spend(stores: &StoreSet, budget: &Budget) {
    for _ in 0..budget.limit {
        assert!(take(stores, budget, noon()).await.is_granted());
    }
}

pub async fn as_many_attempts_are_granted_as_the_budget_has(stores: StoreSet) {
    let budget = budget("ada", 3);
    for (left, micros) in [(2, 0), (1, 7), (0, 30_000_000)] {
        let granted = Allowance::Granted { left, until: at_micros(60_000_000) };
        assert_eq!(take(&stores, &budget, at_micros(micros)).await, granted);
    }
    for micros in [30_000_000, 59_999_999] {
        let allowance = take(&stores, &budget, at_micros(micros)).await;
        assert_eq!(allowance, spent_until_12_01());
    }
}

pub async fn each_key_has_a_budget_of_its_own(stores: StoreSet) {
    let (ada, mut other_purpose) = (budget("ada", 1), budget("ada", 1));
    spend(&stores, &ada).await;
    spend(&stores, &budget("grace", 1)).await;
    other_purpose.key = ThrottleKey::new("another", "ada");
    spend(&stores, &other_purpose).await;
    assert_eq!(take(&stores, &ada, noon()).await, spent_until_12_01());
}

pub async fn a_window_begins_with_its_first_attempt(stores: StoreSet) {
    let budget = budget("ada", 2);
    assert!(take(&stores, &budget, at_micros(7)).await.is_granted());
    assert!(take(&stores, &budget, at_micros(30_000_000)).await.is_granted());
    let spent = Allowance::Spent(at_micros(60_000_007));
    assert_eq!(take(&stores, &budget, at_micros(60_000_006)).await, spent);
}

pub async fn a_whole_budget_is_there_again_at_the_moment_the_window_ends(stores: StoreSet) {
    let budget = budget("ada", 2);
    spend(&stores, &budget).await;
    for _ in 0..2 {
        assert!(take(&stores, &budget, at_micros(60_000_000)).await.is_granted());
    }
    let spent = Allowance::Spent(at_micros(120_000_000));
    assert_eq!(take(&stores, &budget, at_micros(60_000_001)).await, spent);
}

pub async fn a_window_that_ended_long_ago_is_followed_by_one_that_begins_now(stores: StoreSet) {
    let budget = budget("ada", 1);
    spend(&stores, &budget).await;
    let later = at_micros(1_000_000_007);
    assert!(take(&stores, &budget, later).await.is_granted());
    let spent = Allowance::Spent(later.plus(budget.window));
    assert_eq!(take(&stores, &budget, later).await, spent);
}

pub async fn an_attempt_that_was_refused_is_not_counted(stores: StoreSet) {
    let budget = budget("ada", 2);
    spend(&stores, &budget).await;
    for _ in 0..5 {
        assert_eq!(take(&stores, &budget, noon()).await, spent_until_12_01());
    }
    stores.throttle.give_back(&budget.key).await.unwrap();
    assert!(take(&stores, &budget, noon()).await.is_granted());
}

pub async fn an_attempt_given_back_can_be_taken_once_more(stores: StoreSet) {
    let budget = budget("ada", 3);
    for (left, micros) in [(2, 0), (1, 7), (0, 30_000_000)] {
        let granted = Allowance::Granted { left, until: at_micros(60_000_000) };
        assert_eq!(take(&stores, &budget, at_micros(micros)).await, granted);
    }
    stores.throttle.give_back(&budget.key).await.unwrap();
    assert!(take(&stores, &budget, noon()).await.is_granted());
    assert_eq!(take(&stores, &budget, noon()).await, spent_until_12_01());
}

pub async fn giving_back_more_than_was_taken_earns_nothing(stores: StoreSet) {
    let budget = budget("ada", 2);
    stores.throttle.give_back(&budget.key).await.unwrap();
    assert!(take(&stores, &budget, noon()).await.is_granted());
    for _ in 0..3 {
        stores.throttle.give_back(&budget.key).await.unwrap();
    }
    spend(&stores, &budget).await;
    assert_eq!(take(&stores, &budget, noon()).await, spent_until_12_01());
}

pub async fn a_cleared_key_has_its_whole_budget_and_others_do_not(stores: StoreSet) {
    let (ada, grace) = (budget("ada", 2), budget("grace", 2));
    spend(&stores, &ada).await;
    spend(&stores, &grace).await;
    stores.throttle.clear(&ada.key).await.unwrap();
    spend(&stores, &ada).await;
    assert_eq!(take(&stores, &grace, noon()).await, spent_until_12_01());
    stores.throttle.clear(&ThrottleKey::new("contract", "nobody")).await.unwrap();
}

pub async fn a_purge_forgets_windows_that_ended_before_the_bound_only(stores: StoreSet) {
    let (ended, ending) = (budget("ended", 1), budget("ending", 1));
    take(&stores, &ended, at_micros(4)).await;
    take(&stores, &ending, at_micros(5)).await;
    let end = at_micros(60_000_005);
    assert_eq!(stores.throttle.purge(end).await.unwrap(), 1);
    let spent = Allowance::Spent(end);
    assert_eq!(take(&stores, &ending, at_micros(60_000_004)).await, spent, "the window is kept");
    assert_eq!(stores.throttle.purge(at_micros(60_000_006)).await.unwrap(), 1);
    assert_eq!(stores.throttle.purge(at_micros(60_000_006)).await.unwrap(), 0);
}

pub async fn a_purge_removes_at_most_1_000_windows(stores: StoreSet) {
    for round in 0..143 {
        let taking = |turn: u32| {
            let (stores, budget) = (stores.clone(), budget(&format!("{round} {turn}"), 1));
            async move { take(&stores, &budget, noon()).await }
        };
        at_once((0..7).map(taking)).await;
    }
    let late = at_micros(90_000_000);
    assert_eq!(stores.throttle.purge(late).await.unwrap(), 1_000);
    assert_eq!(stores.throttle.purge(late).await.unwrap(), 1);
}

pub async fn a_store_that_works_answers_a_ping(stores: StoreSet) {
    for _ in 0..3 {
        stores.health.ping().await.unwrap();
    }
}

pub async fn what_is_counted_is_told_while_its_window_is_open(stores: StoreSet) {
    let budget = budget("ada", 2);
    let is_counted = |micros| stores.throttle.is_counted(&budget.key, at_micros(micros));
    assert!(!is_counted(0).await.unwrap(), "never counted");
    take(&stores, &budget, noon()).await;
    assert!(is_counted(0).await.unwrap() && is_counted(59_999_999).await.unwrap());
    assert!(!is_counted(60_000_000).await.unwrap(), "its window is over");
    stores.throttle.give_back(&budget.key).await.unwrap();
    assert!(!is_counted(1).await.unwrap(), "given back");
    assert!(take(&stores, &budget, noon()).await.is_granted());
    let other = ThrottleKey::new("contract", "grace");
    assert!(!stores.throttle.is_counted(&other, noon()).await.unwrap());
}
