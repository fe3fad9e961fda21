//! `/v1/books`: adding books, and their list.

use actix_web::HttpRequest;
use actix_web::http::header::ETAG;
use domain::books::BookQuery;

use crate::caller::{Authed, Caller};
use crate::http::search::Search;
use crate::state::ApiState;
use crate::v1::books::tag::tag;
use crate::v1::books::view::{BookPage, BookView};
use crate::v1::books::wire::NewBook;
use crate::v1::cursor;
use crate::v1::members::Members;
use crate::v1::openapi::params::BookListParameters;
use crate::v1::page::PageMark;
use crate::v1::problem::V1;
use crate::v1::query::Query;
use crate::v1::reply::{Answer, created, quoted};

/// Add a book
///
/// Who adds a book may change and remove it, as administrators may. `title` and `author` are needed;
/// there is one copy unless `copies` says otherwise.
#[utoipa::path(
    post, path = "/v1/books", tag = "books", request_body = NewBook,
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 201, description = "The book.", body = BookView,
        headers(("Location"), ("ETag")),
        links(
            ("read" = (operation_id = "get_book", parameters(("id" = "$response.body#/id")))),
            ("change" = (operation_id = "change_book", parameters(("id" = "$response.body#/id")))),
            ("remove" = (operation_id = "delete_book", parameters(("id" = "$response.body#/id")))),
        )
    ))
)]
pub(crate) async fn create_book(state: ApiState, sent: Authed<V1, Members>) -> Answer {
    let new = NewBook::read(sent.body)?;
    let actor = &sent.caller.authenticated.user;
    let book = state.services().books.add(actor, &new).await?;
    let mut reply = created(state.settings(), &format!("/v1/books/{}", book.id));
    Ok(reply.insert_header((ETAG, quoted(&tag(&book)))).json(BookView::from(&book)))
}

/// List books
///
/// A page at a time, in the order they were added. `q` finds any part of a title, author or ISBN;
/// every sign of it stands for itself, and letter case does not count.
#[utoipa::path(
    get, path = "/v1/books", tag = "books", params(BookListParameters),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "A page of books.", body = BookPage, headers(("Link"))
    ))
)]
pub(crate) async fn list_books(
    state: ApiState,
    _: Caller<V1>,
    _: Search<V1>,
    request: HttpRequest,
) -> Answer {
    let mut sent = Query::parse(request.query_string());
    let (query, page) = (BookQuery { part: sent.search("q") }, sent.page(()));
    let sent = sent.finish()?;
    let page = state.services().books.list(&query, &page).await?;
    let mark = PageMark::new(page.next.map(|key| cursor::encode(&key, ())), None);
    let view = BookPage { data: page.items.iter().map(BookView::from).collect(), page: mark };
    Ok(view.page.reply(&view, &format!("{}/v1/books", state.settings().public_url), &sent))
}
