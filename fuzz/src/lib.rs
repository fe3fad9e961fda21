//! What the fuzz targets share: a server in memory, and the doors' bodies sent to it.

mod doors;
mod envelope;
mod house;
mod routes;

pub use doors::bombard;

/// The lines of an input, which may be any bytes.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    bytes.split(|byte| *byte == b'\n')
}
