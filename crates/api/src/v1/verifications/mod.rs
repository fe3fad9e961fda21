//! `/v1/verifications`: showing that an e-mail address or a mobile number is one's own.

mod wire;

use actix_web::HttpResponse;
use actix_web::web::ServiceConfig;

use crate::caller::Authed;
use crate::http::resource;
use crate::refusal::EdgeFault;
use crate::state::ApiState;
use crate::v1::members::Members;
use crate::v1::problem::V1;
use crate::v1::reply::Answer;
use crate::v1::verifications::wire::{NewVerification, Proof};
use crate::v1::visitor::Visitor;

/// The paths of this file.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource::<V1>("/v1/verifications").post(request_verification).done())
        .service(resource::<V1>("/v1/verifications/confirm").post(confirm_verification).done());
}

/// Ask for a link and a code
///
/// Sends both to the caller's address that waits for proof: the one to be, else the present one. The
/// link counts for an hour, the code for 15 minutes and five tries.
#[utoipa::path(
    post, path = "/v1/verifications", tag = "verifications", request_body = NewVerification,
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 202, description = "A letter is on its way."))
)]
pub(crate) async fn request_verification(state: ApiState, sent: Authed<V1, Members>) -> Answer {
    let channel = NewVerification::read(sent.body)?;
    let (users, rules) = (&state.services().users, &state.settings().v1_rules);
    let (caller, client) = (&sent.caller.authenticated, &sent.caller.client);
    users.request_verification(&caller.user, channel, rules, client).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Verify an address
///
/// With the token of a link, whoever has it; or, signed in, with the code that was sent. An address
/// that waited takes its place. One that the person has had without proof ends all sessions but the
/// caller's, for somebody else may have claimed it. Somebody who waits for it is active from now on.
#[utoipa::path(
    post, path = "/v1/verifications/confirm", tag = "verifications", request_body = Proof,
    security((), ("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The address is verified."))
)]
pub(crate) async fn confirm_verification(state: ApiState, sent: Visitor) -> Answer {
    let users = &state.services().users;
    match Proof::read(sent.body)? {
        Proof::Link(handle) => users.verify_by_link(&handle).await?,
        Proof::Code(channel, code) => {
            let holder = sent.authenticated.ok_or(EdgeFault::MissingCredentials)?;
            users.verify_by_code(&holder, channel, &code).await?;
        }
    }
    Ok(HttpResponse::NoContent().finish())
}
