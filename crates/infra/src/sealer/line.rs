//! One sealing key as it is kept: `<id> <64 hexadecimal digits>`, and what is noted of it.
//!
//! `from=` is when it begins to seal, where that was announced; `left=` is when something was last
//! found sealed with it after another key had taken its place. Both are times of RFC 3339.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::entropy::{Entropy, NoEntropy};
use domain::time::Timestamp;
use zeroize::Zeroizing;

use crate::system::SystemEntropy;

/// The length of a key, in bytes.
const KEY: usize = 32;
/// The length of a key's id, in bytes.
const ID: usize = 4;

/// A key and its notes.
pub(super) struct Line {
    pub(super) id: String,
    digits: Zeroizing<String>,
    pub(super) from: Option<Timestamp>,
    pub(super) left: Option<Timestamp>,
}

impl Line {
    /// A new key.
    pub(super) fn made(from: Option<Timestamp>) -> Result<Self, NoEntropy> {
        let mut bytes = Zeroizing::new([0; ID + KEY]);
        SystemEntropy.fill(bytes.as_mut_slice())?;
        let (id, key) = bytes.split_at(ID);
        Ok(Self { id: hex(id).to_string(), digits: hex(key), from, left: None })
    }

    /// All lines of a file; `None` where one of them is none.
    pub(super) fn all(bytes: &[u8]) -> Option<Vec<Self>> {
        std::str::from_utf8(bytes).ok()?.lines().map(Self::read).collect()
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (id, digits) = (words.next()?, words.next()?);
        let is_hex = |text: &str, bytes: usize| {
            text.len() == bytes * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if !is_hex(id, ID) || !is_hex(digits, KEY) {
            return None;
        }
        let digits = Zeroizing::new(digits.to_owned());
        let mut read = Self { id: id.to_owned(), digits, from: None, left: None };
        for word in words {
            let (name, time) = word.split_once('=')?;
            let time = DateTime::parse_from_rfc3339(time).ok()?.with_timezone(&Utc);
            let noted = match name {
                "from" => &mut read.from,
                "left" => &mut read.left,
                _ => return None,
            };
            *noted = Some(Timestamp::from_datetime(time));
        }
        Some(read)
    }

    /// The key itself.
    pub(super) fn key(&self) -> Option<Zeroizing<Vec<u8>>> {
        let pair = |at| u8::from_str_radix(self.digits.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..KEY * 2).step_by(2).map(pair).collect();
        bytes.map(Zeroizing::new)
    }

    /// The file that these are in.
    pub(super) fn file(lines: &[Self]) -> Zeroizing<Vec<u8>> {
        let text = |time: Timestamp| time.datetime().to_rfc3339_opts(SecondsFormat::Micros, true);
        let mut file = Zeroizing::new(Vec::with_capacity(lines.len() * 160));
        for line in lines {
            for part in [line.id.as_str(), " ", line.digits.as_str()] {
                file.extend_from_slice(part.as_bytes());
            }
            for (name, time) in [("from", line.from), ("left", line.left)] {
                let note = time.map(|time| format!(" {name}={}", text(time)));
                file.extend_from_slice(note.unwrap_or_default().as_bytes());
            }
            file.push(b'\n');
        }
        file
    }
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
