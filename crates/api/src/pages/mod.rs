//! The pages that links in letters lead to. Opening one uses nothing up: what a link brings stands
//! behind `#`, which is sent to no server, and is posted to `/v1` when somebody presses the button.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::web::ServiceConfig;

use crate::http::resource;
use crate::v1::V1;

/// What a page may do: load its own script and style, and call this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The paths of this folder. The first two are known to `domain::users`, which writes the letters.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource::<V1>("/password-reset").get(password_reset).done())
        .service(resource::<V1>("/verify").get(verify).done())
        .service(resource::<V1>("/pages/links.js").get(script).done())
        .service(resource::<V1>("/pages/page.css").get(style).done());
}

async fn password_reset() -> HttpResponse {
    page(include_str!("password_reset.html"))
}

async fn verify() -> HttpResponse {
    page(include_str!("verify.html"))
}

async fn script() -> HttpResponse {
    part("text/javascript; charset=utf-8", include_str!("links.js"))
}

async fn style() -> HttpResponse {
    part("text/css; charset=utf-8", include_str!("page.css"))
}

fn page(html: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(html)
}

fn part(kind: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(text)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use crate::ApiSettings;
    use crate::testing::World;

    #[actix_web::test]
    async fn the_pages_run_nothing_but_their_own_script() {
        let world = World::new(ApiSettings::default());
        for path in ["/password-reset", "/verify"] {
            let page = world.call(TestRequest::get().uri(path)).await;
            assert_eq!(page.field("content-type"), "text/html; charset=utf-8");
            assert_eq!(page.field("cache-control"), "no-store");
            assert_eq!(page.field("referrer-policy"), "no-referrer");
            assert_eq!(page.field("cross-origin-opener-policy"), "same-origin");
            assert!(page.field("content-security-policy").contains("script-src 'self'"));
            assert!(page.body.contains("/pages/links.js") && !page.body.contains("<script>"));
        }
        for path in ["/pages/links.js", "/pages/page.css"] {
            assert_eq!(world.call(TestRequest::get().uri(path)).await.status, 200);
        }
    }
}
