//! What holds whoever comes and goes, and in which order.

use proptest::prelude::*;

use super::*;

/// What somebody does.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// One of this party takes a place, and waits in line or does something else first.
    Comes(u8, bool),
    /// The one of this place, of those that hold one, waits in line or goes.
    Goes(usize),
    /// The next job is done.
    Works,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let comes = (0_u8..5, any::<bool>()).prop_map(|(party, waits)| Step::Comes(party, waits));
    let goes = any::<usize>().prop_map(Step::Goes);
    prop::collection::vec(prop_oneof![3 => comes, 1 => goes, 1 => Just(Step::Works)], 0..200)
}

/// The places that count, by party, as the queue has them.
fn shares(house: &House) -> BTreeMap<Party, usize> {
    house.queue.lock().shares()
}

proptest! {
    /// Whoever has one job waits for one job of each other party at most, however many those have.
    #[test]
    fn nobody_with_one_job_waits_longer_than_one_round(
        floods in prop::collection::vec(1_u32..40, 1..6),
        room in 6_usize..100,
    ) {
        let house = House::new(1, room);
        for (number, flood) in floods.iter().enumerate() {
            for name in 0..*flood {
                house.come(party(u8::try_from(number).unwrap()), u32::try_from(number).unwrap() * 100 + name);
            }
        }
        prop_assert!(house.come(party(200), 99_999), "there is room for as many parties");
        house.work(floods.len() + 1);
        prop_assert!(house.ran().contains(&99_999));
    }

    /// No more places count than there are, nobody is forgotten, and nobody is refused who holds two
    /// less than somebody else that could give one.
    #[test]
    fn places_are_shared_out(steps in steps()) {
        let house = House::new(2, 6);
        for (name, step) in (0..).zip(steps) {
            match step {
                Step::Comes(number, waits) => {
                    let before = shares(&house);
                    let entered = house.enter(party(number), name);
                    let own = before.get(&party(number)).copied().unwrap_or(0);
                    let most = before.values().copied().max().unwrap_or(0);
                    let full = before.values().sum::<usize>() == 8;
                    prop_assert_eq!(entered, !full || most > own + 1, "{:?}", before);
                    if entered && waits {
                        house.push(name);
                    }
                }
                Step::Goes(which) => {
                    let held: Vec<u32> = house.held.lock().unwrap().keys().copied().collect();
                    if let Some(name) = held.get(which % held.len().max(1)) {
                        house.leave(*name);
                    }
                }
                Step::Works if house.queue.load().0 > 0 => house.work(1),
                Step::Works => {}
            }
            prop_assert!(shares(&house).values().sum::<usize>() <= 8);
        }
        let held: Vec<u32> = house.held.lock().unwrap().keys().copied().collect();
        held.into_iter().for_each(|name| house.leave(name));
        prop_assert_eq!(house.counted(), (0, 0));
        prop_assert_eq!(house.queue.load(), (0, 0));
    }
}
