//! The port behind which pictures are kept.

use async_trait::async_trait;

use crate::entropy::{Entropy, NoEntropy};
use crate::pictures::PictureFormat;
use crate::store::StoreError;

/// How many hexadecimal digits a name has before its ending.
const DIGITS: usize = 32;

/// A name of the server's making: 128 random bits and an ending. Whatever else a caller writes in its
/// place names nothing, so that no path ever comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BlobName(String);

impl BlobName {
    /// A name that nobody had before.
    ///
    /// # Errors
    /// Where there are no random bytes.
    pub fn make(entropy: &dyn Entropy, format: PictureFormat) -> Result<Self, NoEntropy> {
        let mut bytes = [0; DIGITS / 2];
        entropy.fill(&mut bytes)?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(format!("{digits}.{}", format.ending())))
    }

    /// Reads a name to the letter; `None` for anything that [`make`](Self::make) does not make.
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, ending) = text.split_once('.')?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let made = digits.len() == DIGITS
            && digits.bytes().all(is_digit)
            && PictureFormat::from_ending(ending).is_some();
        made.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it holds.
    pub fn format(&self) -> PictureFormat {
        let ending = self.0.split_once('.').and_then(|(_, end)| PictureFormat::from_ending(end));
        ending.unwrap_or(PictureFormat::Png)
    }
}

/// Keeps pictures by name.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Keeps these bytes: all of them or nothing, and past a power cut once this has returned.
    async fn put(&self, name: &BlobName, bytes: Vec<u8>) -> Result<(), StoreError>;

    /// The bytes under this name.
    async fn get(&self, name: &BlobName) -> Result<Option<Vec<u8>>, StoreError>;

    /// Removes what is kept under this name; says whether anything was.
    async fn remove(&self, name: &BlobName) -> Result<bool, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::MockEntropy;

    #[test]
    fn a_name_is_of_our_making_or_none() {
        let mut entropy = MockEntropy::new();
        entropy.expect_fill().returning(|bytes| {
            bytes.fill(0xa5);
            Ok(())
        });
        let name = BlobName::make(&entropy, PictureFormat::Webp).unwrap();
        assert_eq!(name.as_str(), format!("{}.webp", "a5".repeat(16)));
        assert_eq!(BlobName::parse(name.as_str()), Some(name));
        let digits = "a5".repeat(16);
        for other in [
            String::new(),
            digits.clone(),
            format!("{digits}."),
            format!("{digits}.gif"),
            format!("{digits}.png.exe"),
            format!("{}.png", digits.to_uppercase()),
            format!("../{digits}.png"),
            format!("{digits}.png\0"),
            format!("{}/.png", &digits[1..]),
            "../../etc/passwd".to_owned(),
        ] {
            assert_eq!(BlobName::parse(&other), None, "{other:?}");
        }
    }
}
