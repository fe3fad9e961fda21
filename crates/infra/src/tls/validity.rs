//! The two times in a certificate (RFC 5280 §4.1.2.5), found without reading the rest of it.

use chrono::{NaiveDateTime, Utc};
use domain::time::Timestamp;

use super::Validity;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// When this certificate is valid; `None` where it is written as no certificate should be.
pub(super) fn of(certificate: &[u8]) -> Option<Validity> {
    let mut whole = Der(certificate).content(SEQUENCE)?;
    let mut signed = whole.content(SEQUENCE)?;
    if signed.0.first() == Some(&VERSION) {
        signed.content(VERSION)?;
    }
    signed.content(INTEGER)?;
    // The algorithm and the issuer stand before it.
    signed.content(SEQUENCE)?;
    signed.content(SEQUENCE)?;
    let mut times = signed.content(SEQUENCE)?;
    Some(Validity { from: times.time()?, until: times.time()? })
}

/// What is left to be read.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next element, if it is of this kind.
    fn content(&mut self, tag: u8) -> Option<Self> {
        let rest = self.0.strip_prefix(&[tag])?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
                let length = bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                (usize::try_from(length).ok()?, rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(Der(content))
    }

    fn time(&mut self) -> Option<Timestamp> {
        let tag = *self.0.first()?;
        let text = std::str::from_utf8(self.content(tag)?.0).ok()?;
        let full = match tag {
            // Two digits of a year mean 1950 to 2049.
            UTC_TIME => format!("{}{text}", if text < "50" { "20" } else { "19" }),
            GENERALIZED_TIME => text.to_owned(),
            _ => return None,
        };
        let moment = NaiveDateTime::parse_from_str(&full, "%Y%m%d%H%M%SZ").ok()?;
        Some(Timestamp::from_datetime(moment.and_local_timezone(Utc).single()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
        [head, content.to_vec()].concat()
    }

    fn certificate(version: &[u8], times: &[Vec<u8>]) -> Vec<u8> {
        let (serial, any) = (der(INTEGER, &[1]), der(SEQUENCE, b""));
        let issuer = der(SEQUENCE, &[0; 100]);
        let signed = [version, &serial, &any, &issuer, &der(SEQUENCE, &times.concat()), &any];
        der(SEQUENCE, &der(SEQUENCE, &signed.concat()))
    }

    #[test]
    fn both_ways_to_write_a_time_are_read_with_and_without_a_version() {
        let times = [der(UTC_TIME, b"991231235959Z"), der(GENERALIZED_TIME, b"20510102030405Z")];
        for version in [der(VERSION, &der(INTEGER, &[2])), Vec::new()] {
            let read = of(&certificate(&version, &times)).unwrap();
            assert_eq!(read.from.datetime().to_rfc3339(), "1999-12-31T23:59:59+00:00");
            assert_eq!(read.until.datetime().to_rfc3339(), "2051-01-02T03:04:05+00:00");
        }
        let soon = [der(UTC_TIME, b"490101000000Z"), der(UTC_TIME, b"500101000000Z")];
        let read = of(&certificate(b"", &soon)).unwrap();
        let years =
            [read.from, read.until].map(|time| time.datetime().to_rfc3339()[..4].to_owned());
        assert_eq!(years, ["2049", "1950"]);
    }

    #[test]
    fn what_is_cut_or_no_certificate_has_no_times() {
        let times = [der(UTC_TIME, b"260101000000Z"), der(UTC_TIME, b"270101000000Z")];
        let whole = certificate(b"", &times);
        assert!(of(&whole).is_some());
        assert!((0..whole.len()).all(|end| of(&whole[..end]).is_none()));
        let wrong =
            [der(UTC_TIME, b"260101000000Z"), der(UTC_TIME, "2\u{e9}0101000000Z".as_bytes())];
        assert!(of(&certificate(b"", &wrong)).is_none());
        assert!(of(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).is_none());
    }
}
