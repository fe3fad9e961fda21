//! A folder that letters are kept in, one file each.

use std::path::PathBuf;
use std::sync::Arc;

use domain::post::Undelivered;

use super::CourierError;
use crate::private_file;

#[derive(Clone)]
pub(super) struct Folder(Arc<PathBuf>);

impl Folder {
    /// Opens the folder, having made it where it is missing.
    pub(super) fn open(path: PathBuf) -> Result<Self, CourierError> {
        let opened = private_file::make_folder(&path).and_then(|()| private_file::sweep(&path));
        let told = |error| format!("cannot keep letters in {}: {error}", path.display());
        opened.map_err(|error| CourierError(told(error)))?;
        Ok(Self(Arc::new(path)))
    }

    /// Keeps a letter; one that comes again under its name takes its own place.
    pub(super) async fn keep(&self, name: String, bytes: Vec<u8>) -> Result<(), Undelivered> {
        let folder = Arc::clone(&self.0);
        let write = move || private_file::write(&folder, &name, &bytes);
        let written = tokio::task::spawn_blocking(write).await.map_err(Undelivered::because)?;
        written.map_err(Undelivered::because)
    }
}
