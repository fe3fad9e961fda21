//! `/v1/books/{id}`: one book, read, changed and removed.

use actix_web::{HttpRequest, HttpResponse};
use domain::books::BookKey;

use crate::caller::{Authed, Caller};
use crate::state::ApiState;
use crate::v1::books::tag::{insisted, tag};
use crate::v1::books::view::BookView;
use crate::v1::books::wire::BookPatch;
use crate::v1::etag::{if_match, if_none_match};
use crate::v1::members::Members;
use crate::v1::openapi::params::{BookIdParameter, IfMatch, IfNoneMatch};
use crate::v1::path::book_id;
use crate::v1::problem::V1;
use crate::v1::reply::{Answer, UNSTORED, tagged};

/// Read a book
#[utoipa::path(
    get, path = "/v1/books/{id}", tag = "books", params(BookIdParameter, IfNoneMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The book.", body = BookView, headers(("ETag"))),
        (status = 304, description = "The caller has it already.", headers(("ETag"))),
    )
)]
pub(crate) async fn get_book(state: ApiState, _: Caller<V1>, request: HttpRequest) -> Answer {
    let unless = if_none_match(&request)?;
    let key = BookKey::Id(book_id(&request)?);
    let book = state.services().books.find(&key).await?;
    Ok(tagged(&BookView::from(&book), &tag(&book), unless.as_ref(), UNSTORED))
}

/// Change a book
///
/// For who added it and for administrators. A merge-patch (RFC 7396): what is absent stays, null
/// clears `isbn` and `published_year`.
#[utoipa::path(
    patch, path = "/v1/books/{id}", tag = "books", params(BookIdParameter, IfMatch),
    request_body(content((BookPatch = "application/merge-patch+json"), (BookPatch = "application/json"))),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The book as it is now.", body = BookView, headers(("ETag"))))
)]
pub(crate) async fn change_book(
    state: ApiState,
    sent: Authed<V1, Members>,
    request: HttpRequest,
) -> Answer {
    let condition = if_match(&request, state.settings().require_if_match)?;
    let (key, books) = (BookKey::Id(book_id(&request)?), &state.services().books);
    let change = BookPatch::read(sent.body)?;
    let version = insisted(books, &key, condition.as_ref()).await?;
    let actor = &sent.caller.authenticated.user;
    let book = books.change(actor, &key, version, &change).await?;
    Ok(tagged(&BookView::from(&book), &tag(&book), None, UNSTORED))
}

/// Remove a book
///
/// For who added it and for administrators.
#[utoipa::path(
    delete, path = "/v1/books/{id}", tag = "books", params(BookIdParameter, IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The book is removed."))
)]
pub(crate) async fn delete_book(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let condition = if_match(&request, state.settings().require_if_match)?;
    let (key, books) = (BookKey::Id(book_id(&request)?), &state.services().books);
    let version = insisted(books, &key, condition.as_ref()).await?;
    books.delete(&caller.authenticated.user, &key, version).await?;
    Ok(HttpResponse::NoContent().finish())
}
