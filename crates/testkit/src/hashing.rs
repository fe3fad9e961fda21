//! A password hasher that hides nothing and costs nothing, for tests of services.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::users::{HashError, Password, PasswordHash, PasswordHasher, Place, Verdict};

const CURRENT: &str = "plain$current$";
const OUTDATED: &str = "plain$outdated$";

/// NOT A HASH: the password stands in the notation for everybody to read. It keeps the promises of
/// the port that services rely on: no two hashes are equal, a malformed one is a mismatch.
#[derive(Debug, Default)]
pub struct PlainHasher(Mutex<Lane>);

#[derive(Debug, Default)]
struct Lane {
    made: u64,
    verified: Vec<Verified>,
    busy: Option<Duration>,
}

/// What a password was verified against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Somebody's hash.
    Hash,
    /// Nobody's: the work that hides whether there is such a person.
    Nobody,
}

impl PlainHasher {
    /// A hash of `password` as an older scheme made it: it matches, and is outdated.
    pub fn outdated(password: &str) -> PasswordHash {
        PasswordHash::new(format!("{OUTDATED}0${password}"))
    }

    /// Everything verified so far, in order.
    pub fn verified(&self) -> Vec<Verified> {
        self.lane().verified.clone()
    }

    /// From now on answers that it is too busy, and when to come again; `None` ends it.
    pub fn set_busy(&self, retry_after: Option<Duration>) {
        self.lane().busy = retry_after;
    }

    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self) -> Result<MutexGuard<'_, Lane>, HashError> {
        let lane = self.lane();
        lane.busy.map_or(Ok(lane), |retry_after| Err(HashError::Busy(retry_after)))
    }
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    fn enter(&self) -> Result<Place, HashError> {
        PlainHasher::enter(self).map(|_| Place::free())
    }

    async fn hash(&self, _: &Place, password: &Password) -> Result<PasswordHash, HashError> {
        let mut lane = PlainHasher::enter(self)?;
        lane.made += 1;
        Ok(PasswordHash::new(format!("{CURRENT}{}${}", lane.made, password.expose())))
    }

    async fn verify<'a>(
        &self,
        _: &Place,
        password: &Password,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, HashError> {
        PlainHasher::enter(self)?.verified.push(hash.map_or(Verified::Nobody, |_| Verified::Hash));
        let notation = hash.map_or("", PasswordHash::expose);
        let verdict = if is_of(password, notation, CURRENT) {
            Verdict::Match { outdated: false }
        } else if is_of(password, notation, OUTDATED) {
            Verdict::Match { outdated: true }
        } else {
            Verdict::Mismatch
        };
        Ok(verdict)
    }
}

/// Whether `notation` is `scheme`, a number, and this password.
fn is_of(password: &Password, notation: &str, scheme: &str) -> bool {
    let body = notation.strip_prefix(scheme).and_then(|rest| rest.split_once('$'));
    body.is_some_and(|(_, plain)| plain == password.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(raw: &str) -> Password {
        Password::parse(raw).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_of_its_password_alone_and_never_made_twice() {
        let hasher = PlainHasher::default();
        let right = password("pa$$word");
        let hash = hasher.hash(&Place::free(), &right).await.unwrap();
        assert_ne!(hash, hasher.hash(&Place::free(), &right).await.unwrap());
        let verdict = hasher.verify(&Place::free(), &right, Some(&hash)).await.unwrap();
        assert_eq!(verdict, Verdict::Match { outdated: false });
        for wrong in ["word", "pa$$word2", "$"] {
            let verdict =
                hasher.verify(&Place::free(), &password(wrong), Some(&hash)).await.unwrap();
            assert_eq!(verdict, Verdict::Mismatch);
        }
    }

    #[tokio::test]
    async fn nobody_and_malformed_hashes_never_match_and_are_noted() {
        let hasher = PlainHasher::default();
        let malformed = PasswordHash::new("$2b$");
        for hash in [None, Some(&malformed)] {
            let verdict = hasher.verify(&Place::free(), &password("x"), hash).await.unwrap();
            assert_eq!(verdict, Verdict::Mismatch);
        }
        assert_eq!(hasher.verified(), [Verified::Nobody, Verified::Hash]);
    }

    #[tokio::test]
    async fn an_outdated_hash_matches_and_says_so() {
        let old = PlainHasher::outdated("secret");
        let verdict = PlainHasher::default()
            .verify(&Place::free(), &password("secret"), Some(&old))
            .await
            .unwrap();
        assert_eq!(verdict, Verdict::Match { outdated: true });
    }

    #[tokio::test]
    async fn a_busy_hasher_tries_nothing() {
        let hasher = PlainHasher::default();
        hasher.set_busy(Some(Duration::from_secs(2)));
        let refused = hasher.verify(&Place::free(), &password("x"), None).await;
        assert!(matches!(refused, Err(HashError::Busy(after)) if after.as_secs() == 2));
        assert!(hasher.hash(&Place::free(), &password("x")).await.is_err());
        assert!(hasher.verified().is_empty());
        hasher.set_busy(None);
        assert!(hasher.hash(&Place::free(), &password("x")).await.is_ok());
    }
}
