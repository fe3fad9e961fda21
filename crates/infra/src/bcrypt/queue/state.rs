//! Who may come in, who has to make room, and whose turn it is.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::seats::{Seat, Seats, Stage, Ticket};
use super::{Job, Party};

/// What a hash is taken to need before the first was measured: what a well-chosen cost takes.
const ASSUMED: Duration = Duration::from_millis(250);

/// Everything about the queue that changes.
pub(super) struct State {
    places: usize,
    lanes: usize,
    lines: HashMap<Party, Line>,
    /// Those who have a job waiting, in the order of their turns.
    turns: VecDeque<Party>,
    seats: Seats,
    held: usize,
    waiting: usize,
    busy: usize,
    mean: Option<Duration>,
    closed: bool,
}

/// One party's.
#[derive(Default)]
struct Line {
    /// Its places, but for those it lost.
    held: usize,
    running: usize,
    waiting: VecDeque<InLine>,
}

impl Line {
    /// How many of its jobs are still to be begun, those included that have not come yet.
    fn to_come(&self) -> usize {
        self.held.saturating_sub(self.running)
    }
}

/// A job that waits.
pub(super) struct InLine {
    pub(super) ticket: Ticket,
    pub(super) job: Box<dyn Job>,
    pub(super) since: Instant,
}

/// A job that made room for somebody else's, and when its party's next turn is free.
pub(super) struct Displaced {
    pub(super) job: Box<dyn Job>,
    pub(super) wait: Duration,
}

impl State {
    pub(super) fn new(lanes: usize, room: usize) -> Self {
        Self {
            places: room.saturating_add(lanes),
            lanes,
            lines: HashMap::new(),
            turns: VecDeque::new(),
            seats: Seats::default(),
            held: 0,
            waiting: 0,
            busy: 0,
            mean: None,
            closed: false,
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// How many jobs wait, and how many are worked on.
    pub(super) fn load(&self) -> (usize, usize) {
        (self.waiting, self.busy)
    }

    /// Sees to it that there is a place for this party: where there is none, the newest one goes of the
    /// party that holds the most, if that would still hold as many as this one then. (One more would
    /// not do: two floods would displace each other for ever.)
    pub(super) fn make_room(&mut self, party: Party) -> Result<Option<Displaced>, Duration> {
        if self.held < self.places {
            return Ok(None);
        }
        let held = |party: &Party| self.lines.get(party).map_or(0, |line| line.held);
        let enough = held(&party) + 1;
        // Mostly nobody holds more: in a flood each refusal would otherwise look at all seats.
        if self.lines.values().all(|line| line.held <= enough) {
            return Err(self.estimate(party));
        }
        let fullest =
            self.seats.to_give().max_by_key(|(ticket, seat)| (held(&seat.party), *ticket));
        let Some((ticket, seat)) = fullest.filter(|(_, seat)| held(&seat.party) > enough) else {
            return Err(self.estimate(party));
        };
        let loser = seat.party;
        let job = self.draw(ticket, loser);
        if let Some(seat) = self.seats.get(ticket) {
            (seat.lost, seat.stage) = (true, Stage::Idle);
        }
        self.release(loser);
        let wait = self.estimate(loser);
        Ok(job.map(|job| Displaced { job, wait }))
    }

    /// Takes a place.
    pub(super) fn seat(&mut self, party: Party) -> Ticket {
        self.held += 1;
        self.lines.entry(party).or_default().held += 1;
        self.seats.add(party)
    }

    /// Puts a job into its line; gives it back where its place was lost.
    pub(super) fn push(
        &mut self,
        ticket: Ticket,
        job: Box<dyn Job>,
        since: Instant,
    ) -> Option<Displaced> {
        let Some(seat) = self.seats.get(ticket).filter(|seat| !seat.lost) else {
            let party = self.seats.get(ticket).and_then(|seat| seat.party);
            return Some(Displaced { job, wait: self.estimate(party) });
        };
        seat.stage = Stage::Waiting;
        let party = seat.party;
        let line = self.lines.entry(party).or_default();
        if line.waiting.is_empty() {
            self.turns.push_back(party);
        }
        line.waiting.push_back(InLine { ticket, job, since });
        self.waiting += 1;
        None
    }

    /// The first job of the line whose turn it is.
    pub(super) fn take(&mut self) -> Option<InLine> {
        let party = self.turns.pop_front()?;
        let line = self.lines.get_mut(&party)?;
        let next = line.waiting.pop_front()?;
        if !line.waiting.is_empty() {
            self.turns.push_back(party);
        }
        self.waiting = self.waiting.saturating_sub(1);
        Some(next)
    }

    /// Whose turn came is gone already.
    pub(super) fn pass_over(&mut self, ticket: Ticket) {
        if let Some(seat) = self.seats.get(ticket) {
            seat.stage = Stage::Idle;
        }
    }

    /// A job is worked on from now.
    pub(super) fn begin(&mut self, ticket: Ticket) {
        let Some(seat) = self.seats.get(ticket) else { return };
        seat.stage = Stage::Running;
        self.busy += 1;
        self.lines.entry(seat.party).or_default().running += 1;
    }

    /// A job is done.
    pub(super) fn end(&mut self, ticket: Ticket, took: Duration) {
        let mean = self.mean.unwrap_or(took);
        self.mean = Some(mean.saturating_mul(7).saturating_add(took) / 8);
        let Some(seat) = self.seats.get(ticket) else { return };
        seat.stage = Stage::Idle;
        let (party, left) = (seat.party, seat.left);
        self.busy = self.busy.saturating_sub(1);
        if let Some(line) = self.lines.get_mut(&party) {
            line.running = line.running.saturating_sub(1);
        }
        if left {
            self.leave(ticket);
        }
    }

    /// Gives a place back, and the job that waits at it. While it is being worked on a thread is taken,
    /// whoever has gone.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Option<Box<dyn Job>> {
        let seat = self.seats.get(ticket)?;
        if seat.stage == Stage::Running {
            seat.left = true;
            return None;
        }
        let Seat { party, lost, .. } = self.seats.remove(ticket)?;
        let job = self.draw(ticket, party);
        if !lost {
            self.release(party);
        }
        job
    }

    /// Nothing waits any more.
    pub(super) fn close(&mut self) {
        self.closed = true;
        self.turns.clear();
        self.waiting = 0;
        self.lines.values_mut().for_each(|line| line.waiting.clear());
    }

    /// Draws a job out of its line, if it is there.
    fn draw(&mut self, ticket: Ticket, party: Party) -> Option<Box<dyn Job>> {
        let line = self.lines.get_mut(&party)?;
        let place = line.waiting.iter().position(|one| one.ticket == ticket)?;
        let drawn = line.waiting.remove(place)?;
        if line.waiting.is_empty() {
            self.turns.retain(|turn| *turn != party);
        }
        self.waiting = self.waiting.saturating_sub(1);
        Some(drawn.job)
    }

    fn release(&mut self, party: Party) {
        self.held = self.held.saturating_sub(1);
        let Some(line) = self.lines.get_mut(&party) else { return };
        line.held = line.held.saturating_sub(1);
        if line.held == 0 && line.running == 0 {
            self.lines.remove(&party);
        }
    }

    /// When a further job of this party would be done: after its own, after as many of each other party,
    /// as lines take turns, and after what is being worked on. In whole seconds.
    fn estimate(&self, party: Party) -> Duration {
        let own = self.lines.get(&party).map_or(0, Line::to_come);
        let others = self.lines.iter().filter(|(other, _)| **other != party);
        let before = others.map(|(_, line)| line.to_come().min(own.saturating_add(1)));
        let ahead = before.fold(own, usize::saturating_add);
        whole_seconds(ahead, self.lanes, self.mean.unwrap_or(ASSUMED))
    }

    /// How many places are held, and by how many parties.
    #[cfg(test)]
    pub(super) fn held(&self) -> (usize, usize) {
        (self.held, self.lines.len())
    }

    /// Who holds how many.
    #[cfg(test)]
    pub(super) fn shares(&self) -> std::collections::BTreeMap<Party, usize> {
        self.lines.iter().map(|(party, line)| (*party, line.held)).collect()
    }
}

/// How long it takes until so many jobs and those under way are done, a part of a second counting as one.
pub(super) fn whole_seconds(ahead: usize, lanes: usize, mean: Duration) -> Duration {
    let rounds = ahead.div_ceil(lanes.max(1)).saturating_add(1);
    let wait = mean.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
    let begun_second = u64::from(wait.subsec_nanos() > 0);
    Duration::from_secs(wait.as_secs().saturating_add(begun_second).max(1))
}
