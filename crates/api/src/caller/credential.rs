//! Where credentials are found in a request.

use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderValue};

use crate::http::session_cookie;
use crate::refusal::EdgeFault;
use crate::state::ApiState;

/// Something that may prove a session; not looked at yet.
pub(crate) enum Credential {
    /// An access token.
    Bearer(String),
    /// The value of a session cookie.
    Cookie(String),
}

/// `Authorization: Bearer <token>` (RFC 6750 §2.1): one field, the scheme in any letter case, one
/// token. Anything else in its place is refused, not overlooked.
pub(crate) fn bearer(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
    let mut fields = request.headers().get_all(AUTHORIZATION);
    let Some(field) = fields.next() else { return Ok(None) };
    if fields.next().is_some() {
        return Err(EdgeFault::MalformedCredentials);
    }
    let text = ascii(field)?.trim();
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(EdgeFault::OtherScheme);
    }
    Ok(Some(Credential::Bearer(one_token(token)?.to_owned())))
}

/// What a field says. Tokens are long and this is read at each request: `is_ascii` looks at many bytes
/// at once, `HeaderValue::to_str` at one. Either takes the same values.
fn ascii(field: &HeaderValue) -> Result<&str, EdgeFault> {
    let text = std::str::from_utf8(field.as_bytes()).ok().filter(|text| text.is_ascii());
    text.ok_or(EdgeFault::MalformedCredentials)
}

fn one_token(text: &str) -> Result<&str, EdgeFault> {
    let token = text.trim();
    if token.is_empty() {
        return Err(EdgeFault::EmptyCredentials);
    }
    // Looked through to the end, which a compiler can do many bytes at a time.
    let parted =
        token.bytes().fold(false, |found, byte| found | matches!(byte, b' ' | b'\t' | b','));
    if parted {
        return Err(EdgeFault::MalformedCredentials);
    }
    Ok(token)
}

/// The bearer token or, where there is no `Authorization`, the session cookie. Of two cookies of
/// its name one is somebody else's doing (a sibling domain can set one), so neither counts.
pub(crate) fn bearer_or_cookie(request: &HttpRequest) -> Result<Option<Credential>, EdgeFault> {
    if let Some(credential) = bearer(request)? {
        return Ok(Some(credential));
    }
    Ok(cookie(request)?.map(|value| Credential::Cookie(value.to_owned())))
}

/// The token in a field of its own (door 4's `access_token`) or, where there is none, in
/// `Authorization`. Two that differ are nobody's; another scheme beside the field says nothing of a
/// token.
pub(crate) fn field_or_bearer(
    request: &HttpRequest,
    name: &'static str,
) -> Result<Option<Credential>, EdgeFault> {
    let mut fields = request.headers().get_all(name);
    let Some(field) = fields.next() else { return bearer(request) };
    if fields.next().is_some() {
        return Err(EdgeFault::MalformedCredentials);
    }
    let token = one_token(ascii(field)?)?;
    match bearer(request) {
        Ok(Some(Credential::Bearer(other))) if other != token => {
            Err(EdgeFault::MalformedCredentials)
        }
        Ok(_) | Err(EdgeFault::OtherScheme) => Ok(Some(Credential::Bearer(token.to_owned()))),
        Err(fault) => Err(fault),
    }
}

/// The value of the one session cookie.
pub(crate) fn cookie(request: &HttpRequest) -> Result<Option<&str>, EdgeFault> {
    one_cookie(request, session_cookie::name(ApiState::of(request).settings()))
}

/// The value of the one cookie of this name.
pub(crate) fn one_cookie<'a>(
    request: &'a HttpRequest,
    name: &'a str,
) -> Result<Option<&'a str>, EdgeFault> {
    let mut values = cookies(request, name);
    let first = values.next();
    if values.next().is_some() {
        return Err(EdgeFault::MalformedCredentials);
    }
    Ok(first)
}

/// The values of all cookies of this name, as sent. One that is no text spoils no other.
fn cookies<'a>(request: &'a HttpRequest, name: &'a str) -> impl Iterator<Item = &'a str> {
    let fields = request.headers().get_all(COOKIE);
    fields
        .flat_map(|field| field.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.trim().split_once('='))
        .filter(move |(sent, _)| *sent == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    type Fields = [(&'static str, &'static str)];

    fn request(fields: &Fields) -> HttpRequest {
        let with = |request: TestRequest, field: &_| request.append_header(*field);
        fields.iter().fold(TestRequest::get(), with).to_http_request()
    }

    /// The token in `access_token` or behind it; empty where there is none.
    fn token(fields: &Fields) -> Result<String, EdgeFault> {
        Ok(match field_or_bearer(&request(fields), "access_token")? {
            Some(Credential::Bearer(token)) => token,
            Some(Credential::Cookie(_)) | None => String::new(),
        })
    }

    const OWN: (&str, &str) = ("access_token", " t ");
    const SAME: (&str, &str) = ("Authorization", "Bearer t");
    const BASIC: (&str, &str) = ("Authorization", "Basic YTpi");

    #[test]
    fn a_token_may_stand_in_a_field_of_its_own() {
        for fields in [&[OWN][..], &[SAME], &[OWN, SAME], &[OWN, BASIC]] {
            assert_eq!(token(fields).as_deref(), Ok("t"), "{fields:?}");
        }
        assert_eq!(token(&[]).as_deref(), Ok(""));
    }

    #[test]
    fn what_is_no_one_token_is_refused_there_too() {
        for (fields, fault) in [
            (&[OWN, ("Authorization", "Bearer u")][..], EdgeFault::MalformedCredentials),
            (&[OWN, ("Authorization", "Bearer")], EdgeFault::EmptyCredentials),
            (&[OWN, OWN], EdgeFault::MalformedCredentials),
            (&[("access_token", "t u")], EdgeFault::MalformedCredentials),
            (&[("access_token", "t,u")], EdgeFault::MalformedCredentials),
            (&[("access_token", "\u{fc}")], EdgeFault::MalformedCredentials),
            (&[("access_token", ""), SAME], EdgeFault::EmptyCredentials),
            (&[BASIC], EdgeFault::OtherScheme),
        ] {
            assert_eq!(token(fields), Err(fault), "{fields:?}");
        }
    }

    #[test]
    fn a_cookie_may_have_any_name_and_be_one_only() {
        let both = ("Cookie", "a=b; sessionid=s; xsessionid=x");
        let of = |fields: &Fields| -> Result<Option<String>, EdgeFault> {
            Ok(one_cookie(&request(fields), "sessionid")?.map(str::to_owned))
        };
        assert_eq!(of(&[both]), Ok(Some("s".to_owned())));
        assert_eq!(of(&[("Cookie", "xsessionid=x")]), Ok(None));
        assert_eq!(of(&[both, both]), Err(EdgeFault::MalformedCredentials));
    }
}
