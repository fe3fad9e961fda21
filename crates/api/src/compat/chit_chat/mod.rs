//! Door 5, `chit-chat`: `/api/auth/session`, chats and messages, and `/users/` at the root.
//!
//! Quirks that callers rely on:
//! - Chats, messages and the session answer below `/api`, as the document has it, and at the root, as
//!   its original does; people answer at the root only, for `/api/users/` is door 3's.
//! - Times read `November 20, 2026 at 6:00:44 PM`, in UTC.
//! - Refusals are `{"error","message"}`, faults of fields `{"<field>":["…"]}`, those of tokens
//!   `{"msg"}`.
//! - A chat with a passkey hides who is in it from the list of chats. Its members may read the passkey.
//! - Reading the chats needs no token, nor does the list of people in `documented` mode.

mod chats;
mod messages;
mod people;
mod reading;
mod refusals;
mod wire;

use actix_web::web::ServiceConfig;
use domain::users::Rules;

use crate::compat::rules;
use crate::http::{at_paths, slash_optional, unknown_below};
use crate::refusal::Refusal;
use crate::settings::Mode;
use crate::state::ApiState;

use refusals::Chat;

type Reply = Result<actix_web::HttpResponse, Refusal<Chat>>;

/// The paths of this door. Fixed names stand before `{id}`, which would take them for one.
pub(super) fn routes(config: &mut ServiceConfig, _: Mode) {
    let both = |path: &str| at_paths::<Chat>(&[&format!("/api{path}"), path]);
    config
        .service(both("/auth/session").post(people::sign_in).done())
        .service(
            slash_optional::<Chat>("/users")
                .get(people::list)
                .post(people::register)
                .put(people::change)
                .delete(people::delete)
                .done(),
        )
        .service(slash_optional::<Chat>(r"/users/{id:\d+}").get(people::show).done())
        .service(both("/chats").get(chats::list).post(chats::create).done())
        .service(
            both("/chats/{id}").get(chats::show).put(chats::rename).delete(chats::delete).done(),
        )
        .service(both("/chats/{id}/passkey").get(chats::passkey).done())
        .service(both("/chats/{id}/join").patch(chats::join).done())
        .service(both("/chats/{id}/leave").patch(chats::leave).done())
        .service(both("/chats/{id}/search").get(messages::search).done())
        .service(both("/messages/chat/{id}").get(messages::list).post(messages::post).done())
        .service(both("/messages/latest_messages").get(messages::latest).done())
        .service(both("/messages/all_messages").get(messages::mine).done())
        .service(both("/messages/{id}").put(messages::edit).delete(messages::delete).done())
        .service(both("/messages/{id}/like").patch(messages::like).done());
}

/// What nothing answers below this door's paths.
pub(super) fn unknown(config: &mut ServiceConfig) {
    for start in ["/chats", "/messages", "/auth"] {
        config.service(unknown_below::<Chat>(start));
        config.service(unknown_below::<Chat>(&format!("/api{start}")));
    }
}

/// What this door asks of the people it registers and changes.
fn door_rules(state: &ApiState) -> Rules {
    rules(state.settings())
}
