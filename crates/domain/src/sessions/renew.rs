//! Renewing access with a refresh token that its holder keeps (door 2).

use std::sync::Arc;

use secrecy::SecretString;

use crate::problem::Problem;
use crate::sessions::{Authenticated, SessionService, TokenFault, TokenKind, Transport};

impl SessionService {
    /// Another access token for the holder of a kept refresh token, which goes on counting as long as
    /// its session is open.
    ///
    /// # Errors
    /// `Token`, `Unavailable`; never `Token` because a store could not be asked.
    pub async fn renew(&self, token: &str) -> Result<(SecretString, Authenticated), Problem> {
        let now = self.ports.clock.now();
        let claims = self.ports.signer.verify(token, TokenKind::Refresh, now)?;
        let (session, user) = self.read(claims.session_id).await?;
        if session.user_id != claims.user_id || session.transport != Transport::Kept {
            return Err(Problem::Token(TokenFault::Revoked));
        }
        self.ensure_open(&session, &user, now)?;
        self.note_use(&session, now);
        let holder = Authenticated { user: Arc::new(user), session: Arc::new(session) };
        let lifetime = self.lifetimes.access.min(holder.session.expires_at.since(now));
        let access = self.sign(&holder.session, TokenKind::Access, now, lifetime)?;
        Ok((access.into(), holder))
    }
}
