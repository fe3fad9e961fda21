//! No reading stands that a change has overtaken, whatever the order in which they arrive.

use std::sync::atomic::AtomicBool;
use std::thread;

use super::*;

const SESSION: Uuid = Uuid::from_u128(1);
const PERSON: Uuid = Uuid::from_u128(2);
const OTHER: Uuid = Uuid::from_u128(3);
const DONE: Result<bool, StoreError> = Ok(true);

fn away() -> Result<bool, StoreError> {
    Err(StoreError::unavailable("away"))
}

fn stands(changes: &Changes, read_at: u64) -> bool {
    changes.let_stand(read_at, [SESSION, PERSON])
}

#[test]
fn a_reading_stands_until_its_session_or_its_person_is_changed() {
    for key in [SESSION, PERSON] {
        let changes = Changes::default();
        let read_at = changes.count();
        changes.begin([Some(OTHER), None]).settle(&DONE);
        assert!(stands(&changes, read_at));
        changes.begin([Some(key), None]).settle(&DONE);
        assert!(!stands(&changes, read_at));
        assert!(stands(&changes, changes.count()));
    }
}

#[test]
fn nothing_stands_while_a_change_is_under_way_nor_what_was_read_meanwhile() {
    let changes = Changes::default();
    let change = changes.begin([Some(PERSON), None]);
    let meanwhile = changes.count();
    assert!(!stands(&changes, meanwhile));
    change.settle(&DONE);
    assert!(!stands(&changes, meanwhile));
    assert!(stands(&changes, changes.count()));
}

#[test]
fn of_two_changes_at_once_the_last_one_decides() {
    let changes = Changes::default();
    let (one, two) = (changes.begin([Some(PERSON), None]), changes.begin([Some(PERSON), None]));
    one.settle(&DONE);
    assert!(!stands(&changes, changes.count()));
    two.settle(&DONE);
    assert!(stands(&changes, changes.count()));
}

#[test]
fn a_change_without_an_answer_may_yet_happen() {
    let changes = Changes::default();
    changes.begin([Some(PERSON), None]).settle(&away());
    assert!(!stands(&changes, changes.count()));
    let changes = Changes::default();
    // Whoever asked for it went away.
    drop(changes.begin([Some(SESSION), None]));
    assert!(!stands(&changes, changes.count()));
    changes.begin([Some(SESSION), None]).settle(&DONE);
    assert!(!stands(&changes, changes.count()));
}

#[test]
fn a_conflict_is_an_answer() {
    let changes = Changes::default();
    let taken: Result<bool, _> = Err(StoreError::Conflict(domain::problem::Field::Email));
    changes.begin([Some(PERSON), None]).settle(&taken);
    assert!(stands(&changes, changes.count()));
}

#[test]
fn what_others_changed_and_all_that_is_void_does_not_stand() {
    let changes = Changes::default();
    let read_at = changes.count();
    changes.note([None, Some(PERSON)]);
    assert!(!stands(&changes, read_at));
    let read_at = changes.count();
    changes.void();
    assert!(!stands(&changes, read_at));
    assert!(stands(&changes, changes.count()));
}

#[test]
fn a_change_knows_whether_another_came_between() {
    let changes = Changes::default();
    let read_at = Some(changes.count());
    let at = changes.begin([Some(SESSION), None]).settle_over(&DONE, read_at);
    assert!(at.is_some_and(|at| stands(&changes, at)));
    assert_eq!(changes.begin([Some(SESSION), None]).settle_over(&DONE, read_at), None);
    let read_at = Some(changes.count());
    let (one, two) = (changes.begin([Some(SESSION), None]), changes.begin([Some(SESSION), None]));
    assert_eq!(one.settle_over(&DONE, read_at), None);
    assert_eq!(two.settle_over(&DONE, read_at), None);
    let read_at = Some(changes.count());
    let change = changes.begin([Some(SESSION), None]);
    changes.void();
    assert_eq!(change.settle_over(&DONE, read_at), None);
}

#[test]
fn marks_are_let_go_with_all_readings_that_depended_on_them() {
    let changes = Changes::default();
    let read_at = changes.count();
    changes.begin([Some(SESSION), None]).settle(&DONE);
    let running = changes.begin([Some(PERSON), None]);
    for number in 0..=2 * MANY {
        changes.begin([Some(Uuid::from_u128(10 + number as u128)), None]).settle(&DONE);
    }
    let marks = changes.read();
    assert!(marks.young.len() + marks.old.len() <= 2 * MANY + 2);
    assert!(!marks.young.contains_key(&SESSION) && !marks.old.contains_key(&SESSION));
    drop(marks);
    assert!(!stands(&changes, read_at), "its mark is gone, and so is what was read before");
    assert!(!stands(&changes, changes.count()), "what is under way stays marked");
    running.settle(&DONE);
    assert!(stands(&changes, changes.count()));
}

/// Readers who find what they remembered never see less than what was acknowledged before they asked.
#[test]
fn nobody_is_told_what_was_before_an_acknowledged_change() {
    let changes = Changes::default();
    let (stored, acknowledged) = (AtomicU64::new(0), AtomicU64::new(0));
    let remembered: Mutex<Option<(u64, u64)>> = Mutex::new(None);
    let over = AtomicBool::new(false);
    let read = || {
        let least = acknowledged.load(Ordering::SeqCst);
        let known = *remembered.lock().unwrap();
        let value = match known.filter(|(read_at, _)| stands(&changes, *read_at)) {
            Some((_, value)) => value,
            None => {
                let read_at = changes.count();
                let value = stored.load(Ordering::SeqCst);
                thread::yield_now();
                *remembered.lock().unwrap() = Some((read_at, value));
                value
            }
        };
        assert!(value >= least, "{value} was told when {least} was known");
    };
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    read();
                }
            });
        }
        for value in 1..=5_000 {
            let change = changes.begin([Some(SESSION), None]);
            stored.store(value, Ordering::SeqCst);
            change.settle(&DONE);
            acknowledged.store(value, Ordering::SeqCst);
            if value % 4 == 0 {
                thread::yield_now();
            }
        }
        over.store(true, Ordering::SeqCst);
    });
}
