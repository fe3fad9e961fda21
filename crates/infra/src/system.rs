//! The operating system's clock and randomness.

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::Utc;
use domain::entropy::{Entropy, NoEntropy};
use domain::time::{Clock, Timestamp};

/// The clock of this machine, in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that all others are told to ask"
    )]
    fn now(&self) -> Timestamp {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since_1970.as_micros()).ok().and_then(Timestamp::from_micros);
        micros.unwrap_or_else(|| Timestamp::from_datetime(Utc::now()))
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

/// The same, asked for a thousand bytes ahead by each thread: for what must be unique and need not be
/// secret, and is needed at every request. What is to come lies in memory meanwhile.
#[derive(Debug, Clone, Copy, Default)]
pub struct EntropyAhead;

struct Ahead {
    bytes: [u8; AHEAD],
    used: usize,
}

const AHEAD: usize = 1_000;

thread_local! {
    static DRAWN: RefCell<Ahead> = const { RefCell::new(Ahead { bytes: [0; AHEAD], used: AHEAD }) };
}

impl Entropy for EntropyAhead {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        if bytes.len() > AHEAD {
            return SystemEntropy.fill(bytes);
        }
        DRAWN.with_borrow_mut(|drawn| {
            if AHEAD - drawn.used < bytes.len() {
                drawn.used = AHEAD;
                SystemEntropy.fill(&mut drawn.bytes)?;
                drawn.used = 0;
            }
            let end = drawn.used + bytes.len();
            bytes.copy_from_slice(&drawn.bytes[drawn.used..end]);
            drawn.used = end;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use domain::entropy::secret;
    use domain::sessions::{SessionId, SessionToken, Transport};
    use uuid::Uuid;

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

    #[test]
    fn nothing_that_was_drawn_ahead_is_given_twice() {
        let mut given = HashSet::new();
        for length in [10_usize, 16, 333, 999, 1_000].into_iter().cycle().take(500) {
            let mut bytes = vec![0; length];
            EntropyAhead.fill(&mut bytes).unwrap();
            assert!(bytes.windows(8).step_by(8).all(|part| given.insert(part.to_owned())));
        }
        let mut long = vec![0; AHEAD + 1];
        EntropyAhead.fill(&mut long).unwrap();
        assert!(long.iter().any(|byte| *byte != 0));
    }

    /// How unevenly bytes are spread: about 255, give or take 23, where all are alike.
    fn chi_square(bytes: impl Iterator<Item = u8>) -> f64 {
        let (mut counts, mut total) = ([0_u32; 256], 0_u32);
        for byte in bytes {
            counts[usize::from(byte)] += 1;
            total += 1;
        }
        let expected = f64::from(total) / 256.0;
        counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
    }

    #[test]
    fn ten_thousand_session_secrets_have_nothing_in_common() {
        // Beyond eight standard deviations: chance does that once in never.
        const BOUND: f64 = 255.0 + 8.0 * 22.6;
        let id = SessionId(Uuid::from_u128(7));
        let draw = |_| SessionToken::first(id, Transport::Cookie, secret(&SystemEntropy).unwrap());
        let texts: Vec<String> = (0..10_000).map(draw).map(|token| token.encode()).collect();
        let distinct: HashSet<&String> = texts.iter().collect();
        assert_eq!(distinct.len(), texts.len());
        // The prefix, then the id, four bytes of generation, and the secret.
        let read = |text: &String| URL_SAFE_NO_PAD.decode(&text[text.len() - 70..]).unwrap();
        let secrets: Vec<Vec<u8>> = texts.iter().map(|text| read(text).split_off(20)).collect();
        for place in 0..32 {
            let found = chi_square(secrets.iter().map(|secret| secret[place]));
            assert!(found < BOUND, "byte {place}: {found}");
            // Nor does one tell anything of the next, or a byte of its neighbour.
            let steps = secrets.windows(2).map(|pair| pair[0][place] ^ pair[1][place]);
            let found = chi_square(steps);
            assert!(found < BOUND, "byte {place} of the next: {found}");
            let beside = secrets.iter().map(|secret| secret[place] ^ secret[(place + 1) % 32]);
            let found = chi_square(beside);
            assert!(found < BOUND, "byte {place} and its neighbour: {found}");
        }
    }
}
