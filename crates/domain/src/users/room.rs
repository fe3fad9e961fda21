//! Where who wants a hash is let in, or told to come back.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::problem::Problem;
use crate::sessions::Pause;
use crate::users::{HashError, Password, PasswordHash, PasswordHasher, Place};

/// How long a refusal for want of a place waits before it is told. Who asks again at once, over and over,
/// would otherwise take the very time that hashing needs; told within 50 ms, it is still told at once.
const BREATH: Duration = Duration::from_millis(28);

/// The room in front of the threads that hash.
#[derive(Clone)]
pub(crate) struct Room {
    hasher: Arc<dyn PasswordHasher>,
    pause: Arc<dyn Pause>,
}

impl Room {
    /// Built by each service that hashes.
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { hasher: Arc::clone(&ports.hasher), pause: Arc::clone(&ports.pause) }
    }

    /// A place for the present request: taken before anything is read or counted.
    ///
    /// # Errors
    /// `Busy` where there is none.
    pub(crate) async fn enter(&self) -> Result<Place, Problem> {
        match self.hasher.enter() {
            Ok(place) => Ok(place),
            Err(none) => {
                // Where too many hold their breath already, this one is told sooner.
                let _ = self.pause.wait(BREATH).await;
                Err(none.into())
            }
        }
    }

    /// Takes a place and hashes a new password.
    ///
    /// # Errors
    /// `Busy`, `Unavailable`.
    pub(crate) async fn hash(&self, password: &Password) -> Result<PasswordHash, Problem> {
        let place = self.enter().await?;
        self.hasher.hash(&place, password).await.map_err(HashError::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::MockPause;
    use crate::users::MockPasswordHasher;

    #[tokio::test]
    async fn who_finds_no_place_is_told_so_after_a_breath() {
        let (mut hasher, mut pause) = (MockPasswordHasher::new(), MockPause::new());
        hasher.expect_enter().return_once(|| Err(HashError::Busy(Duration::from_secs(7))));
        pause
            .expect_wait()
            .times(1)
            .withf(|time| *time < Duration::from_millis(50))
            .return_once(|_| Ok(()));
        let room = Room { hasher: Arc::new(hasher), pause: Arc::new(pause) };
        let refused = room.enter().await;
        assert!(matches!(refused, Err(Problem::Busy(wait)) if wait.as_secs() == 7));
    }

    #[tokio::test]
    async fn who_finds_one_does_not_wait() {
        let (mut hasher, pause) = (MockPasswordHasher::new(), MockPause::new());
        hasher.expect_enter().return_once(|| Ok(Place::of("a guard")));
        let room = Room { hasher: Arc::new(hasher), pause: Arc::new(pause) };
        assert_eq!(room.enter().await.unwrap().held::<&str>(), Some(&"a guard"));
    }
}
