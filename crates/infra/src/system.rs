//! The operating system's clock and randomness.

use chrono::Utc;
use domain::entropy::{Entropy, NoEntropy};
use domain::time::{Clock, Timestamp};

/// The clock of this machine, in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_datetime(Utc::now())
    }
}

/// The kernel's cryptographic random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        getrandom::fill(bytes).map_err(|error| NoEntropy(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_tells_whole_microseconds_of_this_century() {
        let now = SystemClock.now();
        assert_eq!(Timestamp::from_micros(now.micros()), Some(now));
        assert!(now.seconds() > 1_700_000_000);
    }

    #[test]
    fn two_draws_differ_and_fill_every_length() {
        let draw = |length: usize| {
            let mut bytes = vec![0; length];
            SystemEntropy.fill(&mut bytes).unwrap();
            bytes
        };
        assert_ne!(draw(32), draw(32));
        assert!(draw(1_001).iter().filter(|byte| **byte == 0).count() < 100);
    }
}
