//! One durable, conditional UPDATE of a session on SQLite: what a rotation costs at the least.

use actix_web::error::{ErrorConflict, ErrorInternalServerError};
use actix_web::web::{self, Data, Json, ServiceConfig, post};
use actix_web::{HttpResponse, Result as Answer};
use chrono::Utc;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl, SqliteConnection};
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::arguments::Arguments;
use crate::schema::sqlite::sessions;
use crate::server::serve;

/// Where each request writes, and how long its reply shall be.
struct Place {
    pool: Pool<ConnectionManager<SqliteConnection>>,
    bytes: usize,
}

/// What a caller sends: the session's id and what its secret column holds, both in hexadecimal.
#[derive(Deserialize)]
struct Refresh {
    refresh_token: String,
}

/// What a caller gets: what the secret column holds now.
#[derive(Serialize)]
struct Refreshed {
    refresh_token: String,
    padding: String,
}

/// Serves rotations of the sessions in a copy of Doorward's database.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let pool = crate::pool::sqlite(arguments.text("file")?)?;
    let place = Data::new(Place { pool, bytes: arguments.number("bytes")? });
    serve(arguments.number("port")?, move |config: &mut ServiceConfig| {
        config.app_data(place.clone()).route("/v1/sessions/refresh", post().to(refresh));
    })
}

async fn refresh(place: Data<Place>, sent: Json<Refresh>) -> Answer<HttpResponse> {
    let (id, spent) = sent.refresh_token.split_once('.').ok_or_else(|| ErrorConflict("a token"))?;
    let (Some(id), Some(spent)) = (bytes(id), bytes(spent)) else {
        return Err(ErrorConflict("a token"));
    };
    let next = successor(&spent);
    let refresh_token = format!("{}.{}", hexadecimal(&id), hexadecimal(&next));
    let writes = place.clone();
    let done = web::block(move || {
        let mut connection = writes.pool.get().map_err(|error| error.to_string())?;
        rotate(&mut connection, &id, &spent, &next).map_err(|error| error.to_string())
    });
    if done.await?.map_err(ErrorInternalServerError)? != 1 {
        return Err(ErrorConflict("spent already"));
    }
    // What JSON puts around the two members.
    let bare = refresh_token.len() + r#"{"refresh_token":"","padding":""}"#.len();
    let padding = " ".repeat(place.bytes.saturating_sub(bare));
    Ok(HttpResponse::Ok().json(Refreshed { refresh_token, padding }))
}

fn rotate(
    connection: &mut SqliteConnection,
    id: &[u8],
    spent: &[u8],
    next: &[u8],
) -> QueryResult<usize> {
    let now = Utc::now().format("%F %T%.6f").to_string();
    let row = sessions::table.find(id).filter(sessions::secret_hash.eq(spent));
    let change = (
        sessions::secret_hash.eq(next),
        sessions::generation.eq(sessions::generation + 1),
        sessions::rotated_at.eq(&now),
        sessions::last_seen_at.eq(&now),
    );
    diesel::update(row).set(change).execute(connection)
}

/// The next value: anything that differs will do.
fn successor(spent: &[u8]) -> Vec<u8> {
    let mut next = spent.to_vec();
    for byte in next.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    next
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
