//! `/v1/password-resets`: another password for somebody who forgot its own.

mod wire;

use actix_web::HttpResponse;
use actix_web::web::ServiceConfig;
use domain::users::UserKey;

use crate::caller::Body;
use crate::http::resource;
use crate::state::ApiState;
use crate::v1::members::Members;
use crate::v1::password_resets::wire::{Forgotten, Reset};
use crate::v1::problem::V1;
use crate::v1::reply::Answer;

/// The paths of this file.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource::<V1>("/v1/password-resets").post(request_password_reset).done())
        .service(resource::<V1>("/v1/password-resets/confirm").post(confirm_password_reset).done());
}

/// Ask for a link
///
/// Sends a link that counts once, within an hour, to whoever has this username, e-mail address or
/// mobile number. The reply is the same for nobody.
#[utoipa::path(
    post, path = "/v1/password-resets", tag = "password-resets", request_body = Forgotten,
    security(()),
    responses((status = 202, description = "If somebody has it, a letter is on its way."))
)]
pub(crate) async fn request_password_reset(state: ApiState, sent: Body<V1, Members>) -> Answer {
    let identifier = Forgotten::read(sent.body)?;
    let (users, rules) = (&state.services().users, &state.settings().v1_rules);
    let key = UserKey::read(&identifier, &rules.mobiles);
    users.request_reset_link(key.as_ref(), rules, &sent.client).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Set another password
///
/// With the token of a link, once. All sessions of the person end, and the address that the link went
/// to is verified. Addresses that wait for proof are dropped and, where it went by mail, the number is
/// to be verified again. A password against the rules leaves the link as good as it was.
#[utoipa::path(
    post, path = "/v1/password-resets/confirm", tag = "password-resets", request_body = Reset,
    security(()),
    responses((status = 204, description = "The password is changed."))
)]
pub(crate) async fn confirm_password_reset(state: ApiState, sent: Body<V1, Members>) -> Answer {
    let (handle, new) = Reset::read(sent.body)?;
    let (users, rules) = (&state.services().users, &state.settings().v1_rules);
    users.reset_by_link(&handle, &new, rules).await?;
    Ok(HttpResponse::NoContent().finish())
}
