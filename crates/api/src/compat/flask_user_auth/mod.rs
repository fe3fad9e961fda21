//! Door 2, `flask-user-auth`: `/user…`.
//!
//! Quirks that callers rely on:
//! - A new account is inactive until it is activated, in `documented` mode by its mobile number alone,
//!   in `hardened` mode by a code that is sent to the number.
//! - The refresh token is not replaced when it is used: its holder keeps it as long as the session
//!   lives. It gets access tokens and opens nothing else.
//! - Refusals have the member `message`, those of tokens `msg`; a malformed token is 422.
//! - Refreshing and signing out are `GET`s. `hardened` takes `POST` only; `documented` takes both.
//! - `GET /user` is everybody, streamed, unless `limit` or `cursor` ask for a page.

mod people;
mod refusals;
mod tokens;
mod wire;

use actix_web::web::ServiceConfig;
use domain::users::{Greeting, Rules, Status};

use crate::compat::rules;
use crate::http::{slash_optional, unknown_below};
use crate::refusal::Refusal;
use crate::settings::Mode;
use crate::state::ApiState;

use refusals::Flask;

type Reply = Result<actix_web::HttpResponse, Refusal<Flask>>;

/// The paths of this door. Fixed names stand before `{uuid}`, which would take them for one.
pub(super) fn routes(config: &mut ServiceConfig, mode: Mode) {
    let (refreshing, signing_out) =
        (slash_optional::<Flask>("/user/refresh-token"), slash_optional::<Flask>("/user/logout"));
    let (refreshing, signing_out) = match mode {
        Mode::Documented => (
            refreshing.get_that_does(tokens::refresh).post(tokens::refresh),
            signing_out.get_that_does(tokens::logout).post(tokens::logout),
        ),
        Mode::Hardened => (refreshing.post(tokens::refresh), signing_out.post(tokens::logout)),
    };
    config
        .service(slash_optional::<Flask>("/user").get(people::list).post(people::register).done())
        .service(slash_optional::<Flask>("/user/activate-account").post(people::activate).done())
        .service(slash_optional::<Flask>("/user/login").post(tokens::login).done())
        .service(refreshing.done())
        .service(signing_out.done())
        .service(
            slash_optional::<Flask>("/user/change-password/{uuid}")
                .post(people::change_password)
                .done(),
        )
        .service(
            slash_optional::<Flask>("/user/{uuid}")
                .get(people::show)
                .patch(people::change)
                .delete(people::delete)
                .done(),
        );
}

/// What nothing answers below this door's paths.
pub(super) fn unknown(config: &mut ServiceConfig) {
    config.service(unknown_below::<Flask>("/user"));
}

/// What this door asks of the people it registers and changes.
fn door_rules(state: &ApiState) -> Rules {
    let greeting = match state.settings().compat.mode {
        Mode::Documented => Greeting::Nothing,
        Mode::Hardened => Greeting::ActivationCode,
    };
    Rules { initial_status: Status::Inactive, greeting, ..rules(state.settings()) }
}
