//! The entity tag of a book: its row version, and whether it is anybody's.

use domain::books::{Book, BookKey, BookService};
use domain::problem::Problem;

use crate::v1::etag::Condition;

/// No row has this version: they count from 1.
const NO_VERSION: i64 = 0;

/// A book keeps its version when who added it is deleted, but is shown otherwise.
pub(crate) fn tag(book: &Book) -> String {
    let of = if book.added_by.is_some() { "" } else { "-nobodys" };
    format!("{}{of}", book.version)
}

/// The version that a change must insist on to honour `If-Match`; `None` where any will do.
pub(crate) async fn insisted(
    books: &BookService,
    key: &BookKey,
    condition: Option<&Condition>,
) -> Result<Option<i64>, Problem> {
    let list = match condition {
        None | Some(Condition::Any) => return Ok(None),
        Some(list @ Condition::OneOf(_)) => list,
    };
    let book = books.find(key).await?;
    Ok(Some(if list.holds_strongly(&tag(&book)) { book.version } else { NO_VERSION }))
}
