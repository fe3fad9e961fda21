//! A session as a row.

use diesel::{Insertable, QueryResult, Queryable, Selectable};
use domain::sessions::{Door, Session, SessionId, TokenHash, Transport};
use domain::users::UserId;

use crate::db::{Moment, MultiBackend, sessions};
use crate::stores::row::{Corrupt, uuid};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub(super) struct SessionRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    epoch: i64,
    door: String,
    transport: String,
    secret_hash: Vec<u8>,
    generation: i64,
    rotated_at: Moment,
    address: Option<String>,
    user_agent: Option<String>,
    created_at: Moment,
    last_seen_at: Moment,
    expires_at: Moment,
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.0.into(),
            user_id: session.user_id.0.into(),
            epoch: session.epoch,
            door: session.door.name().into(),
            transport: session.transport.name().into(),
            secret_hash: session.secret_hash.0.to_vec(),
            generation: session.generation,
            rotated_at: session.rotated_at.into(),
            address: session.address.map(|address| address.to_string()),
            user_agent: session.user_agent.clone(),
            created_at: session.created_at.into(),
            last_seen_at: session.last_seen_at.into(),
            expires_at: session.expires_at.into(),
        }
    }
}

impl SessionRow {
    /// The session, unless the row holds what no version of this program wrote.
    pub(super) fn into_session(self) -> QueryResult<Session> {
        let address = self.address.map(|address| address.parse()).transpose();
        let secret_hash =
            self.secret_hash.try_into().map_err(|_| Corrupt("sessions.secret_hash"))?;
        Ok(Session {
            id: SessionId(uuid("sessions.id", &self.id)?),
            user_id: UserId(uuid("sessions.user_id", &self.user_id)?),
            epoch: self.epoch,
            door: Door::from_name(&self.door).ok_or(Corrupt("sessions.door"))?,
            transport: Transport::from_name(&self.transport)
                .ok_or(Corrupt("sessions.transport"))?,
            secret_hash: TokenHash(secret_hash),
            generation: self.generation,
            rotated_at: self.rotated_at.into(),
            address: address.map_err(|_| Corrupt("sessions.address"))?,
            user_agent: self.user_agent,
            created_at: self.created_at.into(),
            last_seen_at: self.last_seen_at.into(),
            expires_at: self.expires_at.into(),
        })
    }
}
