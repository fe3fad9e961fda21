//! Password hashing with bcrypt, on threads of its own.

mod figures;
mod lane;
mod notation;
mod queue;
mod scheme;

use std::sync::Arc;

use async_trait::async_trait;
use domain::audit::Surroundings;
use domain::users::{
    HashError, Password, PasswordHash, PasswordHasher, Place, Verdict, network_address,
};

use self::lane::{Entrance, Lane, NotDone};
use self::scheme::Scheme;

/// How passwords are hashed, and how many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BcryptOptions {
    /// The binary logarithm of the number of rounds, 4 to 31. About 250 ms a hash is right.
    pub cost: u32,
    /// Hashes at once: as many as there are cores to spare.
    pub lanes: usize,
    /// How many more may wait before the next is refused.
    pub queue: usize,
}

/// Why hashing could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum BcryptError {
    /// bcrypt knows no such cost.
    #[error("a bcrypt cost is a number from 4 to 31, not {0}")]
    Cost(u32),
    /// Nothing could ever be hashed.
    #[error("at least one lane is needed to hash passwords")]
    NoLanes,
    /// The system refused a thread.
    #[error("cannot start a thread to hash passwords")]
    Thread(#[source] std::io::Error),
}

/// Hashes at one cost, verifies at any. Dropping it ends its threads.
pub struct BcryptHasher {
    scheme: Scheme,
    lane: Lane,
    surroundings: Arc<dyn Surroundings>,
}

impl BcryptHasher {
    /// Checks the options and starts the threads. `surroundings` tell for whom work is done.
    pub fn start(
        options: BcryptOptions,
        surroundings: Arc<dyn Surroundings>,
    ) -> Result<Self, BcryptError> {
        if !(4..=31).contains(&options.cost) {
            return Err(BcryptError::Cost(options.cost));
        }
        if options.lanes == 0 {
            return Err(BcryptError::NoLanes);
        }
        let lane = Lane::start(options.lanes, options.queue).map_err(BcryptError::Thread)?;
        Ok(Self { scheme: Scheme::new(options.cost), lane, surroundings })
    }

    /// How many threads hash.
    pub fn lanes(&self) -> usize {
        self.lane.lanes()
    }

    async fn run<T: Send + 'static>(
        &self,
        place: &Place,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let done = match place.held::<Entrance>() {
            Some(entrance) => entrance.run(work).await,
            // A place of another hasher's is none here.
            None => match self.lane.enter(None) {
                Ok(entrance) => entrance.run(work).await,
                Err(none) => Err(none),
            },
        };
        done.map_err(not_done)
    }
}

#[async_trait]
impl PasswordHasher for BcryptHasher {
    fn enter(&self) -> Result<Place, HashError> {
        let party = self.surroundings.scene().client.address.map(network_address);
        self.lane.enter(party).map(Place::of).map_err(not_done)
    }

    async fn hash(&self, place: &Place, password: &Password) -> Result<PasswordHash, HashError> {
        let (scheme, password) = (self.scheme.clone(), password.clone());
        let hashed = self.run(place, move || scheme.hash(password.expose())).await;
        hashed?.map_err(|error| HashError::Failed(error.into()))
    }

    async fn verify<'a>(
        &self,
        place: &Place,
        password: &Password,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, HashError> {
        let (scheme, password, hash) = (self.scheme.clone(), password.clone(), hash.cloned());
        let work =
            move || scheme.verify(password.expose(), hash.as_ref().map(PasswordHash::expose));
        self.run(place, work).await
    }
}

fn not_done(reason: NotDone) -> HashError {
    match reason {
        NotDone::Full(wait) => HashError::Busy(wait),
        NotDone::Panicked => HashError::Failed("a hashing thread panicked".into()),
    }
}

#[cfg(test)]
mod tests;
