//! Lengths of time, as in `15m`.

use std::time::Duration;

use serde::Deserialize;

use super::values::Written;
use super::{DAY, MINUTE, MS, SECOND};

/// A length of time from `MIN` to `MAX` milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Span<const MIN: i64, const MAX: i64>(Duration);

impl<const MIN: i64, const MAX: i64> Span<MIN, MAX> {
    /// The length of time.
    pub(crate) fn get(self) -> Duration {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> TryFrom<Written> for Span<MIN, MAX> {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let millis = written.text().and_then(|text| milliseconds(&text));
        millis
            .filter(|millis| (MIN..=MAX).contains(millis))
            .and_then(|millis| u64::try_from(millis).ok())
            .map(|millis| Self(Duration::from_millis(millis)))
            .ok_or_else(|| {
                format!("expected a duration from {} to {}, as in 15m", spoken(MIN), spoken(MAX))
            })
    }
}

/// The units of time, the longest first, in milliseconds.
const UNITS: [(&str, i64); 5] =
    [("d", DAY), ("h", 60 * MINUTE), ("m", MINUTE), ("s", SECOND), ("ms", MS)];

/// `500ms`, `10s`, `15m`, `12h` or `14d` in milliseconds.
pub(crate) fn milliseconds(text: &str) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, millis) = UNITS.iter().find(|(name, _)| *name == unit)?;
    number.parse::<i64>().ok()?.checked_mul(*millis)
}

/// Milliseconds in the longest unit that fits.
fn spoken(millis: i64) -> String {
    let fits = UNITS.iter().find(|(_, unit)| millis % unit == 0 && millis >= *unit);
    fits.map_or_else(|| format!("{millis}s"), |(name, unit)| format!("{}{name}", millis / unit))
}
