//! How doors 2 and 5 word what is wrong with a token: as Flask-JWT-Extended does, in `msg`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use domain::sessions::TokenFault;
use serde::Serialize;

#[derive(Serialize)]
struct Msg {
    msg: &'static str,
}

/// What is said of a token that opens nothing.
pub(super) fn of_token(fault: TokenFault) -> HttpResponse {
    match fault {
        TokenFault::Malformed => token(StatusCode::UNPROCESSABLE_ENTITY, "Not enough segments"),
        TokenFault::BadSignature => {
            token(StatusCode::UNPROCESSABLE_ENTITY, "Signature verification failed")
        }
        TokenFault::WrongKind => {
            token(StatusCode::UNPROCESSABLE_ENTITY, "Only access tokens are allowed")
        }
        TokenFault::Expired => token(StatusCode::UNAUTHORIZED, "Token has expired"),
        TokenFault::Revoked | TokenFault::Reused => {
            token(StatusCode::UNAUTHORIZED, "Token has been revoked")
        }
    }
}

/// A refusal of a token.
pub(super) fn token(status: StatusCode, msg: &'static str) -> HttpResponse {
    HttpResponse::build(status).json(Msg { msg })
}
