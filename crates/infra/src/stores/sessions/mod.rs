//! Sessions in a table.

mod row;

use async_trait::async_trait;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult,
    RunQueryDsl, SelectableHelper,
};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::sessions::{
    LastUse, Rotation, Session, SessionCursor, SessionFilter, SessionId, SessionStore,
};
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{User, UserId};

use super::users::UserRow;
use super::{PURGE_LIMIT, post, rows};
use crate::db::{AnyConnection, Database, Moment, sessions, steady_update, users};
use row::SessionRow;

pub(super) struct Sessions(pub(super) Database);

#[async_trait]
impl SessionStore for Sessions {
    async fn open(&self, session: &Session, sequel: &Sequel) -> Result<bool, StoreError> {
        let (row, sequel) = (SessionRow::from(session), sequel.clone());
        let opened = self.0.transact(move |connection| {
            match diesel::insert_into(sessions::table).values(&row).execute(connection) {
                Ok(_) => post::keep(connection, &sequel).map(|()| true),
                // The person is gone: nothing else is referred to.
                Err(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => Ok(false),
                Err(error) => Err(error),
            }
        });
        opened.await
    }

    async fn find(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
        let found = self.0.read(move |connection| {
            let with_person = sessions::table
                .inner_join(users::table.on(users::id.eq(sessions::user_id)))
                .filter(sessions::id.eq(bytes(&id)))
                .select((SessionRow::as_select(), UserRow::as_select()));
            let found: Option<(SessionRow, UserRow)> =
                with_person.get_result(connection).optional()?;
            let Some((session, user)) = found else { return Ok(None) };
            Ok(Some((session.into_session()?, user.into_user()?)))
        });
        found.await
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<bool, StoreError> {
        let rotation = rotation.clone();
        let rotated = self.0.transact(move |connection| {
            let spent = sessions::secret_hash.eq(rotation.spent.0.as_slice());
            let change = (
                sessions::secret_hash.eq(rotation.next.0.as_slice()),
                sessions::generation.eq(sessions::generation + 1),
                sessions::rotated_at.eq(Moment::from(rotation.at)),
                sessions::last_seen_at.eq(Moment::from(rotation.at)),
            );
            let row = sessions::id.eq(bytes(&rotation.id)).and(spent);
            if steady_update(sessions::table, change, row).execute(connection)? == 0 {
                return Ok(false);
            }
            post::keep(connection, &rotation.sequel)?;
            Ok(true)
        });
        rotated.await
    }

    async fn touch(&self, uses: &[LastUse]) -> Result<u64, StoreError> {
        let uses = uses.to_vec();
        let touched = self.0.transact(move |connection| {
            let mut written = 0;
            for last in &uses {
                let unseen = sessions::last_seen_at.le(Moment::from(last.unless_since));
                let row = sessions::id.eq(bytes(&last.session)).and(unseen);
                let seen = sessions::last_seen_at.eq(Moment::from(last.at));
                written += steady_update(sessions::table, seen, row).execute(connection)?;
            }
            Ok(written)
        });
        touched.await.map(rows)
    }

    async fn list(
        &self,
        of: &SessionFilter,
        page: &PageRequest<SessionCursor>,
    ) -> Result<Page<Session, SessionCursor>, StoreError> {
        let (of, page) = (of.clone(), *page);
        self.0.read(move |connection| list(connection, &of, &page)).await
    }

    async fn close(
        &self,
        user_id: UserId,
        id: SessionId,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let sequel = sequel.clone();
        let closed = self.0.transact(move |connection| {
            let owned = sessions::user_id.eq(user_id.0.as_bytes().as_slice());
            let row = sessions::table.find(bytes(&id)).filter(owned);
            if diesel::delete(row).execute(connection)? == 0 {
                return Ok(false);
            }
            post::keep(connection, &sequel)?;
            Ok(true)
        });
        closed.await
    }

    async fn close_all(
        &self,
        user_id: UserId,
        keep: Option<SessionId>,
        sequel: &Sequel,
    ) -> Result<u64, StoreError> {
        let sequel = sequel.clone();
        let closed = self.0.transact(move |connection| {
            post::keep(connection, &sequel)?;
            let owned = sessions::user_id.eq(user_id.0.as_bytes().as_slice());
            let all = sessions::table.filter(owned);
            match &keep {
                Some(keep) => {
                    diesel::delete(all.filter(sessions::id.ne(bytes(keep)))).execute(connection)
                }
                None => diesel::delete(all).execute(connection),
            }
        });
        closed.await.map(rows)
    }

    async fn purge(&self, expired: Timestamp, idle: Timestamp) -> Result<u64, StoreError> {
        let (expired, idle) = (Moment::from(expired), Moment::from(idle));
        let purged = self.0.write(move |connection| {
            let over = sessions::expires_at.lt(expired).or(sessions::last_seen_at.lt(idle));
            let ids = sessions::table.select(sessions::id).filter(over).limit(PURGE_LIMIT);
            let ids = ids.load::<Vec<u8>>(connection)?;
            // Asked again, since a session may have been used meanwhile.
            let over = sessions::table.filter(sessions::id.eq_any(ids)).filter(over);
            diesel::delete(over).execute(connection)
        });
        purged.await.map(rows)
    }
}

fn list(
    connection: &mut AnyConnection,
    of: &SessionFilter,
    page: &PageRequest<SessionCursor>,
) -> QueryResult<Page<Session, SessionCursor>> {
    let mut open = sessions::table
        .filter(sessions::user_id.eq(of.user_id.0.as_bytes().as_slice()))
        .filter(sessions::epoch.eq(of.epoch))
        .filter(sessions::expires_at.gt(Moment::from(of.now)))
        .filter(sessions::last_seen_at.gt(Moment::from(of.idle_since)))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .select(SessionRow::as_select())
        .into_boxed();
    if let Some(SessionCursor { created_at, id }) = &page.after {
        // The first condition is the start of the index range; the second leaves out what was seen
        // of the cursor's own moment.
        let at = Moment::from(*created_at);
        let unseen = sessions::created_at.lt(at).or(sessions::id.lt(bytes(id)));
        open = open.filter(sessions::created_at.le(at)).filter(unseen);
    }
    let surplus = i64::try_from(page.limit() + 1).unwrap_or(i64::MAX);
    let rows: Vec<SessionRow> = open.limit(surplus).load(connection)?;
    let rows: Vec<Session> =
        rows.into_iter().map(SessionRow::into_session).collect::<Result<_, _>>()?;
    Ok(Page::from_surplus(rows, page.limit(), |session| SessionCursor::from(session)))
}

fn bytes(id: &SessionId) -> &[u8] {
    id.0.as_bytes()
}
