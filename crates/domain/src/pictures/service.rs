//! What may be done with one's picture.

use std::sync::Arc;

use crate::Ports;
use crate::audit::{Action, Entry, Ledger};
use crate::entropy::Entropy;
use crate::pictures::{BlobName, BlobStore, PictureError, PictureStudio};
use crate::problem::{Fault, Field, FieldError, Problem, Thing};
use crate::sessions::SecurityLog;
use crate::time::Clock;
use crate::users::{Turns, User, UserId, UserKey, UserStore};

/// How often a change is tried again when the row changes under it.
const ATTEMPTS: usize = 8;

/// Serves every surface alike.
pub struct PictureService {
    users: Arc<dyn UserStore>,
    blobs: Arc<dyn BlobStore>,
    studio: Arc<dyn PictureStudio>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    log: Arc<dyn SecurityLog>,
    turns: Turns,
    ledger: Ledger,
}

impl PictureService {
    /// Built once by [`Services`](crate::Services).
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            users: Arc::clone(&ports.users),
            blobs: Arc::clone(&ports.blobs),
            studio: Arc::clone(&ports.studio),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            log: Arc::clone(&ports.log),
            turns: Turns::default(),
            ledger: Ledger::new(ports),
        }
    }

    /// Gives a person another picture; the old one goes. The picture is kept before the row names it,
    /// so that no row ever names one that is not there. With `version` only if the row still has it.
    ///
    /// # Errors
    /// `Invalid`, `NotFound`, `VersionMismatch`, `Contended`, `Busy`, `Unavailable`.
    pub async fn set(
        &self,
        id: UserId,
        version: Option<i64>,
        sent: Vec<u8>,
        edge: u32,
    ) -> Result<User, Problem> {
        let developed = self.studio.develop(sent, edge).await?;
        let name = BlobName::make(self.entropy.as_ref(), developed.format)?;
        self.blobs.put(&name, developed.bytes).await?;
        let replaced = self.replace(id, version, Some(name.as_str().to_owned())).await;
        if replaced.is_err() {
            self.discard(Some(name.as_str())).await;
        }
        replaced
    }

    /// Takes a person's picture away; one that has none goes on having none. With `version` only if the
    /// row still has it.
    ///
    /// # Errors
    /// `NotFound`, `VersionMismatch`, `Contended`, `Unavailable`.
    pub async fn remove(&self, id: UserId, version: Option<i64>) -> Result<User, Problem> {
        self.replace(id, version, None).await
    }

    /// The picture of this name.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    pub async fn find(&self, name: &BlobName) -> Result<Vec<u8>, Problem> {
        self.blobs.get(name).await?.ok_or(Problem::NotFound(Thing::Picture))
    }

    /// Removes the file of a person that was removed: nobody needs it any more.
    pub async fn discard_of(&self, user: &User) {
        self.discard(user.avatar.as_deref()).await;
    }

    async fn replace(
        &self,
        id: UserId,
        version: Option<i64>,
        avatar: Option<String>,
    ) -> Result<User, Problem> {
        let mut turn = None;
        for _ in 0..ATTEMPTS {
            let before = self.users.find(&UserKey::Id(id)).await?;
            let before = before.ok_or(Problem::NotFound(Thing::User))?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Problem::VersionMismatch);
            }
            if before.avatar == avatar {
                return Ok(before);
            }
            let after = User {
                avatar: avatar.clone(),
                version: before.version + 1,
                updated_at: self.clock.now(),
                ..before.clone()
            };
            let changed = Entry::own(Action::AccountChange, id).with("avatar");
            if self.users.replace(&after, &self.ledger.follows(changed)?).await? {
                self.discard(before.avatar.as_deref()).await;
                return Ok(after);
            }
            if turn.is_none() {
                turn = Some(self.turns.take(id.0).await);
            }
        }
        Err(Problem::Contended)
    }

    /// A file that stays behind does no harm: it is noted, and the request goes on.
    async fn discard(&self, name: Option<&str>) {
        let Some(name) = name.and_then(BlobName::parse) else { return };
        if let Err(error) = self.blobs.remove(&name).await {
            self.log
                .degraded("a picture that nobody has any more was not removed", Box::new(error));
        }
    }
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        let invalid = |fault| Self::Invalid(vec![FieldError::new(Field::Picture, fault)]);
        match error {
            PictureError::NotAPicture => invalid(Fault::NotAPicture),
            PictureError::TooManyPixels => invalid(Fault::TooManyPixels),
            PictureError::Busy(wait) => Self::Busy(wait),
            PictureError::Failed(source) => Self::Unavailable(source),
        }
    }
}
