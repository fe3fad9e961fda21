//! Randomness that repeats itself from run to run, and never within one.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::entropy::{Entropy, NoEntropy};

/// Bytes from a seed: predictable, thus for tests only. Two sources of one seed give the same
/// bytes; two calls of one source never do.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    /// A source that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next eight bytes.
    fn next(&self) -> u64 {
        scramble(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

impl Default for SeededEntropy {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Gives every counter another number without a visible pattern (the finaliser of SplitMix64, a
/// bijection).
pub(crate) fn scramble(counter: u64) -> u64 {
    let mut mixed = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn secrets(source: &SeededEntropy, count: usize) -> Vec<[u8; 32]> {
        let mut secrets = vec![[0; 32]; count];
        secrets.iter_mut().for_each(|secret| source.fill(secret).unwrap());
        secrets
    }

    #[test]
    fn one_seed_repeats_itself_and_two_seeds_differ() {
        let first = secrets(&SeededEntropy::new(7), 3);
        assert_eq!(first, secrets(&SeededEntropy::new(7), 3));
        assert_ne!(first, secrets(&SeededEntropy::new(8_000), 3));
    }

    #[test]
    fn no_two_calls_give_the_same_bytes() {
        let all: HashSet<_> = secrets(&SeededEntropy::default(), 1_000).into_iter().collect();
        assert_eq!(all.len(), 1_000);
    }

    #[test]
    fn odd_lengths_are_filled_to_the_end() {
        let source = SeededEntropy::default();
        let mut last_bytes = HashSet::new();
        for _ in 0..50 {
            let mut bytes = [0; 11];
            source.fill(&mut bytes).unwrap();
            last_bytes.insert(bytes[10]);
        }
        assert!(last_bytes.len() > 10);
    }
}
