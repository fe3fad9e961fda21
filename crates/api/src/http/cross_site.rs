//! The check that stops pages of other sites from acting with a person's session cookie.
//!
//! Browsers say who asks: `Sec-Fetch-Site` (Fetch Metadata §2.4) where they know it, else `Origin`
//! (RFC 6454 §7). A request with neither comes from no browser, and no page can make one.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, ORIGIN};

use crate::refusal::EdgeFault;
use crate::state::ApiState;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what a page of a site that is not allowed sent. For requests that change something by
/// the cookie's power, and for sign-ins that set a cookie (else a page could sign its visitor in as
/// somebody else).
pub(crate) fn check(request: &HttpRequest) -> Result<(), EdgeFault> {
    let state = ApiState::of(request);
    let field = |name: HeaderName| {
        request.headers().get(name).map(|value| value.to_str().unwrap_or("unreadable"))
    };
    let allowed = |origin: &str| state.settings().allows_origin(origin);
    if is_own(field(SEC_FETCH_SITE), field(ORIGIN), state.public_origin(), allowed) {
        Ok(())
    } else {
        Err(EdgeFault::CrossSite)
    }
}

fn is_own(
    site: Option<&str>,
    origin: Option<&str>,
    public: Option<&str>,
    allowed: impl Fn(&str) -> bool,
) -> bool {
    match (site, origin) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        (Some(_), origin) => origin.is_some_and(allowed),
        (None, Some(origin)) => public == Some(origin) || allowed(origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str = "https://auth.example.org";
    const APP: &str = "https://app.example.org";
    const EVIL: &str = "https://evil.example";

    fn passes(site: Option<&str>, origin: Option<&str>) -> bool {
        is_own(site, origin, Some(PUBLIC), |origin| origin == APP)
    }

    #[test]
    fn own_pages_and_the_address_bar_pass() {
        assert!(passes(Some("same-origin"), Some(PUBLIC)));
        assert!(passes(Some("none"), None));
    }

    #[test]
    fn a_client_that_is_no_browser_passes() {
        assert!(passes(None, None));
    }

    #[test]
    fn other_sites_pass_only_from_an_allowed_origin() {
        for site in ["same-site", "cross-site", "something-new", ""] {
            assert!(passes(Some(site), Some(APP)), "{site}");
            assert!(!passes(Some(site), Some(EVIL)), "{site}");
            assert!(!passes(Some(site), Some("null")), "{site}");
            assert!(!passes(Some(site), None), "{site}");
        }
    }

    #[test]
    fn an_older_browser_is_judged_by_origin_alone() {
        assert!(passes(None, Some(PUBLIC)));
        assert!(passes(None, Some(APP)));
        assert!(!passes(None, Some("https://auth.example.org.evil.example")));
        assert!(!passes(None, Some("http://auth.example.org")));
        assert!(!passes(None, Some("null")));
    }

    #[test]
    fn without_a_public_origin_nothing_equals_it() {
        assert!(!is_own(None, Some(EVIL), None, |_| false));
    }
}
