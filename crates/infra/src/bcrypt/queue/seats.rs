//! Who holds a place, and what becomes of it there.

use std::collections::BTreeMap;

use super::Party;

/// The number of a place: later ones are higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// What is done at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing yet, or nothing any more.
    Idle,
    /// Its job waits in line.
    Waiting,
    /// Its job is being worked on.
    Running,
}

/// One place.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) party: Party,
    pub(super) stage: Stage,
    /// Whether it was given to somebody else: its holder does not know yet.
    pub(super) lost: bool,
    /// Whether its holder has gone while its job runs.
    pub(super) left: bool,
}

/// All of them, in the order in which they were taken.
#[derive(Debug, Default)]
pub(super) struct Seats {
    taken: BTreeMap<Ticket, Seat>,
    last: u64,
}

impl Seats {
    /// Adds one.
    pub(super) fn add(&mut self, party: Party) -> Ticket {
        self.last += 1;
        let seat = Seat { party, stage: Stage::Idle, lost: false, left: false };
        self.taken.insert(Ticket(self.last), seat);
        Ticket(self.last)
    }

    /// One of them.
    pub(super) fn get(&mut self, ticket: Ticket) -> Option<&mut Seat> {
        self.taken.get_mut(&ticket)
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, ticket: Ticket) -> Option<Seat> {
        self.taken.remove(&ticket)
    }

    /// Those that may be given to somebody else, the newest last.
    pub(super) fn to_give(&self) -> impl Iterator<Item = (Ticket, &Seat)> {
        let free = |seat: &Seat| !seat.lost && seat.stage != Stage::Running;
        self.taken.iter().filter(move |(_, seat)| free(seat)).map(|(ticket, seat)| (*ticket, seat))
    }
}
