//! What operators and programs ask of the server itself: health, keys, and what a problem means.

use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::sessions::PublicKey;
use serde::Serialize;

use crate::http::resource;
use crate::refusal::{EdgeFault, Refusal};
use crate::state::ApiState;
use crate::v1::V1;

/// How long `/readyz` waits for the stores.
const PATIENCE: Duration = Duration::from_secs(2);

/// Refused in `/v1`'s words: these paths belong to no door.
type Reply = Result<HttpResponse, Refusal<V1>>;

/// The paths of this file.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(resource::<V1>("/livez").get(live).done())
        .service(resource::<V1>("/readyz").get(ready).done())
        .service(resource::<V1>("/.well-known/jwks.json").get(keys).done())
        .service(resource::<V1>("/problems/{code}").get(problem_page).done());
}

/// `/metrics`, at a listener that shows it.
pub(crate) fn metrics_route(config: &mut web::ServiceConfig) {
    config.service(resource::<V1>("/metrics").get(metrics).done());
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

const OK: Health = Health { status: "ok" };

/// The process runs: whoever restarts it for a 503 here would not mend a database.
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(OK)
}

/// The stores answer: requests may be sent here.
async fn ready(state: ApiState) -> Reply {
    let ping = state.services().health.ping();
    match tokio::time::timeout(PATIENCE, ping).await {
        Ok(answer) => answer.map_err(Problem::from)?,
        Err(late) => return Err(Problem::Unavailable(late.into()).into()),
    }
    Ok(HttpResponse::Ok().json(OK))
}

/// What this process counts, for a Prometheus server to collect: numbers, and nothing of anybody.
async fn metrics(state: ApiState) -> Reply {
    let page = state.metrics().ok_or(EdgeFault::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .body(page()))
}

#[derive(Serialize)]
struct KeySet {
    keys: Vec<PublicKey>,
}

/// The public keys of access tokens (RFC 7517 §5).
async fn keys(state: ApiState) -> HttpResponse {
    let keys = state.services().sessions.public_keys();
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/jwk-set+json"))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .json(KeySet { keys })
}

/// What a problem's `type` leads to (RFC 9457 §3.1.1).
async fn problem_page(code: web::Path<String>) -> Reply {
    let kind = crate::v1::problem_kinds().iter().find(|kind| kind.code == *code);
    let kind = kind.ok_or(EdgeFault::NotFound)?;
    let page = page(kind.code, kind.status.as_u16(), kind.title, kind.meaning);
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(page))
}

fn page(code: &str, status: u16, title: &str, meaning: &str) -> String {
    let [code, title, meaning] = [code, title, meaning].map(escaped);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>{meaning}</p>\n\
         <p>Code <code>{code}</code>, status {status}.</p>\n</main>\n</body>\n</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;

    use super::*;
    use crate::ApiSettings;
    use crate::testing::{Reply, World};

    async fn get(world: &World, path: &str) -> Reply {
        world.call(TestRequest::get().uri(path)).await
    }

    #[actix_web::test]
    async fn the_process_lives_while_the_stores_are_away_but_is_not_ready() {
        let world = World::new(ApiSettings::default());
        assert_eq!(get(&world, "/livez").await.json(), json!({"status": "ok"}));
        assert_eq!(get(&world, "/readyz").await.json(), json!({"status": "ok"}));
        world.stores.set_available(false);
        assert_eq!(get(&world, "/livez").await.status, 200);
        let away = get(&world, "/readyz").await;
        assert_eq!((away.status, away.field("retry-after")), (503, "5".to_owned()));
        assert_eq!(away.field("content-type"), "application/problem+json");
    }

    #[actix_web::test]
    async fn figures_are_shown_where_they_are_to_be_and_nowhere_else() {
        let world = World::new(ApiSettings::default());
        assert_eq!(get(&world, "/metrics").await.status, 200);
        assert_eq!(get(&world.without_metrics(), "/metrics").await.status, 404);
    }

    #[actix_web::test]
    async fn keys_are_a_public_set() {
        let reply = get(&World::new(ApiSettings::default()), "/.well-known/jwks.json").await;
        assert_eq!(reply.json()["keys"][0]["kid"], "k1");
        assert_eq!(reply.field("content-type"), "application/jwk-set+json");
    }

    #[actix_web::test]
    async fn every_problem_has_a_page_of_its_own() {
        let world = World::new(ApiSettings::default());
        for kind in crate::v1::problem_kinds() {
            let page = get(&world, &format!("/problems/{}", kind.code)).await;
            assert_eq!(page.status, 200, "{}", kind.code);
            assert_eq!(page.field("content-type"), "text/html; charset=utf-8");
            assert!(page.body.contains(&format!("<h1>{}</h1>", escaped(kind.title))));
        }
        assert_eq!(get(&world, "/problems/nothing").await.status, 404);
    }

    #[test]
    fn a_page_shows_signs_of_html_as_they_are() {
        assert!(page("a", 400, "<b> & c", "d").contains("<h1>&lt;b&gt; &amp; c</h1>"));
    }
}
