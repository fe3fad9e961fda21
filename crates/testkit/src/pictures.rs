//! A studio that changes nothing and a store of pictures in memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::pictures::{
    BlobName, BlobStore, Developed, PictureError, PictureFormat, PictureStudio,
};
use domain::store::StoreError;

/// Takes for a picture what begins like one, and gives it back as it came.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainStudio;

#[async_trait]
impl PictureStudio for PlainStudio {
    async fn develop(&self, sent: Vec<u8>, _: u32) -> Result<Developed, PictureError> {
        let format = match sent.get(..4) {
            Some(b"\x89PNG") => PictureFormat::Png,
            Some(b"\xff\xd8\xff\xe0") => PictureFormat::Jpeg,
            Some(b"RIFF") => PictureFormat::Webp,
            Some(_) | None => return Err(PictureError::NotAPicture),
        };
        Ok(Developed { format, bytes: sent })
    }
}

/// Pictures by name.
#[derive(Debug, Default)]
pub struct MemoryBlobs(Mutex<HashMap<BlobName, Vec<u8>>>);

impl MemoryBlobs {
    /// How many are kept.
    pub fn count(&self) -> usize {
        self.kept().len()
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<BlobName, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn put(&self, name: &BlobName, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.kept().insert(name.clone(), bytes);
        Ok(())
    }

    async fn get(&self, name: &BlobName) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.kept().get(name).cloned())
    }

    async fn remove(&self, name: &BlobName) -> Result<bool, StoreError> {
        Ok(self.kept().remove(name).is_some())
    }
}
