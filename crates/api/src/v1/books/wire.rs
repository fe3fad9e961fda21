//! What callers send about books, and the schemas of it.

use std::borrow::Cow;

use domain::books::BookChange;
use domain::problem::Field;
use domain::users::Change;
use serde_json::json;
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::v1::fault::V1Fault;
use crate::v1::members::Members;
use crate::v1::openapi::limits::{self, nullable};

/// The body of `POST /v1/books`.
pub(crate) struct NewBook;

impl NewBook {
    /// Takes what was sent; the domain judges it.
    pub(crate) fn read(mut members: Members) -> Result<BookChange, V1Fault> {
        let new = BookChange {
            title: members.change(Field::Title),
            author: members.change(Field::Author),
            isbn: members.change(Field::Isbn),
            published_year: members.number_change(Field::PublishedYear),
            copies: members.number(Field::Copies).map_or(Change::Keep, Change::Set),
        };
        members.finish(Some(new))
    }
}

/// The body of `PATCH /v1/books/{id}`: a merge-patch (RFC 7396).
pub(crate) struct BookPatch;

impl BookPatch {
    /// Takes what was sent; the domain judges it.
    pub(crate) fn read(mut members: Members) -> Result<BookChange, V1Fault> {
        let change = BookChange {
            title: members.change(Field::Title),
            author: members.change(Field::Author),
            isbn: members.change(Field::Isbn),
            published_year: members.number_change(Field::PublishedYear),
            copies: members.number_change(Field::Copies),
        };
        members.finish(Some(change))
    }
}

impl PartialSchema for NewBook {
    fn schema() -> RefOr<Schema> {
        book()
            .property("copies", nullable(limits::copies().default(Some(json!(1)))))
            .required("title")
            .required("author")
            .description(Some("A book to add."))
            .examples([json!({
                "title": "A Room of One's Own",
                "author": "Virginia Woolf",
                "isbn": "978-0-306-40615-7",
                "published_year": 1929,
                "copies": 3,
            })])
            .into()
    }
}

impl PartialSchema for BookPatch {
    fn schema() -> RefOr<Schema> {
        book()
            .property("copies", limits::copies())
            .description(Some(
                "What is to change (RFC 7396): what is absent stays, null clears `isbn` and \
                 `published_year`.",
            ))
            .examples([json!({ "copies": 4, "published_year": null })])
            .into()
    }
}

impl ToSchema for NewBook {
    fn name() -> Cow<'static, str> {
        "NewBook".into()
    }
}

impl ToSchema for BookPatch {
    fn name() -> Cow<'static, str> {
        "BookPatch".into()
    }
}

/// The members that mean the same wherever they are sent.
fn book() -> ObjectBuilder {
    limits::closed()
        .property("title", limits::title_or_author("A Room of One's Own"))
        .property("author", limits::title_or_author("Virginia Woolf"))
        .property("isbn", nullable(limits::isbn()))
        .property("published_year", nullable(limits::published_year()))
}
