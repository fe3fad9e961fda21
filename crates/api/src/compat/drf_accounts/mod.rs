//! Door 3, `drf-accounts`: `/api/users/` and `/api/sessions/`.
//!
//! Quirks that callers rely on:
//! - A session is proven by the cookie `sessionid`; an access token of another door counts as well.
//! - Whoever registers is signed in by it.
//! - `detail` is a text, or an object of texts by field, or, for the rules of passwords, of lists.
//! - What a person does not have is `""`, not null.
//! - A picture that the person uploaded shows as `profile_picture` while that is empty.
//! - Requests of other sites are told by `Origin` and `Sec-Fetch-Site`; `csrftoken` is handed out for
//!   clients that echo it, and asked of nobody.

mod cookies;
mod handlers;
mod refusals;
mod registering;
mod wire;

use actix_web::web::ServiceConfig;
use domain::users::{PasswordPolicy, Rules};

use crate::compat::rules;
use crate::http::{slash_optional, unknown_below};
use crate::refusal::Refusal;
use crate::settings::Mode;
use crate::state::ApiState;

use refusals::Drf;

type Reply = Result<actix_web::HttpResponse, Refusal<Drf>>;

/// The paths of this door.
pub(super) fn routes(config: &mut ServiceConfig, _: Mode) {
    config
        .service(slash_optional::<Drf>("/api/users").post(handlers::register).done())
        .service(
            slash_optional::<Drf>("/api/users/me")
                .get(handlers::me)
                .patch(handlers::change_me)
                .done(),
        )
        .service(
            slash_optional::<Drf>("/api/sessions")
                .post(handlers::sign_in)
                .delete(handlers::sign_out)
                .done(),
        );
}

/// What nothing answers below this door's paths.
pub(super) fn unknown(config: &mut ServiceConfig) {
    config.service(unknown_below::<Drf>("/api/users"));
    config.service(unknown_below::<Drf>("/api/sessions"));
}

/// What this door asks of the people it registers and changes: its document has rules for passwords
/// in either mode.
fn door_rules(state: &ApiState) -> Rules {
    Rules { passwords: PasswordPolicy::Accounts, ..rules(state.settings()) }
}
