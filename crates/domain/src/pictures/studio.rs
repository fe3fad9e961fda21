//! The port that makes a harmless picture of what was sent.

use std::time::Duration;

use async_trait::async_trait;

use crate::store::Source;

/// The formats that are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl PictureFormat {
    /// How names of such pictures end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// The format of names that end so.
    pub fn from_ending(ending: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::Webp].into_iter().find(|format| format.ending() == ending)
    }
}

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Developed {
    /// The format it is written in.
    pub format: PictureFormat,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Develops pictures on threads of its own, a bounded number at once.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait PictureStudio: Send + Sync {
    /// Reads a picture by its content, whatever it is called, within limits of size; turns it upright,
    /// shrinks it until neither side is longer than `longest_edge` pixels, and writes it anew, without
    /// anything but its pixels.
    async fn develop(&self, sent: Vec<u8>, longest_edge: u32) -> Result<Developed, PictureError>;
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Of no format that is read, or damaged.
    #[error("not a picture")]
    NotAPicture,
    /// More pixels than are read.
    #[error("too many pixels")]
    TooManyPixels,
    /// Too many wait already; nothing was tried. Try again after this time.
    #[error("too many pictures wait to be developed")]
    Busy(Duration),
    /// A reason that is not the picture's.
    #[error("developing failed")]
    Failed(#[source] Source),
}
