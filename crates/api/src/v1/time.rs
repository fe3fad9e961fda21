//! Times as `/v1` writes and reads them: RFC 3339.

use chrono::{DateTime, SecondsFormat};
use domain::time::Timestamp;
use serde::{Serialize, Serializer};

/// A time that is written into a reply as [`rfc3339`] writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rfc3339(pub(crate) Timestamp);

impl Serialize for Rfc3339 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}

/// UTC, with microseconds and `Z`.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    time.datetime().to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Reads a time with any offset. A `+` that came as a space, as it does in a query that nobody
/// encoded, still counts. Times that no store keeps become the nearest one it does.
pub(crate) fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let read = DateTime::parse_from_rfc3339(&text.replace(' ', "+")).ok()?;
    let seconds = read.timestamp().clamp(0, LAST_SECOND);
    let within = seconds == read.timestamp();
    let micros = if within { read.timestamp_micros() } else { seconds * 1_000_000 };
    Timestamp::from_micros(micros)
}

/// 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> Option<String> {
        parse_rfc3339(text).map(rfc3339)
    }

    #[test]
    fn times_are_written_in_utc_with_microseconds() {
        let time = Timestamp::from_micros(1_700_000_000_000_000).unwrap();
        assert_eq!(rfc3339(time), "2023-11-14T22:13:20.000000Z");
    }

    #[test]
    fn any_offset_is_read_encoded_or_not() {
        for text in [
            "2026-11-20T18:00:44.123456Z",
            "2026-11-20T20:00:44.123456+02:00",
            "2026-11-20T20:00:44.123456 02:00",
        ] {
            assert_eq!(again(text).as_deref(), Some("2026-11-20T18:00:44.123456Z"), "{text}");
        }
    }

    #[test]
    fn times_that_no_store_keeps_become_the_nearest() {
        assert_eq!(again("0000-01-01T00:00:00Z").unwrap(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(again("9999-12-31T23:59:59.5-10:00").unwrap(), "9999-12-31T23:59:59.000000Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "yesterday", "2026-11-20", "2026-13-01T00:00:00Z", "2026-11-20T18:00:44"] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }
}
