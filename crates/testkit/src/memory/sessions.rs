//! Sessions in memory.

use async_trait::async_trait;
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::sessions::{
    LastUse, Rotation, Session, SessionCursor, SessionFilter, SessionId, SessionStore,
};
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{User, UserId};

use super::Shared;

/// The most sessions or windows that one call of `purge` removes.
pub(super) const PURGE_LIMIT: usize = 1_000;

#[async_trait]
impl SessionStore for Shared {
    async fn open(&self, session: &Session, sequel: &Sequel) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        if state.sessions.contains_key(&session.id) {
            return Err(StoreError::unavailable("there is a session with this id already"));
        }
        let known = state.users.contains_key(&session.user_id);
        if known {
            state.keep(sequel);
            state.sessions.insert(session.id, session.clone());
        }
        Ok(known)
    }

    async fn find(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
        let state = self.state()?;
        let session = state.sessions.get(&id);
        let user = session.and_then(|session| state.users.get(&session.user_id));
        Ok(session.cloned().zip(user.cloned()))
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<bool, StoreError> {
        let mut state = self.state_for(&rotation.sequel)?;
        let session = state.sessions.get_mut(&rotation.id);
        let Some(session) = session.filter(|session| session.secret_hash.matches(&rotation.spent))
        else {
            return Ok(false);
        };
        session.secret_hash = rotation.next;
        session.generation += 1;
        session.rotated_at = rotation.at;
        session.last_seen_at = rotation.at;
        state.keep(&rotation.sequel);
        Ok(true)
    }

    async fn touch(&self, uses: &[LastUse]) -> Result<u64, StoreError> {
        let mut state = self.state()?;
        let mut written = 0;
        for last in uses {
            let session = state.sessions.get_mut(&last.session);
            if let Some(session) = session.filter(|it| it.last_seen_at <= last.unless_since) {
                session.last_seen_at = last.at;
                written += 1;
            }
        }
        Ok(written)
    }

    async fn list(
        &self,
        of: &SessionFilter,
        page: &PageRequest<SessionCursor>,
    ) -> Result<Page<Session, SessionCursor>, StoreError> {
        let state = self.state()?;
        let mut open: Vec<&Session> = state
            .sessions
            .values()
            .filter(|session| is_open(session, of))
            .filter(|session| {
                page.after.is_none_or(|last| position(session) < (last.created_at, last.id))
            })
            .collect();
        open.sort_by_key(|session| std::cmp::Reverse(position(session)));
        let rows = open.into_iter().take(page.limit() + 1).cloned().collect();
        Ok(Page::from_surplus(rows, page.limit(), |session| SessionCursor::from(session)))
    }

    async fn close(
        &self,
        user_id: UserId,
        id: SessionId,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let mut state = self.state_for(sequel)?;
        let closed =
            state.remove_sessions(1, |session| session.id == id && session.user_id == user_id);
        if closed == 1 {
            state.keep(sequel);
        }
        Ok(closed == 1)
    }

    async fn close_all(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        sequel: &Sequel,
    ) -> Result<u64, StoreError> {
        let mut state = self.state_for(sequel)?;
        state.keep(sequel);
        Ok(state.close_sessions(user_id, |session| Some(session.id) == keep))
    }

    async fn purge(&self, expired: Timestamp, idle: Timestamp) -> Result<u64, StoreError> {
        let is_over =
            |session: &Session| session.expires_at < expired || session.last_seen_at < idle;
        Ok(self.state()?.remove_sessions(PURGE_LIMIT, is_over))
    }
}

fn is_open(session: &Session, of: &SessionFilter) -> bool {
    session.user_id == of.user_id
        && session.epoch == of.epoch
        && session.expires_at > of.now
        && session.last_seen_at > of.idle_since
}

fn position(session: &Session) -> (Timestamp, SessionId) {
    (session.created_at, session.id)
}
