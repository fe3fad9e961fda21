//! What happened, in a table that grows.

mod row;

use async_trait::async_trait;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    RunQueryDsl, SelectableHelper,
};
use domain::audit::{AuditCursor, AuditQuery, AuditStore, Event, Head, Link, LinkHash, Recorded};
use domain::page::{Page, PageRequest};
use domain::store::StoreError;
use domain::users::UserId;

use crate::db::{AnyConnection, Database, Moment, audit_events, audit_heads, steady_update};
use row::{EventRow, array};

/// The one row that says where the chain ends.
const HEAD: i64 = 1;

pub(super) struct Events(pub(super) Database);

/// Keeps an event, in the transaction of what it records.
pub(super) fn record(connection: &mut AnyConnection, event: &Event) -> QueryResult<()> {
    let row = EventRow::from(event);
    diesel::insert_into(audit_events::table).values(row).execute(connection).map(drop)
}

/// Takes away what points to a person in what happened.
pub(super) fn erase(connection: &mut AnyConnection, id: UserId) -> QueryResult<()> {
    let bytes = id.0.as_bytes().as_slice();
    let nothing = (
        audit_events::address.eq(None::<String>),
        audit_events::user_agent.eq(None::<String>),
        audit_events::salt.eq(None::<Vec<u8>>),
    );
    // Two statements: each finds its rows by an index on every engine.
    let done = audit_events::table.filter(audit_events::actor_id.eq(bytes));
    diesel::update(done).set(nothing.clone()).execute(connection)?;
    let suffered = audit_events::table.filter(audit_events::subject_id.eq(bytes));
    diesel::update(suffered).set(nothing).execute(connection).map(drop)
}

#[async_trait]
impl AuditStore for Events {
    async fn append(&self, event: &Event) -> Result<(), StoreError> {
        let event = event.clone();
        self.0.write(move |connection| record(connection, &event)).await
    }

    async fn pending(&self, limit: u16) -> Result<Vec<Event>, StoreError> {
        let pending = self.0.read(move |connection| {
            let rows = audit_events::table
                .filter(audit_events::sequence.is_null())
                .order(audit_events::id)
                .limit(limit.into())
                .select(EventRow::as_select())
                .load(connection)?;
            // What another version wrote and this one cannot read is left to be chained by that one.
            let readable = rows.into_iter().filter_map(|row| row.into_recorded().ok());
            Ok(readable.map(|recorded| recorded.event).collect())
        });
        pending.await
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.0.read(head).await
    }

    async fn link(&self, from: &Head, links: &[Link]) -> Result<bool, StoreError> {
        let (from, links) = (*from, links.to_vec());
        self.0.transact(move |connection| link(connection, &from, &links)).await
    }

    async fn chained(&self, after: i64, limit: u16) -> Result<Vec<Recorded>, StoreError> {
        let chained = self.0.read(move |connection| {
            let rows = audit_events::table
                .filter(audit_events::sequence.gt(after))
                .order(audit_events::sequence)
                .limit(limit.into())
                .select(EventRow::as_select())
                .load(connection)?;
            rows.into_iter().map(EventRow::into_recorded).collect::<QueryResult<_>>()
        });
        chained.await
    }

    async fn list(
        &self,
        query: &AuditQuery,
        page: &PageRequest<AuditCursor>,
    ) -> Result<Page<Recorded, AuditCursor>, StoreError> {
        let (query, page) = (query.clone(), *page);
        self.0.read(move |connection| list(connection, &query, &page)).await
    }
}

fn head(connection: &mut AnyConnection) -> QueryResult<Head> {
    let row = audit_heads::table.find(HEAD);
    let row = row.select((audit_heads::sequence, audit_heads::link_hash));
    let Some((sequence, hash)) = row.get_result::<(i64, Vec<u8>)>(connection).optional()? else {
        return Ok(Head::start());
    };
    Ok(Head { sequence, hash: LinkHash(array("audit_heads.link_hash", hash)?) })
}

/// Moves the end first: who finds it elsewhere has written nothing.
fn link(connection: &mut AnyConnection, from: &Head, links: &[Link]) -> QueryResult<bool> {
    let Some(last) = links.last() else { return Ok(true) };
    if !advance(connection, from, last)? {
        return Ok(false);
    }
    // Whoever holds the end's row is the only one who chains.
    let ids: Vec<Vec<u8>> = links.iter().map(|link| link.id.0.as_bytes().to_vec()).collect();
    let pending = audit_events::table.filter(audit_events::id.eq_any(ids));
    let pending = pending.filter(audit_events::sequence.is_null()).select(audit_events::id);
    if pending.load::<Vec<u8>>(connection)?.len() != links.len() {
        return retreat(connection, from).map(|()| false);
    }
    for link in links {
        let id = audit_events::id.eq(link.id.0.as_bytes().as_slice());
        let event = id.and(audit_events::sequence.is_null());
        let place = (
            audit_events::sequence.eq(Some(link.sequence)),
            audit_events::link_hash.eq(Some(link.hash.0.as_slice())),
        );
        if steady_update(audit_events::table, place, event).execute(connection)? != 1 {
            // It is gone, or chained although the end was where it was: all of this is undone.
            return Err(Error::NotFound);
        }
    }
    Ok(true)
}

/// Moves the end back to where it was.
fn retreat(connection: &mut AnyConnection, from: &Head) -> QueryResult<()> {
    let row = audit_heads::table.find(HEAD);
    if *from == Head::start() {
        return diesel::delete(row).execute(connection).map(drop);
    }
    let end = (
        audit_heads::sequence.eq(from.sequence),
        audit_heads::link_hash.eq(from.hash.0.as_slice()),
    );
    diesel::update(row).set(end).execute(connection).map(drop)
}

fn advance(connection: &mut AnyConnection, from: &Head, last: &Link) -> QueryResult<bool> {
    let end = (
        audit_heads::sequence.eq(last.sequence),
        audit_heads::link_hash.eq(last.hash.0.as_slice()),
    );
    if *from == Head::start() {
        let first = (audit_heads::id.eq(HEAD), end);
        return match diesel::insert_into(audit_heads::table).values(first).execute(connection) {
            Ok(_) => Ok(true),
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
            Err(error) => Err(error),
        };
    }
    let sequence = audit_heads::sequence.eq(from.sequence);
    let end_is_there = sequence.and(audit_heads::link_hash.eq(from.hash.0.as_slice()));
    let unmoved = audit_heads::id.eq(HEAD).and(end_is_there);
    Ok(steady_update(audit_heads::table, end, unmoved).execute(connection)? == 1)
}

fn list(
    connection: &mut AnyConnection,
    query: &AuditQuery,
    page: &PageRequest<AuditCursor>,
) -> QueryResult<Page<Recorded, AuditCursor>> {
    let mut found = audit_events::table
        .order((audit_events::occurred_at.desc(), audit_events::id.desc()))
        .select(EventRow::as_select())
        .into_boxed();
    if let Some(id) = query.actor {
        found = found.filter(audit_events::actor_id.eq(id.0.as_bytes().to_vec()));
    }
    if let Some(id) = query.subject {
        found = found.filter(audit_events::subject_id.eq(id.0.as_bytes().to_vec()));
    }
    if let Some(action) = query.action {
        found = found.filter(audit_events::action.eq(action.name()));
    }
    if let Some(outcome) = query.outcome {
        found = found.filter(audit_events::outcome.eq(outcome.name()));
    }
    if let Some(id) = &query.request_id {
        found = found.filter(audit_events::request_id.eq(id.clone()));
    }
    if let Some(from) = query.from {
        found = found.filter(audit_events::occurred_at.ge(Moment::from(from)));
    }
    if let Some(before) = query.before {
        found = found.filter(audit_events::occurred_at.lt(Moment::from(before)));
    }
    if let Some(AuditCursor { at, id }) = page.after {
        let at = Moment::from(at);
        let unseen =
            audit_events::occurred_at.lt(at).or(audit_events::id.lt(id.0.as_bytes().to_vec()));
        found = found.filter(audit_events::occurred_at.le(at)).filter(unseen);
    }
    let surplus = i64::try_from(page.limit() + 1).unwrap_or(i64::MAX);
    let rows: Vec<EventRow> = found.limit(surplus).load(connection)?;
    let events: Vec<Recorded> =
        rows.into_iter().map(EventRow::into_recorded).collect::<Result<_, _>>()?;
    Ok(Page::from_surplus(events, page.limit(), |recorded| AuditCursor::from(recorded)))
}
