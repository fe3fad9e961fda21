//! Another password at door 4, for somebody who forgot its own.

use actix_web::{HttpRequest, HttpResponse};
use domain::post::{CodeSecret, Handle};
use domain::problem::{CodeFault, Fault, Field, Problem};
use domain::users::Email;
use serde::Serialize;

use super::accounts::invalid;
use super::refusals::{Library, LibraryFault, TOKEN_FIELD};
use super::{Reply, door_rules};
use crate::caller::{Body, Credential, field_or_bearer};
use crate::compat::fields::{Fields, Sent};
use crate::refusal::Refusal;
use crate::state::ApiState;

#[derive(Serialize)]
struct Requested<'a> {
    access_token: &'a str,
    message: &'static str,
}

pub(super) async fn request(state: ApiState, sent: Body<Library, Fields>) -> Reply {
    let typed = sent.body.text("your_email").map_err(|fault| invalid(Field::Email, fault))?;
    let email = Email::parse(&typed).map_err(|fault| invalid(Field::Email, fault))?;
    let handle = state.services().users.request_recovery(&email, &sent.client).await?;
    let (access_token, message) = (handle.expose(), "Reset Instructions Sent.");
    Ok(HttpResponse::Ok().json(Requested { access_token, message }))
}

#[derive(Serialize)]
struct Done {
    message: &'static str,
    status: u16,
}

pub(super) async fn reset(
    state: ApiState,
    sent: Body<Library, Fields>,
    request: HttpRequest,
) -> Reply {
    let handle = handle(&request)?;
    let code = code(&sent.body)?;
    let new = sent.body.password("new_password");
    let new = new.map_err(|fault| invalid(Field::NewPassword, fault))?;
    if sent.body.text("new_password") != sent.body.text("confirm_new_password") {
        return Err(Refusal::own(LibraryFault::NotConfirmed));
    }
    state.services().users.recover(&handle, &code, &new, &door_rules(&state)).await?;
    Ok(HttpResponse::Ok().json(Done { message: "Password reset success.", status: 200 }))
}

/// The handle comes where a token would; none is refused like one that opens nothing.
fn handle(request: &HttpRequest) -> Result<Handle, Refusal<Library>> {
    match field_or_bearer(request, TOKEN_FIELD)? {
        Some(Credential::Bearer(text)) => Ok(Handle::sent(&text)),
        Some(Credential::Cookie(_)) | None => Err(Problem::Code(CodeFault::Unknown).into()),
    }
}

/// Six digits, which JSON callers may send as a number, since forms cannot tell.
fn code(fields: &Fields) -> Result<CodeSecret, Problem> {
    match fields.sent("OTP") {
        Sent::Text(text) if !text.is_empty() => Ok(CodeSecret::typed(&text)),
        Sent::NotText => match fields.integer("OTP") {
            Ok(Some(number)) => Ok(CodeSecret::typed(&format!("{number:06}"))),
            Ok(None) | Err(_) => Err(invalid(Field::Code, Fault::NotText)),
        },
        Sent::Missing | Sent::Null | Sent::Text(_) => Err(invalid(Field::Code, Fault::Missing)),
    }
}
