//! Pictures that people upload of themselves: developed anew, and kept under a name of our making.

mod blob;
mod service;
mod studio;

#[cfg(any(test, feature = "mocks"))]
pub use blob::MockBlobStore;
pub use blob::{BlobName, BlobStore};
pub use service::PictureService;
#[cfg(any(test, feature = "mocks"))]
pub use studio::MockPictureStudio;
pub use studio::{Developed, PictureError, PictureFormat, PictureStudio};
