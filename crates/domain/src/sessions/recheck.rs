//! Proving a session again, for what outlasts one request.

use crate::problem::Problem;
use crate::sessions::{Authenticated, SessionService, TokenFault};

impl SessionService {
    /// Whether the session that was proven before is open still: read anew.
    ///
    /// # Errors
    /// `Token`, `Unavailable`; never `Token` because a store could not be asked.
    pub async fn recheck(&self, known: &Authenticated) -> Result<(), Problem> {
        let (session, user) = self.read(known.session.id).await?;
        if user.id != known.user.id {
            return Err(Problem::Token(TokenFault::Revoked));
        }
        self.ensure_open(&session, &user, self.ports.clock.now())
    }
}
