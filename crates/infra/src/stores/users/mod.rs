//! People in tables.

mod directory;
mod row;

use async_trait::async_trait;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
};
use domain::page::{Page, PageRequest};
use domain::post::Sequel;
use domain::store::StoreError;
use domain::time::Timestamp;
use domain::users::{
    DirectoryFilter, DirectoryQuery, MatchCursor, PasswordChange, PasswordHash, Prefix, Role,
    Status, User, UserCursor, UserId, UserKey, UserStore,
};

use crate::db::{AnyConnection, Database, Moment, sessions, users};
use directory::Few;
use row::PersonRow;
pub(super) use row::UserRow;

use crate::stores::{addresses, audit, post};

pub(super) struct Users(pub(super) Database);

#[async_trait]
impl UserStore for Users {
    async fn add(&self, user: &User, sequel: &Sequel) -> Result<i64, StoreError> {
        let (id, person) = (user.id, PersonRow::from(user));
        let sequel = sequel.clone();
        let password_hash = user.password_hash.clone();
        let added = self.0.transact(move |connection| {
            let id = users::id.eq(bytes(&id));
            let password_hash = users::password_hash.eq(password_hash.expose());
            let row = (id, password_hash, &person);
            diesel::insert_into(users::table).values(row).execute(connection)?;
            post::keep(connection, &sequel)?;
            users::table.select(users::number).filter(id).get_result(connection)
        });
        added.await
    }

    async fn find(&self, key: &UserKey) -> Result<Option<User>, StoreError> {
        let key = key.clone();
        let found = self.0.read(move |connection| {
            let people = users::table.into_boxed();
            let people = match &key {
                UserKey::Id(id) => people.filter(users::id.eq(bytes(id))),
                UserKey::Number(number) => people.filter(users::number.eq(number)),
                UserKey::Username(name) => people.filter(users::username_key.eq(name.key())),
                UserKey::Email(email) => people.filter(users::email_key.eq(email.key())),
                UserKey::Mobile(mobile) => people.filter(users::mobile_key.eq(mobile.key())),
            };
            let row = people.select(UserRow::as_select()).get_result(connection).optional()?;
            row.map(UserRow::into_user).transpose()
        });
        found.await
    }

    async fn replace(&self, user: &User, sequel: &Sequel) -> Result<bool, StoreError> {
        let sequel = sequel.clone();
        let (id, epoch, person) = (user.id, user.epoch, PersonRow::from(user));
        let Some(version) = user.version.checked_sub(1) else { return Ok(false) };
        let replaced = self.0.transact(move |connection| {
            let row = users::table.filter(users::id.eq(bytes(&id)));
            let row = row.filter(users::version.eq(version));
            if diesel::update(row).set(&person).execute(connection)? == 0 {
                return Ok(false);
            }
            let dead = sessions::table.filter(sessions::user_id.eq(bytes(&id)));
            let dead = dead.filter(sessions::epoch.ne(epoch));
            diesel::delete(dead).execute(connection)?;
            post::keep(connection, &sequel)?;
            Ok(true)
        });
        replaced.await
    }

    async fn change_password(&self, change: &PasswordChange) -> Result<bool, StoreError> {
        let change = change.clone();
        self.0.transact(move |connection| change_password(connection, &change)).await
    }

    async fn rehash(
        &self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StoreError> {
        let (old, new) = (old.clone(), new.clone());
        let rehashed = self.0.write(move |connection| {
            let row = users::table.filter(users::id.eq(bytes(&id)));
            let row = row.filter(users::password_hash.eq(old.expose()));
            let new = users::password_hash.eq(new.expose());
            Ok(diesel::update(row).set(new).execute(connection)? == 1)
        });
        rehashed.await
    }

    async fn set_status(
        &self,
        id: UserId,
        status: Status,
        at: Timestamp,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let sequel = sequel.clone();
        let ends_sessions = status != Status::Active;
        let set = self.0.transact(move |connection| {
            let row = users::table.filter(users::id.eq(bytes(&id)));
            let change = (
                users::status.eq(status.name()),
                users::epoch.eq(users::epoch + i64::from(ends_sessions)),
                users::version.eq(users::version + 1),
                users::updated_at.eq(Moment::from(at)),
            );
            if diesel::update(row).set(change).execute(connection)? == 0 {
                return Ok(false);
            }
            if ends_sessions {
                let all = sessions::table.filter(sessions::user_id.eq(bytes(&id)));
                diesel::delete(all).execute(connection)?;
            }
            post::keep(connection, &sequel)?;
            Ok(true)
        });
        set.await
    }

    async fn delete(
        &self,
        id: UserId,
        version: Option<i64>,
        sequel: &Sequel,
    ) -> Result<bool, StoreError> {
        let sequel = sequel.clone();
        let deleted = self.0.transact(move |connection| {
            // The sessions go with their person: ON DELETE CASCADE.
            let row = users::table.filter(users::id.eq(bytes(&id)));
            let rows = match version {
                Some(version) => {
                    diesel::delete(row.filter(users::version.eq(version))).execute(connection)
                }
                None => diesel::delete(row).execute(connection),
            };
            if rows? == 0 {
                return Ok(false);
            }
            audit::erase(connection, id)?;
            post::keep(connection, &sequel)?;
            Ok(true)
        });
        deleted.await
    }

    async fn list(
        &self,
        query: &DirectoryQuery,
        page: &PageRequest<UserCursor>,
    ) -> Result<Page<User, UserCursor>, StoreError> {
        let (query, page) = (query.clone(), *page);
        self.0.read(move |connection| directory::page(connection, Few::USUAL, &query, &page)).await
    }

    async fn search(
        &self,
        prefix: &Prefix,
        filter: &DirectoryFilter,
        page: &PageRequest<MatchCursor>,
    ) -> Result<Page<User, MatchCursor>, StoreError> {
        let (prefix, filter, page) = (prefix.clone(), filter.clone(), page.clone());
        let found = self.0.read(move |connection| {
            directory::search(connection, Few::USUAL, &prefix, &filter, &page)
        });
        found.await
    }

    async fn count(&self, query: &DirectoryQuery) -> Result<u64, StoreError> {
        let query = query.clone();
        let count =
            self.0.read(move |connection| directory::count(connection, Few::USUAL, &query)).await?;
        u64::try_from(count).map_err(StoreError::unavailable)
    }

    async fn has_admin(&self) -> Result<bool, StoreError> {
        let found = self.0.read(|connection| {
            let admins = directory::with_role(users::table.into_boxed(), Role::Admin);
            let admins = admins.filter(users::status.eq(Status::Active.name()));
            admins.select(users::number).limit(1).load::<i64>(connection)
        });
        Ok(!found.await?.is_empty())
    }
}

fn change_password(connection: &mut AnyConnection, change: &PasswordChange) -> QueryResult<bool> {
    let id = users::id.eq(bytes(&change.user_id));
    let verified = users::password_hash.eq(change.old_hash.expose());
    let set = (
        users::password_hash.eq(change.new_hash.expose()),
        users::epoch.eq(users::epoch + 1),
        users::version.eq(users::version + 1),
        users::updated_at.eq(Moment::from(change.at)),
    );
    let row = users::table.filter(id).filter(verified);
    if diesel::update(row).set(set).execute(connection)? == 0 {
        return Ok(false);
    }
    addresses::end_sessions(connection, change.user_id, change.keep)?;
    post::keep(connection, &change.sequel)?;
    Ok(true)
}

fn bytes(id: &UserId) -> &[u8] {
    id.0.as_bytes()
}
