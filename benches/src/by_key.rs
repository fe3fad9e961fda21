//! One statement by key on MariaDB, the session and its person, told as JSON: what a read costs.

use actix_web::error::ErrorInternalServerError;
use actix_web::web::{self, Data, ServiceConfig, get};
use actix_web::{HttpResponse, Result as Answer};
use chrono::NaiveDateTime;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{
    ExpressionMethods, JoinOnDsl, MysqlConnection, QueryDsl, QueryResult, Queryable, RunQueryDsl,
    Selectable, SelectableHelper,
};
use serde::Serialize;

use crate::Failure;
use crate::arguments::Arguments;
use crate::schema::{sessions, users};
use crate::server::serve;

/// What each request reads, and how long its reply shall be.
struct Question {
    pool: Pool<ConnectionManager<MysqlConnection>>,
    session: Vec<u8>,
    padding: String,
}

/// All of the columns that Doorward reads of a person.
#[derive(Queryable, Selectable, Serialize)]
#[diesel(table_name = users)]
struct Person {
    number: i64,
    #[serde(skip)]
    #[expect(dead_code, reason = "read for its cost alone")]
    id: Vec<u8>,
    username: Option<String>,
    username_key: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    email_verified_at: Option<NaiveDateTime>,
    pending_email: Option<String>,
    pending_email_key: Option<String>,
    mobile: Option<String>,
    mobile_key: Option<String>,
    mobile_verified_at: Option<NaiveDateTime>,
    pending_mobile: Option<String>,
    pending_mobile_key: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    display_key: Option<String>,
    gender: Option<String>,
    facility_id: Option<String>,
    profile_picture: Option<String>,
    consent: bool,
    status: String,
    roles: String,
    #[serde(skip)]
    #[expect(dead_code, reason = "read for its cost alone")]
    password_hash: String,
    epoch: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    version: i64,
    avatar: Option<String>,
}

/// All of the columns of a session.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
#[expect(dead_code, reason = "read for its cost alone")]
struct Session {
    id: Vec<u8>,
    user_id: Vec<u8>,
    epoch: i64,
    door: String,
    transport: String,
    secret_hash: Vec<u8>,
    generation: i64,
    rotated_at: NaiveDateTime,
    address: Option<String>,
    user_agent: Option<String>,
    created_at: NaiveDateTime,
    last_seen_at: NaiveDateTime,
    expires_at: NaiveDateTime,
}

/// A reply as long as Doorward's.
#[derive(Serialize)]
struct Reply<'a> {
    #[serde(flatten)]
    person: &'a Person,
    padding: &'a str,
}

/// Serves the person of one session.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let id = u128::from_str_radix(&arguments.text("session")?.replace('-', ""), 16)?;
    let session = id.to_be_bytes().to_vec();
    let pool = crate::pool::mysql(arguments.text("url")?)?;
    let (_, person) = read(&mut *pool.get()?, &session)?;
    let bare = serde_json::to_vec(&Reply { person: &person, padding: "" })?.len();
    let padding = " ".repeat(arguments.number::<usize>("bytes")?.saturating_sub(bare));
    let question = Data::new(Question { pool, session, padding });
    serve(arguments.number("port")?, move |config: &mut ServiceConfig| {
        config.app_data(question.clone()).route("/v1/users/me", get().to(me));
    })
}

async fn me(question: Data<Question>) -> Answer<HttpResponse> {
    let asked = question.clone();
    let found = web::block(move || {
        let mut connection = asked.pool.get().map_err(|error| error.to_string())?;
        read(&mut connection, &asked.session).map_err(|error| error.to_string())
    });
    let (_, person) = found.await?.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(Reply { person: &person, padding: &question.padding }))
}

fn read(connection: &mut MysqlConnection, id: &[u8]) -> QueryResult<(Session, Person)> {
    sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(sessions::id.eq(id))
        .select((Session::as_select(), Person::as_select()))
        .first(connection)
}
