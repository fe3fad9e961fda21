//! Develops pictures with the `image` crate, on a few threads of its own.

mod develop;
#[cfg(test)]
mod tests;

use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::pictures::{Developed, PictureError, PictureStudio};
use tokio::sync::Semaphore;

/// How many pictures are developed at once: each may take much memory for a moment.
const AT_ONCE: usize = 2;
/// How many may wait for that.
const WAITING: usize = 8;
/// When to come back if more do.
const BUSY: Duration = Duration::from_secs(2);

/// What is made of a picture; for the fuzz targets, which need no threads for it.
#[cfg(fuzzing)]
pub fn develop_at_once(sent: &[u8], longest_edge: u32) -> Result<Developed, PictureError> {
    develop(sent, longest_edge)
}

/// A decoder that panics has met a picture that it cannot read.
fn develop(sent: &[u8], longest_edge: u32) -> Result<Developed, PictureError> {
    catch_unwind(|| develop::develop(sent, longest_edge)).unwrap_or(Err(PictureError::NotAPicture))
}

/// A studio of the `image` crate.
pub struct ImageStudio {
    places: Arc<Semaphore>,
    doors: Arc<Semaphore>,
}

impl Default for ImageStudio {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Self { places, doors: Arc::new(Semaphore::new(AT_ONCE + WAITING)) }
    }
}

#[async_trait]
impl PictureStudio for ImageStudio {
    async fn develop(&self, sent: Vec<u8>, longest_edge: u32) -> Result<Developed, PictureError> {
        let failed = |why: &'static str| PictureError::Failed(why.into());
        let Ok(inside) = Arc::clone(&self.doors).try_acquire_owned() else {
            return Err(PictureError::Busy(BUSY));
        };
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| failed("the studio is closed"))?;
        let work = move || {
            // Held until the work ends, even when the caller goes away meanwhile.
            let _held = (inside, place);
            develop(&sent, longest_edge)
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|_| Err(failed("the studio lost the picture")))
    }
}
