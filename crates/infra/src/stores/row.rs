//! What reading a row back may find wrong.

use diesel::result::Error;

/// A row holds what no version of this program wrote there.
#[derive(Debug, thiserror::Error)]
#[error("the column {0} holds an unknown value")]
pub(super) struct Corrupt(pub(super) &'static str);

impl From<Corrupt> for Error {
    fn from(corrupt: Corrupt) -> Self {
        Self::DeserializationError(Box::new(corrupt))
    }
}

/// A pattern that holds of texts with `part` in them, all of its signs standing for themselves; to be
/// used with `escape('!')`.
pub(super) fn containing(part: &str) -> String {
    let literal = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{literal}%")
}

/// Sixteen bytes as a UUID.
pub(super) fn uuid(column: &'static str, bytes: &[u8]) -> Result<uuid::Uuid, Corrupt> {
    uuid::Uuid::from_slice(bytes).map_err(|_| Corrupt(column))
}
