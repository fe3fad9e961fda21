//! Where who wants a hash is let in, or told to come back.

use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::problem::Problem;
use crate::sessions::Pause;
use crate::users::{Password, PasswordHash, PasswordHasher, Place, Verdict};

/// How long a refusal for want of a place waits before it is told. Who asks again at once, over and over,
/// would otherwise take the very time that hashing needs; told within 50 ms, it is still told at once. Whoever
/// waits may be told with others, somewhat later.
const BREATH: Duration = Duration::from_millis(33);

/// When to come back if too many wait for something else than a place: others of one account, or for time
/// to pass. The first of them have left by then.
pub(super) const CROWDED: Duration = Duration::from_secs(1);

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

    /// A place for a request that gave its own up to wait for something else. It has waited, and may
    /// hold attempts that others wait for: so it is refused without a further wait.
    ///
    /// # Errors
    /// `Busy` where there is none.
    pub(crate) fn enter_again(&self) -> Result<Place, Problem> {
        Ok(self.hasher.enter()?)
    }

    /// Hashes a new password at a place that was taken before, and gives the place back.
    ///
    /// # Errors
    /// `Busy` where the place went to somebody else, `Unavailable`.
    pub(crate) async fn hash_at(
        &self,
        place: Place,
        password: &Password,
    ) -> Result<PasswordHash, Problem> {
        Ok(self.hasher.hash(&place, password).await?)
    }

    /// Whether `hash` is of this password, found out at a place that was taken before.
    ///
    /// # Errors
    /// As [`hash_at`](Self::hash_at).
    pub(crate) async fn verify_at(
        &self,
        place: Place,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<Verdict, Problem> {
        Ok(self.hasher.verify(&place, password, hash).await?)
    }

    /// Takes a place and hashes a new password.
    ///
    /// # Errors
    /// `Busy`, `Unavailable`.
    pub(crate) async fn hash(&self, password: &Password) -> Result<PasswordHash, Problem> {
        let place = self.enter().await?;
        self.hash_at(place, password).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::MockPause;
    use crate::users::{HashError, MockPasswordHasher};

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

    #[test]
    fn who_has_waited_is_told_at_once() {
        let (mut hasher, pause) = (MockPasswordHasher::new(), MockPause::new());
        hasher.expect_enter().return_once(|| Err(HashError::Busy(Duration::from_secs(7))));
        let room = Room { hasher: Arc::new(hasher), pause: Arc::new(pause) };
        assert!(matches!(room.enter_again(), Err(Problem::Busy(_))));
    }

    #[tokio::test]
    async fn who_finds_one_does_not_wait() {
        let (mut hasher, pause) = (MockPasswordHasher::new(), MockPause::new());
        hasher.expect_enter().return_once(|| Ok(Place::of("a guard")));
        let room = Room { hasher: Arc::new(hasher), pause: Arc::new(pause) };
        assert_eq!(room.enter().await.unwrap().held::<&str>(), Some(&"a guard"));
    }
}
