//! Times as log lines tell them: RFC 3339, in UTC, with microseconds.

use std::fmt::Write;

use chrono::SecondsFormat;
use domain::time::Timestamp;

/// Words times. Many lines share their second, so that is worded once.
#[derive(Default)]
pub(super) struct Stamps {
    /// The second that `text` tells, since 1970.
    second: Option<i64>,
    text: String,
}

/// How long a time is before its fraction.
const WHOLE: usize = "2026-11-27T18:50:38".len();

impl Stamps {
    /// This time.
    pub(super) fn word(&mut self, at: Timestamp) -> &str {
        let micros = at.micros();
        let second = micros.div_euclid(1_000_000);
        if self.second != Some(second) {
            self.text = at.datetime().to_rfc3339_opts(SecondsFormat::Secs, true);
            self.second = Some(second);
        }
        self.text.truncate(WHOLE);
        // Memory takes everything.
        let _ = write!(self.text, ".{:06}Z", micros.rem_euclid(1_000_000));
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_chrono_tells_them() {
        let mut stamps = Stamps::default();
        for micros in [0, 1, 999_999, 1_000_000, 1_000_007, 7, 1_795_805_438_123_456] {
            let at = Timestamp::from_micros(micros).unwrap();
            let whole = at.datetime().to_rfc3339_opts(SecondsFormat::Micros, true);
            assert_eq!(stamps.word(at), whole);
        }
    }
}
