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
            let policy = page.field("content-security-policy");
            for rule in [
                "default-src 'none'",
                "script-src 'self'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'none'",
            ] {
                assert!(policy.split("; ").any(|found| found == rule), "{path}: {rule}");
            }
            assert!(page.body.contains("/pages/links.js") && !page.body.contains("<script>"));
        }
        for path in ["/pages/links.js", "/pages/page.css"] {
            assert_eq!(world.call(TestRequest::get().uri(path)).await.status, 200);
        }
    }

    /// The opening tags of this name.
    fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
        let tags = html.split('<').filter_map(|tag| tag.split('>').next());
        tags.filter(|tag| tag.split_whitespace().next() == Some(name)).collect()
    }

    #[actix_web::test]
    async fn what_a_link_or_a_server_says_is_shown_as_text() {
        let world = World::new(ApiSettings::default());
        let script = world.call(TestRequest::get().uri("/pages/links.js")).await.body;
        assert!(script.contains("textContent"));
        for way in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "createContextualFragment",
            "srcdoc",
            "document.write",
            "eval(",
            "new Function",
            "setTimeout(\"",
        ] {
            assert!(!script.contains(way), "{way} makes markup or code of a text");
        }
        for path in ["/password-reset", "/verify"] {
            let page = world.call(TestRequest::get().uri(path)).await.body;
            let words = page.split_whitespace().map(|word| word.trim_start_matches('<'));
            let handlers: Vec<&str> =
                words.filter(|word| word.starts_with("on") && word.contains('=')).collect();
            assert!(handlers.is_empty(), "{path}: {handlers:?}");
            assert!(!page.contains("javascript:") && !page.contains("style="), "{path}");
        }
    }

    #[actix_web::test]
    async fn the_password_is_masked_and_may_be_pasted_and_managed() {
        let world = World::new(ApiSettings::default());
        let page = world.call(TestRequest::get().uri("/password-reset")).await.body;
        let script = world.call(TestRequest::get().uri("/pages/links.js")).await.body;
        let inputs = tags(&page, "input");
        let passwords: Vec<&&str> =
            inputs.iter().filter(|input| input.contains("password")).collect();
        assert_eq!(passwords.len(), 1, "{page}");
        for input in passwords {
            assert!(input.contains("type=\"password\""), "{input}");
            assert!(input.contains("autocomplete=\"new-password\""), "{input}");
            assert!(!input.contains("maxlength") && !input.contains("readonly"), "{input}");
        }
        for hindrance in ["onpaste", "\"paste\"", "autocomplete=\"off\"", "\"keydown\""] {
            assert!(!page.contains(hindrance) && !script.contains(hindrance), "{hindrance}");
        }
    }
}
