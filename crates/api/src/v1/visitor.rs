//! Whoever calls: anybody, or somebody who is signed in.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use domain::problem::Problem;
use domain::sessions::{Authenticated, Client};

use crate::caller::{Body, MaybeCaller};
use crate::refusal::{Cause, Refusal};
use crate::v1::members::Members;
use crate::v1::problem::V1;

/// Somebody who may be signed in, and the body that it sent. A token that does not count is
/// refused; a cookie that does not count any more is overlooked, for its browser cannot get rid of
/// it and would never get in again.
pub(crate) struct Visitor {
    /// Who is signed in, if anybody is.
    pub(crate) authenticated: Option<Authenticated>,
    /// Where it came from.
    pub(crate) client: Client,
    /// What was sent.
    pub(crate) body: Members,
}

impl FromRequest for Visitor {
    type Error = Refusal<V1>;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal<V1>>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let authenticated = authenticated(&request).await?;
            let sent = Body::<V1, Members>::from_request(&request, &mut payload).await?;
            Ok(Self { authenticated, client: sent.client, body: sent.body })
        })
    }
}

async fn authenticated(request: &HttpRequest) -> Result<Option<Authenticated>, Refusal<V1>> {
    let caller = MaybeCaller::<V1>::from_request(request, &mut Payload::None).await;
    match caller {
        Ok(caller) => Ok(caller.authenticated),
        Err(refusal) if is_dead_cookie(request, &refusal) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

fn is_dead_cookie(request: &HttpRequest, refusal: &Refusal<V1>) -> bool {
    let by_cookie = !request.headers().contains_key(AUTHORIZATION);
    by_cookie && matches!(refusal.cause(), Cause::Problem(Problem::Token(_)))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;

    use crate::ApiSettings;
    use crate::testing::{PASSWORD, World};

    async fn register_with(name: &'static str, value: &'static str) -> u16 {
        let body = json!({ "username": "ada", "password": PASSWORD });
        let request = TestRequest::post().uri("/v1/users").insert_header((name, value));
        World::new(ApiSettings::default()).call(request.set_json(body)).await.status
    }

    #[actix_web::test]
    async fn a_dead_cookie_keeps_nobody_from_registering() {
        assert_eq!(register_with("cookie", "doorward=dwc_dead").await, 201);
    }

    #[actix_web::test]
    async fn a_dead_token_is_refused() {
        assert_eq!(register_with("authorization", "Bearer dead").await, 401);
    }
}
