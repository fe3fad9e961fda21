//! The tokens of door 2: signing in, refreshing, signing out.

use actix_web::{HttpRequest, HttpResponse};
use domain::problem::{Field, Problem};
use domain::sessions::{Door, Login, TokenFault, Transport};
use domain::users::UserKey;
use secrecy::ExposeSecret;

use super::Reply;
use super::refusals::{Flask, FlaskFault};
use super::wire::{Done, Tokens, invalid};
use crate::caller::{Body, Caller, Credential, bearer};
use crate::compat::fields::Fields;
use crate::refusal::{EdgeFault, Refusal};
use crate::state::ApiState;

pub(super) async fn login(state: ApiState, sent: Body<Flask, Fields>) -> Reply {
    let username = sent.body.text("username").map_err(|fault| invalid(Field::Username, fault))?;
    let password = sent.body.password("password");
    let login = Login {
        key: UserKey::username(&username),
        password: password.map_err(|fault| invalid(Field::Password, fault))?,
        door: Door::FlaskUserAuth,
        transport: Transport::Kept,
        bearer_lifetime: None,
        client: sent.client,
    };
    let opened = state.services().sessions.login(login).await?;
    let (access_token, refresh) =
        (opened.access_token.expose_secret(), opened.secret.expose_secret());
    Ok(HttpResponse::Ok().json(Tokens { access_token, refresh_token: Some(refresh) }))
}

pub(super) async fn refresh(state: ApiState, request: HttpRequest) -> Reply {
    let token = match bearer(&request)? {
        Some(Credential::Bearer(token)) => token,
        Some(Credential::Cookie(_)) | None => return Err(EdgeFault::MissingCredentials.into()),
    };
    let (access_token, _) = state.services().sessions.renew(&token).await.map_err(of_refresh)?;
    let access_token = access_token.expose_secret();
    Ok(HttpResponse::Ok().json(Tokens { access_token, refresh_token: None }))
}

/// An access token is told from one that is no token of ours.
fn of_refresh(problem: Problem) -> Refusal<Flask> {
    if let Problem::Token(TokenFault::WrongKind) = problem {
        Refusal::own(FlaskFault::NotARefreshToken)
    } else {
        problem.into()
    }
}

pub(super) async fn logout(state: ApiState, caller: Caller<Flask>) -> Reply {
    let Caller { authenticated, client, .. } = caller;
    state.services().sessions.close(&authenticated, authenticated.session.id, &client).await?;
    let message = format!("User {} successfully logged out.", authenticated.user.label());
    Ok(HttpResponse::Ok().json(Done::new(message)))
}
