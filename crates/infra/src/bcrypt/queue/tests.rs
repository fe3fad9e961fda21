//! Who is let in, who is served next, and who has to make room.

mod properties;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as StdMutex};

use super::state::whole_seconds;
use super::*;

/// What became of jobs, by name: run, or displaced with a wait in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Run,
    Displaced(u64),
}

/// Notes what becomes of it.
struct Noted {
    name: u32,
    abandoned: Arc<AtomicBool>,
    fates: Arc<StdMutex<Vec<(u32, Fate)>>>,
}

impl Job for Noted {
    fn abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }

    fn run(self: Box<Self>) {
        self.fates.lock().unwrap().push((self.name, Fate::Run));
    }

    fn displace(self: Box<Self>, wait: Duration) {
        self.fates.lock().unwrap().push((self.name, Fate::Displaced(wait.as_secs())));
    }
}

/// A queue, those in it by name, and what became of their jobs.
struct House {
    queue: Queue,
    held: StdMutex<BTreeMap<u32, Held>>,
    fates: Arc<StdMutex<Vec<(u32, Fate)>>>,
}

impl House {
    fn new(lanes: usize, room: usize) -> Self {
        Self { queue: Queue::new(lanes, room), held: StdMutex::default(), fates: Arc::default() }
    }

    /// Takes a place, and lets nothing be done yet.
    fn enter(&self, party: Party, name: u32) -> bool {
        let entered = self.queue.enter(party);
        entered.map(|held| self.held.lock().unwrap().insert(name, held)).is_ok()
    }

    /// Waits in line.
    fn push(&self, name: u32) -> Arc<AtomicBool> {
        let abandoned = Arc::default();
        let (fates, flag) = (Arc::clone(&self.fates), Arc::clone(&abandoned));
        let held = self.held.lock().unwrap();
        self.queue.push(&held[&name], Box::new(Noted { name, abandoned: flag, fates }));
        abandoned
    }

    /// Takes a place and waits in line.
    fn come(&self, party: Party, name: u32) -> bool {
        let entered = self.enter(party, name);
        if entered {
            self.push(name);
        }
        entered
    }

    /// Gives its place back.
    fn leave(&self, name: u32) {
        let held = self.held.lock().unwrap().remove(&name).unwrap();
        self.queue.leave(&held);
    }

    /// Runs so many jobs, whose callers then leave.
    fn work(&self, jobs: usize) {
        for _ in 0..jobs {
            let begun = self.queue.next().unwrap();
            begun.job.run();
            self.queue.done(begun.ticket, Duration::ZERO);
            let (name, _) = *self.fates.lock().unwrap().last().unwrap();
            self.leave(name);
        }
    }

    fn ran(&self) -> Vec<u32> {
        let fates = self.fates.lock().unwrap();
        fates.iter().filter(|(_, fate)| *fate == Fate::Run).map(|(name, _)| *name).collect()
    }

    fn displaced(&self) -> Vec<u32> {
        let fates = self.fates.lock().unwrap();
        fates.iter().filter(|(_, fate)| *fate != Fate::Run).map(|(name, _)| *name).collect()
    }

    fn counted(&self) -> (usize, usize) {
        self.queue.lock().held()
    }
}

fn party(number: u8) -> Party {
    Some([192, 0, 2, number].into())
}

#[test]
fn within_a_party_first_come_is_first_served() {
    let house = House::new(1, 4);
    for name in 0..4 {
        assert!(house.come(party(1), name));
    }
    house.work(4);
    assert_eq!(house.ran(), [0, 1, 2, 3]);
}

#[test]
fn parties_take_turns() {
    let house = House::new(1, 9);
    for name in 0..6 {
        assert!(house.come(party(1), name));
    }
    assert!(house.come(party(2), 20));
    assert!(house.come(None, 30));
    house.work(4);
    assert_eq!(house.ran(), [0, 20, 30, 1]);
}

#[test]
fn a_full_queue_refuses_the_party_that_fills_it_and_makes_room_for_others() {
    let house = House::new(1, 3);
    for name in 0..4 {
        assert!(house.come(party(1), name));
    }
    assert!(!house.come(party(1), 4));
    assert!(house.come(party(2), 20), "the newest of the others goes");
    assert_eq!(house.displaced(), [3]);
    // Whoever was displaced counts no more, though it has not left yet.
    assert!(house.come(party(2), 21));
    assert_eq!(house.displaced(), [3, 2]);
    assert!(!house.come(party(2), 22), "two and two");
    assert!(!house.come(party(1), 5));
    assert!(house.come(party(3), 30), "two that hold two each");
    assert_eq!(house.displaced(), [3, 2, 21], "the newest of all that may go");
    assert!(house.come(party(4), 40));
    assert!(!house.come(party(5), 50), "four have one each");
}

#[test]
fn two_floods_do_not_displace_each_other_for_ever() {
    let house = House::new(1, 6);
    let mut taken = 0;
    for name in 0..1_000 {
        taken += usize::from(house.come(party(u8::try_from(name % 2).unwrap()), name));
    }
    assert_eq!((taken, house.displaced().len()), (7, 0));
}

#[test]
fn whoever_is_being_worked_for_is_not_displaced() {
    let house = House::new(2, 0);
    let running = [1, 2].map(|name| {
        assert!(house.come(party(1), name));
        house.queue.next().unwrap()
    });
    assert!(!house.come(party(2), 20));
    assert_eq!(house.queue.load(), (0, 2));
    drop(running);
}

#[test]
fn places_that_wait_for_something_else_keep_nobody_out() {
    let house = House::new(2, 4);
    // Two are worked for; the others read, or wait for one of their account.
    for name in 0..6 {
        assert!(house.enter(party(1), name));
    }
    for name in 0..2 {
        house.push(name);
        house.queue.next().unwrap();
    }
    assert!(house.come(party(2), 20));
    house.push(5);
    assert_eq!(house.displaced(), [5], "the newest lost its place, and is told when it comes");
    house.push(4);
    assert_eq!(house.displaced(), [5]);
}

#[test]
fn a_place_that_is_given_back_is_free_again() {
    let house = House::new(1, 0);
    assert!(house.enter(None, 1));
    assert!(!house.enter(None, 2));
    house.leave(1);
    assert!(house.enter(None, 3));
    assert_eq!(house.counted(), (1, 1));
    house.leave(3);
    assert_eq!(house.counted(), (0, 0), "nobody is remembered");
}

#[test]
fn a_thread_that_works_is_taken_whoever_has_gone() {
    let house = House::new(1, 0);
    assert!(house.come(None, 1));
    let begun = house.queue.next().unwrap();
    house.leave(1);
    assert!(!house.enter(None, 2));
    house.queue.done(begun.ticket, Duration::ZERO);
    assert!(house.enter(None, 3));
}

#[test]
fn who_leaves_takes_its_job_along() {
    let house = House::new(1, 4);
    for name in 0..3 {
        assert!(house.come(party(1), name));
    }
    house.leave(0);
    house.leave(1);
    assert_eq!(house.queue.load(), (1, 0));
    house.work(1);
    assert_eq!(house.ran(), [2]);
    assert_eq!(house.counted(), (0, 0));
}

#[test]
fn who_is_just_leaving_when_its_turn_comes_is_passed_over() {
    let house = House::new(1, 4);
    assert!(house.enter(party(1), 1) && house.come(party(2), 2));
    house.push(1).store(true, Ordering::SeqCst);
    house.work(1);
    assert_eq!(house.ran(), [2]);
    house.leave(1);
    assert_eq!(house.counted(), (0, 0));
}

#[test]
fn the_wait_is_told_in_whole_seconds_upwards() {
    let wait =
        |ahead, lanes, millis| whole_seconds(ahead, lanes, Duration::from_millis(millis)).as_secs();
    assert_eq!(wait(0, 1, 1), 1);
    assert_eq!(wait(64, 4, 250), 5);
    assert_eq!(wait(64, 4, 1_000), 17);
    assert_eq!(wait(7, 2, 200), 1);
    assert_eq!(wait(8, 2, 201), 2);
    assert!(whole_seconds(usize::MAX, 1, Duration::MAX) >= Duration::from_secs(u64::MAX - 1));
}

#[test]
fn the_wait_is_that_of_ones_own_line() {
    let house = House::new(1, 5);
    assert!(house.come(party(0), 99));
    let begun = house.queue.next().unwrap();
    for (name, number) in [(1, 1), (2, 1), (3, 1), (4, 2), (5, 3)] {
        assert!(house.come(party(number), name));
    }
    house.queue.done(begun.ticket, Duration::from_secs(1));
    house.leave(99);
    assert!(house.enter(party(0), 100));
    // Its three, one each of three others, and what is being done.
    assert_eq!(house.queue.enter(party(1)).unwrap_err().as_secs(), 7);
    // Now its two.
    assert!(house.come(party(4), 6));
    assert_eq!(*house.fates.lock().unwrap(), [(3, Fate::Displaced(6))]);
}

#[test]
fn the_mean_follows_what_jobs_take() {
    let house = House::new(1, 0);
    let held = house.queue.enter(None).unwrap();
    let refused = |house: &House| house.queue.enter(None).unwrap_err().as_secs();
    assert_eq!(refused(&house), 1);
    for _ in 0..100 {
        house.queue.done(held.0, Duration::from_secs(3));
    }
    assert_eq!(refused(&house), 6);
}

#[test]
fn a_closed_queue_gives_nothing() {
    let house = House::new(1, 1);
    assert!(house.come(None, 1));
    house.queue.close();
    assert!(house.queue.next().is_none());
    assert_eq!(house.queue.load(), (0, 0));
}
