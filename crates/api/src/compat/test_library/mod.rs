//! Door 4, `test-library`: `/users/*`, `/books/*` and the pictures below `/static`.
//!
//! Quirks that callers rely on:
//! - Bodies are forms, multipart or JSON alike. A token comes as the field `access_token`, or as
//!   `Authorization: Bearer`; so does the handle of a password reset.
//! - Whatever is wrong with a body is one and the same 400 `BAD REQUEST`.
//! - Dates are those of HTTP; `password` is a constant mask in `documented` mode, never a hash.
//! - A reset's six digits go out by mail, and nowhere else. Its handle opens nothing but the reset.
//! - The reads need a token too.

mod accounts;
mod books;
mod pictures;
mod recovery;
mod refusals;
mod wire;

use actix_web::web::ServiceConfig;
use domain::users::Rules;

use crate::compat::rules;
use crate::http::{slash_optional, unknown_below};
use crate::refusal::Refusal;
use crate::settings::Mode;
use crate::state::ApiState;

use refusals::Library;

type Reply = Result<actix_web::HttpResponse, Refusal<Library>>;

/// The paths of this door.
pub(super) fn routes(config: &mut ServiceConfig, _: Mode) {
    let at = slash_optional::<Library>;
    config
        .service(at("/users/register").post(accounts::register).done())
        .service(at("/users/login").post(accounts::login).done())
        .service(at("/users/getall").get(accounts::list).done())
        .service(at("/users/getById/{id}").get(accounts::by_id).done())
        .service(at("/users/getByUsername/{username}").get(accounts::by_username).done())
        .service(at("/users/changeUsername").put(accounts::change_username).done())
        .service(at("/users/updatePropic").put(pictures::update).done())
        .service(at("/users/requestResetPassword").post(recovery::request).done())
        .service(at("/users/reset_password").put(recovery::reset).done())
        .service(at("/users/delete/{id}").delete(accounts::delete).done())
        .service(at("/static/propics/{name}").get(pictures::show).done())
        .service(at("/books/add").post(books::add).done())
        .service(at("/books/getall").get(books::list).done())
        .service(at("/books/getById/{id}").get(books::by_id).done())
        .service(at("/books/getByIsbn/{isbn}").get(books::by_isbn).done())
        .service(at("/books/update/{id}").put(books::update).done())
        .service(at("/books/delete/{id}").delete(books::delete).done());
}

/// What nothing answers below this door's paths.
pub(super) fn unknown(config: &mut ServiceConfig) {
    for start in ["/users", "/books", "/static"] {
        config.service(unknown_below::<Library>(start));
    }
}

/// What this door asks of the people it registers and changes.
fn door_rules(state: &ApiState) -> Rules {
    rules(state.settings())
}
