//! A sealer that hides nothing, for tests.

use domain::sealing::{SealError, Sealed, Sealer};
use zeroize::Zeroizing;

/// NOT ENCRYPTION: what is sealed can be read by everybody, but opens for its own purpose only.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainSealer;

impl Sealer for PlainSealer {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed, SealError> {
        let hex: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Sealed(format!("plain.{purpose}.{hex}")))
    }

    fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let hex = sealed.0.strip_prefix(&format!("plain.{purpose}.")).ok_or(SealError::Unopened)?;
        let byte = |at| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
        bytes.map(Zeroizing::new).ok_or(SealError::Unopened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_for_its_own_purpose_only() {
        let sealed = PlainSealer.seal("letter", b"hi").unwrap();
        assert_eq!(PlainSealer.open("letter", &sealed).unwrap().as_slice(), b"hi");
        assert_eq!(PlainSealer.open("passkey", &sealed), Err(SealError::Unopened));
    }
}
