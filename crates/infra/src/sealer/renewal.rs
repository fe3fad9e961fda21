//! How a sealing key takes the place of another, and when the old one goes.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::time::Timestamp;

use super::line::Line;
use super::{AesSealer, SEALING_KEYS};
use crate::secrets::{SecretsError, SecretsFolder};

/// So long an old key is kept after something was last found under it. A request that read the old
/// value may still write it back: none takes this long, whatever `database.acquire_timeout` is.
const SETTLED: Duration = Duration::from_secs(10 * 60);

/// What may be shown of a sealing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingKey {
    /// Its id, as in sealed values.
    pub id: String,
    /// From when on it seals, where that was noted.
    pub seals_from: Option<Timestamp>,
    /// When another takes its place, where that was noted.
    pub superseded_at: Option<Timestamp>,
    /// Whether it is the newest.
    pub is_newest: bool,
}

/// What became of old keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// The ids of those that were removed.
    pub removed: Vec<String>,
    /// The ids of those that stay, to open with.
    pub kept: Vec<String>,
}

/// The keys in the folder, the oldest first. Nothing is made or changed.
pub fn list(folder: &SecretsFolder) -> Result<Vec<SealingKey>, SecretsError> {
    let lines = parse(folder, folder.read(SEALING_KEYS)?.as_deref().map(Vec::as_slice))?;
    let next = |at: usize| lines.get(at + 1);
    let shown = lines.iter().enumerate().map(|(at, line)| SealingKey {
        id: line.id.clone(),
        seals_from: line.from,
        superseded_at: next(at).and_then(|next| next.from),
        is_newest: next(at).is_none(),
    });
    Ok(shown.collect())
}

impl AesSealer {
    /// Makes a new key that seals when `notice` is over: until then others have time to
    /// [`reload`](Self::reload), or they could not open what it sealed. Says its id.
    pub fn rotate(&self, now: Timestamp, notice: Duration) -> Result<String, SecretsError> {
        let next = Line::made(Some(now.plus(notice)))?;
        let id = next.id.clone();
        self.change(|lines| {
            lines.push(next);
            Ok(true)
        })?;
        Ok(id)
    }

    /// The id of the newest key, and when it begins to seal, where that was noted.
    pub fn newest(&self) -> Option<(String, Option<Timestamp>)> {
        self.keys().last().map(|key| (key.id.clone(), key.from))
    }

    /// Whether there are keys that the newest took the place of.
    pub fn has_old_keys(&self) -> bool {
        self.keys().len() > 1
    }

    /// Removes the old keys that nothing was found under for long enough; notes of the others that
    /// something was, if they are among `found`.
    pub fn settle(
        &self,
        found: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<Settled, SecretsError> {
        let mut settled = Settled::default();
        self.change(|lines| {
            let Some(newest) = lines.pop() else { return Ok(false) };
            let mut successor = newest.from;
            let mut kept = vec![newest];
            // The newest first: each key's end is the beginning of the one after it.
            while let Some(mut line) = lines.pop() {
                let since = line.left.max(successor);
                let is_spent = since.is_some_and(|since| since.plus(SETTLED) <= now);
                successor = line.from;
                if is_spent && !found.contains(&line.id) {
                    settled.removed.push(line.id.clone());
                    continue;
                }
                if since.is_none() || found.contains(&line.id) {
                    line.left = Some(now);
                }
                settled.kept.push(line.id.clone());
                kept.push(line);
            }
            kept.reverse();
            *lines = kept;
            Ok(true)
        })?;
        Ok(settled)
    }
}

/// The lines of the file; no file is no keys.
pub(super) fn parse(
    folder: &SecretsFolder,
    bytes: Option<&[u8]>,
) -> Result<Vec<Line>, SecretsError> {
    let Some(bytes) = bytes else { return Ok(Vec::new()) };
    // A file that lost its content is not the same as none: what it sealed would be lost.
    let lines = Line::all(bytes).filter(|lines| !lines.is_empty());
    lines.ok_or_else(|| malformed(folder))
}

pub(super) fn malformed(folder: &SecretsFolder) -> SecretsError {
    SecretsError::Malformed {
        path: folder.path().join(SEALING_KEYS),
        reason: "it has a line that is no sealing key".to_owned(),
    }
}
