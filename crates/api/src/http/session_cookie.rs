//! The session cookie of `/v1`.

use actix_web::cookie::{Cookie, SameSite};

use crate::settings::ApiSettings;

/// Its name. With the prefix browsers take it only over TLS, for this host alone, and for every
/// path (RFC 6265bis §4.1.3.2); they take it over plain HTTP never, hence the other.
pub(crate) fn name(settings: &ApiSettings) -> &'static str {
    if settings.is_https() { "__Host-doorward" } else { "doorward" }
}

/// A cookie that holds `value` until the browser closes or the session ends.
pub(crate) fn open(value: String, settings: &ApiSettings) -> Cookie<'static> {
    Cookie::build(name(settings), value)
        .path("/")
        .http_only(true)
        .secure(settings.is_https())
        .same_site(SameSite::Lax)
        .finish()
}

/// A cookie that removes it.
pub(crate) fn removed(settings: &ApiSettings) -> Cookie<'static> {
    let mut cookie = open(String::new(), settings);
    cookie.make_removal();
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(public_url: &str) -> ApiSettings {
        ApiSettings { public_url: public_url.to_owned(), ..ApiSettings::default() }
    }

    #[test]
    fn over_tls_it_is_bound_to_the_host() {
        let cookie = open("v".to_owned(), &over("https://auth.example.org")).to_string();
        assert_eq!(cookie, "__Host-doorward=v; HttpOnly; SameSite=Lax; Secure; Path=/");
    }

    #[test]
    fn over_plain_http_it_has_a_name_that_browsers_take() {
        let cookie = open("v".to_owned(), &over("http://127.0.0.1:8080")).to_string();
        assert_eq!(cookie, "doorward=v; HttpOnly; SameSite=Lax; Path=/");
    }

    #[test]
    fn removing_it_empties_it_at_once() {
        let cookie = removed(&over("https://auth.example.org"));
        assert_eq!(cookie.value(), "");
        assert_eq!(cookie.max_age().map(|age| age.whole_seconds()), Some(0));
        assert_eq!((cookie.path(), cookie.secure()), (Some("/"), Some(true)));
    }
}
