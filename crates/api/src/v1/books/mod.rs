//! Books: their list, and each of them.

mod collection;
mod one;
mod tag;
#[cfg(test)]
mod tests;
mod view;
mod wire;

use actix_web::web::ServiceConfig;

pub(crate) use collection::*;
pub(crate) use one::*;

use crate::http::resource;
use crate::v1::problem::V1;

/// The paths of this folder.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(resource::<V1>("/v1/books").get(list_books).post(create_book).done());
}

/// Those of them that have an id in them.
pub(crate) fn routes_by_id(config: &mut ServiceConfig) {
    let one = resource::<V1>("/v1/books/{id}").get(get_book).patch(change_book);
    config.service(one.delete(delete_book).done());
}
