//! Who is let in, who is served next, and who has to make room.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as StdMutex};

use proptest::prelude::*;

use super::*;

/// Notes what becomes of it.
struct Noted {
    name: u32,
    abandoned: bool,
    log: Arc<StdMutex<Vec<(u32, &'static str)>>>,
}

impl Job for Noted {
    fn abandoned(&self) -> bool {
        self.abandoned
    }

    fn run(self: Box<Self>) {
        self.log.lock().unwrap().push((self.name, "run"));
    }

    fn displace(self: Box<Self>, _: Duration) {
        self.log.lock().unwrap().push((self.name, "displaced"));
    }
}

/// A queue, and what became of its jobs.
struct House {
    queue: Queue,
    log: Arc<StdMutex<Vec<(u32, &'static str)>>>,
}

impl House {
    fn new(lanes: usize, room: usize) -> Self {
        Self { queue: Queue::new(lanes, room), log: Arc::default() }
    }

    fn push(&self, party: Party, name: u32, abandoned: bool) {
        let log = Arc::clone(&self.log);
        self.queue.push(party, Box::new(Noted { name, abandoned, log }));
    }

    /// Enters and waits.
    fn come(&self, party: Party, name: u32) -> bool {
        let entered = self.queue.enter(party).is_ok();
        if entered {
            self.push(party, name, false);
        }
        entered
    }

    /// Runs so many jobs, whose parties then leave.
    fn work(&self, jobs: usize, party_of: impl Fn(u32) -> Party) {
        for _ in 0..jobs {
            self.queue.next(|| {}).unwrap().run();
            self.queue.done(Duration::ZERO);
            let (name, _) = *self.log.lock().unwrap().last().unwrap();
            self.queue.leave(party_of(name));
        }
    }

    fn ran(&self) -> Vec<u32> {
        let log = self.log.lock().unwrap();
        log.iter().filter(|(_, what)| *what == "run").map(|(name, _)| *name).collect()
    }

    fn displaced(&self) -> Vec<u32> {
        let log = self.log.lock().unwrap();
        log.iter().filter(|(_, what)| *what == "displaced").map(|(name, _)| *name).collect()
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
    house.work(4, |_| party(1));
    assert_eq!(house.ran(), [0, 1, 2, 3]);
}

#[test]
fn parties_take_turns() {
    let house = House::new(1, 9);
    for name in 0..6 {
        assert!(house.come(party(1), name));
    }
    assert!(house.come(party(2), 20));
    assert!(house.come(party(3), 30));
    house.work(4, |name| party(if name < 10 { 1 } else { u8::try_from(name / 10).unwrap() }));
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
    house.queue.leave(party(1));
    assert!(house.come(party(2), 21));
    assert_eq!(house.displaced(), [3, 2]);
    house.queue.leave(party(1));
    assert!(!house.come(party(2), 22), "two and two");
    assert!(!house.come(party(1), 5));
    // A third party finds two that hold two each.
    assert!(house.come(party(3), 30));
    assert_eq!(house.displaced().len(), 3);
}

#[test]
fn whoever_is_being_worked_for_is_not_displaced() {
    let house = House::new(2, 0);
    for name in 0..2 {
        assert!(house.come(party(1), name));
        assert!(house.queue.next(|| {}).is_some());
    }
    assert!(!house.come(party(2), 20));
    assert_eq!(house.queue.load(), (0, 2));
}

#[test]
fn a_place_that_is_given_back_is_free_again() {
    let house = House::new(1, 0);
    assert!(house.queue.enter(None).is_ok());
    assert!(house.queue.enter(None).is_err());
    house.queue.leave(None);
    assert!(house.queue.enter(None).is_ok());
    assert_eq!(house.queue.lock().lines.len(), 1);
    house.queue.leave(None);
    assert!(house.queue.lock().lines.is_empty(), "nobody is remembered");
}

#[test]
fn abandoned_jobs_are_passed_over_and_told_of() {
    let house = House::new(1, 4);
    for name in 0..3 {
        assert!(house.queue.enter(party(1)).is_ok());
        house.push(party(1), name, name < 2);
    }
    let mut abandoned = 0;
    house.queue.next(|| abandoned += 1).unwrap().run();
    assert_eq!((abandoned, house.ran()), (2, vec![2]));
}

#[test]
fn the_wait_is_told_in_whole_seconds_upwards() {
    let wait =
        |waiting, lanes, millis| estimate(waiting, lanes, Duration::from_millis(millis)).as_secs();
    assert_eq!(wait(0, 1, 1), 1);
    assert_eq!(wait(64, 4, 250), 5);
    assert_eq!(wait(64, 4, 1_000), 17);
    assert_eq!(wait(7, 2, 200), 1);
    assert_eq!(wait(8, 2, 201), 2);
    assert!(estimate(usize::MAX, 1, Duration::MAX) >= Duration::from_secs(u64::MAX - 1));
}

#[test]
fn the_mean_follows_what_jobs_take() {
    let queue = Queue::new(1, 0);
    queue.enter(None).unwrap();
    assert_eq!(queue.enter(None).unwrap_err().as_secs(), 1);
    for _ in 0..100 {
        queue.done(Duration::from_secs(3));
    }
    assert_eq!(queue.enter(None).unwrap_err().as_secs(), 6);
}

#[test]
fn a_closed_queue_gives_nothing() {
    let house = House::new(1, 1);
    assert!(house.come(None, 1));
    house.queue.close();
    assert!(house.queue.next(|| {}).is_none());
    assert_eq!(house.queue.load(), (0, 0));
}

proptest! {
    /// Whoever has one job waits for one job of each other party at most, however many those have.
    #[test]
    fn nobody_with_one_job_waits_longer_than_one_round(floods in prop::collection::vec(1_u32..40, 1..6)) {
        let house = House::new(1, 1_000);
        for (number, flood) in floods.iter().enumerate() {
            let number = u8::try_from(number).unwrap();
            for name in 0..*flood {
                prop_assert!(house.come(party(number), u32::from(number) * 100 + name));
            }
        }
        prop_assert!(house.come(party(200), 99_999));
        house.work(floods.len() + 1, |name| {
            if name == 99_999 { party(200) } else { party(u8::try_from(name / 100).unwrap()) }
        });
        prop_assert!(house.ran().contains(&99_999));
    }

    /// However parties come and go, no more hold places than there are, but for those displaced who
    /// have not left yet.
    #[test]
    fn places_are_never_more_than_there_are(steps in prop::collection::vec((0_u8..5, any::<bool>()), 0..200)) {
        let house = House::new(2, 6);
        let mut held: BTreeMap<u8, usize> = BTreeMap::new();
        for (number, comes) in steps {
            if comes {
                let displaced = house.displaced().len();
                if house.come(party(number), u32::from(number)) {
                    *held.entry(number).or_default() += 1;
                }
                for name in &house.displaced()[displaced..] {
                    let number = u8::try_from(*name).unwrap();
                    *held.get_mut(&number).unwrap() -= 1;
                    house.queue.leave(party(number));
                }
            } else if house.queue.load().0 > 0 {
                house.work(1, |name| party(u8::try_from(name).unwrap()));
                let (name, _) = *house.log.lock().unwrap().last().unwrap();
                *held.get_mut(&u8::try_from(name).unwrap()).unwrap() -= 1;
            }
            prop_assert!(held.values().sum::<usize>() <= 8);
            prop_assert_eq!(house.queue.lock().held, held.values().sum::<usize>());
        }
    }
}
