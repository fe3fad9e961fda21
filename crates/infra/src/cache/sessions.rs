//! Sessions that are remembered.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::sessions::{
    Holder, LastUse, Rotation, Session, SessionCursor, SessionFilter, SessionId, SessionStore,
};
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{User, UserId};

use super::readings::Reading;
use super::{SessionCache, Trust};

/// Answers from memory what it may; everything else is passed on.
pub(super) struct CachedSessions {
    pub(super) inner: Arc<dyn SessionStore>,
    pub(super) cache: SessionCache,
}

impl CachedSessions {
    /// What is remembered of a session, if it is good still.
    fn known(&self, id: SessionId, trust: Trust) -> Option<Reading> {
        if trust == Trust::None {
            return None;
        }
        let reading = self.cache.readings.get(id)?;
        if matches!(trust, Trust::Within(longest) if reading.asked.elapsed() > longest) {
            return None;
        }
        let keys = [id.0, reading.holder.user.id.0];
        let stands = self.cache.changes.let_stand(reading.read_at, keys);
        if stands {
            self.cache.remembered.increment(1);
        }
        stands.then_some(reading)
    }

    /// Asks the store, and remembers what it says.
    async fn ask(&self, id: SessionId) -> Result<Option<Holder>, StoreError> {
        self.cache.read.increment(1);
        let (read_at, asked) = (self.cache.changes.count(), Instant::now());
        let holder = self.inner.find(id).await?.map(Holder::from);
        if let Some(holder) = &holder {
            self.cache.readings.keep(Reading { holder: holder.clone(), read_at, asked });
        }
        Ok(holder)
    }
}

#[async_trait]
impl SessionStore for CachedSessions {
    async fn open(&self, session: &Session, sequel: &Sequel) -> Result<bool, StoreError> {
        self.inner.open(session, sequel).await
    }

    async fn find(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
        // Whoever asks for what is so gets no more than that.
        if self.cache.trust() != Trust::Exact {
            return self.inner.find(id).await;
        }
        let holder = match self.known(id, Trust::Exact) {
            Some(reading) => Some(reading.holder),
            None => self.ask(id).await?,
        };
        Ok(holder.map(|holder| (Session::clone(&holder.session), User::clone(&holder.user))))
    }

    async fn recent(&self, id: SessionId) -> Result<Option<Holder>, StoreError> {
        let trust = self.cache.trust();
        if trust == Trust::None {
            return self.inner.recent(id).await;
        }
        match self.known(id, trust) {
            Some(reading) => Ok(Some(reading.holder)),
            None => self.ask(id).await,
        }
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<bool, StoreError> {
        let before = self.known(rotation.id, self.cache.trust());
        let change = self.cache.change_session(rotation.id.0);
        let rotated = self.inner.rotate(rotation).await;
        let read_at = before.as_ref().map(|before| before.read_at);
        let happened_at = change.settle_over(&rotated, read_at);
        if let (Ok(true), Some(before), Some(read_at)) = (&rotated, before, happened_at) {
            // All of it is known, so the next use need not read it again.
            let mut session = Session::clone(&before.holder.session);
            session.secret_hash = rotation.next;
            session.generation += 1;
            (session.rotated_at, session.last_seen_at) = (rotation.at, rotation.at);
            let holder = Holder { session: Arc::new(session), user: before.holder.user };
            self.cache.readings.keep(Reading { holder, read_at, asked: before.asked });
        }
        rotated
    }

    async fn touch(&self, uses: &[LastUse]) -> Result<u64, StoreError> {
        let touched = self.inner.touch(uses).await;
        // A reading that lacks its use lets nobody in or out; it would be noted again and again.
        uses.iter().for_each(|last| self.cache.readings.forget(last.session));
        touched
    }

    async fn list(
        &self,
        of: &SessionFilter,
        page: &PageRequest<SessionCursor>,
    ) -> Result<Page<Session, SessionCursor>, StoreError> {
        self.inner.list(of, page).await
    }

    async fn close(
        &self,
        user_id: UserId,
        id: SessionId,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let change = self.cache.change_session(id.0);
        let closed = self.inner.close(user_id, id, sequel).await;
        change.settle(&closed);
        closed
    }

    async fn close_all(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        sequel: &Sequel,
    ) -> Result<u64, StoreError> {
        let change = self.cache.change_person(user_id);
        let closed = self.inner.close_all(user_id, keep, sequel).await;
        change.settle(&closed);
        closed
    }

    async fn purge(&self, expired: Timestamp, idle: Timestamp) -> Result<u64, StoreError> {
        let purged = self.inner.purge(expired, idle).await;
        // What it removed is over in memory as well, except in what is remembered of its use.
        self.cache.forget();
        purged
    }
}
