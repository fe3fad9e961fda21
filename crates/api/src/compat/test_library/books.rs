//! The books of door 4.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse};
use domain::books::{Book, BookChange, BookCursor, BookKey, BookQuery, Isbn};
use domain::page::{MAX_LIMIT, PageRequest};
use domain::problem::{Fault, Field, Problem, Thing};
use domain::users::Change;

use super::Reply;
use super::accounts::invalid;
use super::refusals::Library;
use super::wire::{BookOut, result};
use crate::caller::{Authed, Caller};
use crate::compat::fields::{Faults, Fields, Sent};
use crate::compat::people::{hidden, read_limit};
use crate::http::search::Search;
use crate::http::stream;
use crate::refusal::EdgeFault;
use crate::state::ApiState;

const FETCHED: &str = "FETCH ALL SUCCESS";

pub(super) async fn add(state: ApiState, sent: Authed<Library, Fields>) -> Reply {
    let book = change(&sent.body)?;
    let book = state.services().books.add(&sent.caller.authenticated.user, &book).await?;
    Ok(result(StatusCode::CREATED, "SUCCESS: ADD BOOK", BookOut::from(&book)))
}

pub(super) async fn list(
    state: ApiState,
    _: Caller<Library>,
    _: Search<Library>,
    request: HttpRequest,
) -> Reply {
    let asked = Asked::read(request.query_string())?;
    let (books, query) = (Arc::clone(&state.services().books), asked.query);
    if let Some(page) = asked.page {
        let (limit, page) = (page.limit(), books.list(&query, &page).await?);
        let shown: Vec<BookOut<'_>> = page.items.iter().map(BookOut::from).collect();
        let mut reply = result(StatusCode::OK, FETCHED, shown);
        if let Some(next) = page.next {
            reply.headers_mut().insert(LINK, next_page(&state, &query, limit, next)?);
        }
        return Ok(reply);
    }
    let first = books.list(&query, &PageRequest::first(MAX_LIMIT)).await?;
    let head = format!(r#"{{"message":"{FETCHED}","result":["#);
    let row = |book: &Book| serde_json::to_vec(&BookOut::from(book));
    Ok(stream::list(head, r#"],"status":200}"#, first, row, move |key| {
        let (books, query) = (Arc::clone(&books), query.clone());
        async move { books.list(&query, &PageRequest::after(MAX_LIMIT, key)).await }
    }))
}

/// `rel="next"` (RFC 8288).
fn next_page(
    state: &ApiState,
    query: &BookQuery,
    limit: usize,
    next: BookCursor,
) -> Result<HeaderValue, EdgeFault> {
    let mut asked = form_urlencoded::Serializer::new(String::new());
    asked.extend_pairs(query.part.iter().map(|part| ("q", part)));
    asked.append_pair("limit", &limit.to_string());
    let asked = asked.append_pair("cursor", &next.number.to_string()).finish();
    let link = format!("<{}/books/getall?{asked}>; rel=\"next\"", state.settings().public_url);
    HeaderValue::from_str(&link).map_err(|_| EdgeFault::Internal)
}

/// What the list is asked for by `q`, `limit` and `cursor`, the latter the `id` of the last book seen.
struct Asked {
    query: BookQuery,
    page: Option<PageRequest<BookCursor>>,
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let (mut part, mut limit, mut after) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "q" if value.contains('\0') => {
                    return Err(invalid(Field::Title, Fault::ControlCharacter));
                }
                "q" => part = Some(value.into_owned()),
                "limit" => limit = Some(read_limit(&value)?),
                "cursor" => {
                    let number =
                        value.parse().map_err(|_| invalid(Field::Cursor, Fault::BadCursor))?;
                    after = Some(BookCursor { number });
                }
                _ => {}
            }
        }
        let page = match (limit, after) {
            (None, None) => None,
            (limit, None) => limit.map(PageRequest::first),
            (limit, Some(key)) => Some(PageRequest::after(limit.unwrap_or(MAX_LIMIT), key)),
        };
        Ok(Self { query: BookQuery { part }, page })
    }
}

pub(super) async fn by_id(state: ApiState, _: Caller<Library>, request: HttpRequest) -> Reply {
    let book = state.services().books.find(&number(&request)?).await?;
    Ok(about("SUCCESS: GET BY ID", &book))
}

pub(super) async fn by_isbn(state: ApiState, _: Caller<Library>, request: HttpRequest) -> Reply {
    let isbn = request.match_info().get("isbn").and_then(|text| Isbn::parse(text).ok());
    let key = isbn.map(BookKey::Isbn).ok_or(Problem::NotFound(Thing::Book))?;
    Ok(about("SUCCESS: GET BY ISBN", &state.services().books.find(&key).await?))
}

pub(super) async fn update(
    state: ApiState,
    sent: Authed<Library, Fields>,
    request: HttpRequest,
) -> Reply {
    let as_other = |problem| hidden(&state, problem, Problem::NotYours(Thing::Book));
    let (actor, key) = (&sent.caller.authenticated.user, number(&request).map_err(as_other)?);
    let change = change(&sent.body)?;
    let changed = state.services().books.change(actor, &key, None, &change).await;
    let book = changed.map_err(as_other)?;
    Ok(about("SUCCESS: UPDATE BOOK", &book))
}

pub(super) async fn delete(
    state: ApiState,
    caller: Caller<Library>,
    request: HttpRequest,
) -> Reply {
    let as_other = |problem| hidden(&state, problem, Problem::NotYours(Thing::Book));
    let (actor, key) = (&caller.authenticated.user, number(&request).map_err(as_other)?);
    let book = state.services().books.delete(actor, &key, None).await.map_err(as_other)?;
    Ok(about("SUCCESS: DELETE BOOK", &book))
}

fn about(message: &str, book: &Book) -> HttpResponse {
    result(StatusCode::OK, message, BookOut::from(book))
}

fn number(request: &HttpRequest) -> Result<BookKey, Problem> {
    let number = request.match_info().get("id").and_then(|text| text.parse().ok());
    number.map(BookKey::Number).ok_or(Problem::NotFound(Thing::Book))
}

/// What was sent of a book. An empty text takes away what may be absent, since forms know no null.
fn change(fields: &Fields) -> Result<BookChange, Problem> {
    let mut faults = Faults::default();
    let change = BookChange {
        title: faults.take(Field::Title, fields.change("title")).unwrap_or_default(),
        author: faults.take(Field::Author, fields.change("author")).unwrap_or_default(),
        isbn: faults.take(Field::Isbn, isbn(fields)).unwrap_or_default(),
        published_year: faults
            .take(Field::PublishedYear, number_of(fields, "published_year", true))
            .unwrap_or_default(),
        copies: faults.take(Field::Copies, number_of(fields, "copies", false)).unwrap_or_default(),
    };
    if faults.0.is_empty() { Ok(change) } else { Err(Problem::Invalid(faults.0)) }
}

fn isbn(fields: &Fields) -> Result<Change<String>, Fault> {
    match fields.sent("isbn") {
        Sent::Missing => Ok(Change::Keep),
        Sent::Null => Ok(Change::Clear),
        Sent::NotText => Err(Fault::NotText),
        Sent::Text(text) if text.is_empty() => Ok(Change::Clear),
        Sent::Text(text) => Ok(Change::Set(text)),
    }
}

fn number_of(fields: &Fields, name: &str, clears: bool) -> Result<Change<i64>, Fault> {
    let sent = fields.value(name).is_some();
    Ok(match fields.integer(name)? {
        Some(number) => Change::Set(number),
        None if sent && clears => Change::Clear,
        None => Change::Keep,
    })
}
