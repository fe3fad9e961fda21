//! Pictures in a folder, one private file each.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use domain::pictures::{BlobName, BlobStore};
use domain::store::StoreError;

use crate::private_file;

/// A folder of pictures. Only a [`BlobName`] reaches the file system.
#[derive(Debug, Clone)]
pub struct FolderBlobs(Arc<PathBuf>);

impl FolderBlobs {
    /// Opens the folder, having made it where it is missing and removed what was left unfinished.
    pub fn open(path: PathBuf) -> Result<Self, std::io::Error> {
        private_file::make_folder(&path)?;
        private_file::sweep(&path)?;
        Ok(Self(Arc::new(path)))
    }

    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let folder = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.map_err(StoreError::unavailable)?.map_err(StoreError::unavailable)
    }
}

#[async_trait]
impl BlobStore for FolderBlobs {
    async fn put(&self, name: &BlobName, bytes: Vec<u8>) -> Result<(), StoreError> {
        let name = name.clone();
        self.on_a_thread(move |folder| private_file::write(folder, name.as_str(), &bytes)).await
    }

    async fn get(&self, name: &BlobName) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name.clone();
        let read = |folder: &Path, name: &str| match std::fs::read(folder.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        self.on_a_thread(move |folder| read(folder, name.as_str())).await
    }

    async fn remove(&self, name: &BlobName) -> Result<bool, StoreError> {
        let name = name.clone();
        self.on_a_thread(move |folder| private_file::remove(&folder.join(name.as_str()))).await
    }
}

#[cfg(test)]
mod tests {
    use domain::pictures::PictureFormat;
    use tempfile::TempDir;

    use super::*;
    use crate::system::SystemEntropy;

    #[tokio::test]
    async fn a_picture_is_kept_until_it_is_removed() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("avatars");
        let blobs = FolderBlobs::open(path.clone()).unwrap();
        let name = BlobName::make(&SystemEntropy, PictureFormat::Png).unwrap();
        assert_eq!(blobs.get(&name).await.unwrap(), None);
        blobs.put(&name, b"pixels".to_vec()).await.unwrap();
        let reopened = FolderBlobs::open(path.clone()).unwrap();
        assert_eq!(reopened.get(&name).await.unwrap().as_deref(), Some(b"pixels".as_slice()));
        assert!(blobs.remove(&name).await.unwrap());
        assert!(!blobs.remove(&name).await.unwrap());
        assert_eq!(path.read_dir().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_folder_that_is_away_is_unavailable_and_nothing_is_half_there() {
        let folder = TempDir::new().unwrap();
        let blobs = FolderBlobs::open(folder.path().join("avatars")).unwrap();
        std::fs::remove_dir(folder.path().join("avatars")).unwrap();
        let name = BlobName::make(&SystemEntropy, PictureFormat::Png).unwrap();
        assert!(blobs.put(&name, b"pixels".to_vec()).await.is_err());
        assert_eq!(blobs.get(&name).await.unwrap(), None);
    }
}
