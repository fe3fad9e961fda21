//! Problem documents (RFC 9457): the one shape of every refusal of `/v1`.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, Route};
use domain::problem::Problem;
use domain::sessions::Door;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::{Credential, bearer_or_cookie};
use crate::refusal::{Cause, EdgeFault, Facts, Refusal, Surface};
use crate::v1::fault::V1Fault;
use crate::v1::idempotency;
use crate::v1::wording::{self, Kind, Part, Worded};

/// The canonical API.
#[derive(Debug)]
pub(crate) struct V1;

impl Surface for V1 {
    type Own = V1Fault;

    const DOOR: Door = Door::V1;

    fn word(cause: &Cause<V1Fault>, facts: &Facts<'_>) -> HttpResponse {
        let worded = match cause {
            Cause::Problem(problem) => wording::of_problem(problem),
            Cause::Edge(fault) => wording::of_edge(fault),
            Cause::Own(fault) => wording::of_own(fault),
        };
        let mut reply = HttpResponse::build(worded.kind.status);
        if worded.kind.status == StatusCode::UNAUTHORIZED {
            reply.insert_header((WWW_AUTHENTICATE, challenge(cause, &worded.kind)));
        }
        if worded.kind == wording::kinds::IDEMPOTENCY_KEY_IN_USE {
            reply.insert_header((RETRY_AFTER, 1));
        }
        reply
            .insert_header((CACHE_CONTROL, "no-store"))
            .content_type("application/problem+json")
            .body(ProblemView::new(worded, facts).to_json())
    }

    fn shield(methods: &[&str], route: Route) -> Route {
        idempotency::shield(methods, route)
    }

    fn credential(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
        bearer_or_cookie(request)
    }
}

impl From<V1Fault> for Refusal<V1> {
    fn from(fault: V1Fault) -> Self {
        Self::own(fault)
    }
}

/// What went wrong, for programs and for people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// The page that explains this kind of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    kind: String,
    /// The kind in a few words.
    title: &'static str,
    /// The status of the reply.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is the matter this time, and what to do.
    detail: String,
    /// The path of the request.
    instance: String,
    /// The kind by its stable name, the last part of `type`.
    code: &'static str,
    /// The id that the request is logged under.
    request_id: String,
    /// Everything in the request that does not fit, all at once.
    errors: Vec<Part>,
}

impl ProblemView {
    fn new(worded: Worded, facts: &Facts<'_>) -> Self {
        let Worded { kind, detail, parts } = worded;
        Self {
            kind: format!("{}/problems/{}", facts.settings.public_url, kind.code),
            title: kind.title,
            status: kind.status.as_u16(),
            detail,
            instance: facts.path.to_owned(),
            code: kind.code,
            request_id: facts.request_id.to_string(),
            errors: parts,
        }
    }

    fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The challenge of a 401 (RFC 6750 §3): it names an error only where a token was sent.
fn challenge(cause: &Cause<V1Fault>, kind: &Kind) -> String {
    let token_sent = match cause {
        Cause::Problem(problem) => matches!(problem, Problem::Token(_)),
        Cause::Edge(fault) => {
            matches!(fault, EdgeFault::EmptyCredentials | EdgeFault::MalformedCredentials)
        }
        Cause::Own(_) => false,
    };
    if token_sent {
        let title = kind.title;
        format!(r#"Bearer realm="doorward", error="invalid_token", error_description="{title}""#)
    } else {
        r#"Bearer realm="doorward""#.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use domain::sessions::Transport;
    use serde_json::{Value, json};

    use crate::ApiSettings;
    use crate::testing::{PASSWORD, Reply, World};

    async fn sign_in(world: &World, identifier: &str, password: &str) -> Reply {
        let body = json!({ "identifier": identifier, "password": password });
        world.call(TestRequest::post().uri("/v1/sessions").set_json(body)).await
    }

    async fn me(world: &World, authorization: Option<&str>) -> Reply {
        let request = TestRequest::get().uri("/v1/users/me?secret=1");
        let field = authorization.map(|value| ("authorization", value.to_owned()));
        let request = match field {
            Some(field) => request.insert_header(field),
            None => request,
        };
        world.call(request).await
    }

    #[actix_web::test]
    async fn a_problem_has_all_its_members() {
        let world = World::new(ApiSettings::default());
        let reply = me(&world, None).await;
        assert_eq!(reply.status, 401);
        assert_eq!(reply.field("content-type"), "application/problem+json");
        assert_eq!(reply.field("cache-control"), "no-store");
        let problem = reply.json();
        let code = "authentication_required";
        assert_eq!(problem["type"], format!("http://127.0.0.1:8080/problems/{code}"));
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(401)));
        assert_eq!(problem["instance"], "/v1/users/me", "without the query");
        assert_eq!(problem["request_id"], reply.field("x-request-id"));
        assert_eq!(problem["errors"], json!([]));
    }

    #[actix_web::test]
    async fn a_challenge_names_an_error_only_where_a_token_was_sent() {
        let world = World::new(ApiSettings::default());
        let plain = r#"Bearer realm="doorward""#;
        assert_eq!(me(&world, None).await.field("www-authenticate"), plain);
        assert_eq!(me(&world, Some("Basic YTpi")).await.field("www-authenticate"), plain);
        for token in ["Bearer x", "Bearer", "Bearer a b"] {
            let reply = me(&world, Some(token)).await;
            assert_eq!((reply.status, &reply.json()["code"]), (401, &json!("token_invalid")));
            let challenge = reply.field("www-authenticate");
            assert!(challenge.contains(r#"error="invalid_token""#), "{token}: {challenge}");
        }
    }

    #[actix_web::test]
    async fn every_failed_sign_in_reads_the_same() {
        let world = World::new(ApiSettings::default());
        world.ada().await;
        let mut said: Vec<(u16, String, Value)> = Vec::new();
        for (identifier, password) in
            [("ada@example.org", "wrong"), ("eve@example.org", PASSWORD), ("no body", PASSWORD)]
        {
            let reply = sign_in(&world, identifier, password).await;
            let mut problem = reply.json();
            problem["request_id"] = Value::Null;
            said.push((reply.status, reply.field("www-authenticate"), problem));
        }
        assert_eq!(said[0].0, 401);
        assert_eq!(said[0].2["code"], "invalid_credentials");
        assert!(said.iter().all(|reply| *reply == said[0]), "{said:?}");
    }

    #[actix_web::test]
    async fn a_closed_session_is_told_from_one_that_never_was() {
        let world = World::new(ApiSettings::default());
        world.ada().await;
        let opened = world.sign_in(Transport::Refresh).await;
        let token = secrecy::ExposeSecret::expose_secret(&opened.access_token).to_owned();
        let bearer = format!("Bearer {token}");
        assert_eq!(me(&world, Some(&bearer)).await.status, 200);
        let request = TestRequest::delete().uri("/v1/sessions/current");
        let reply = world.call(request.insert_header(("authorization", bearer.clone()))).await;
        assert_eq!((reply.status, reply.field("set-cookie").as_str()), (204, ""));
        assert_eq!(me(&world, Some(&bearer)).await.json()["code"], "session_revoked");
    }

    #[actix_web::test]
    async fn what_can_be_tried_again_says_when() {
        let world = World::new(ApiSettings::default());
        world.ada().await;
        for _ in 0..3 {
            assert_eq!(sign_in(&world, "ada@example.org", "wrong").await.status, 401);
        }
        let reply = sign_in(&world, "ada@example.org", "wrong").await;
        assert_eq!((reply.status, reply.field("retry-after").as_str()), (429, "90"));
        assert_eq!(reply.json()["code"], "too_many_requests");
    }
}
