//! What callers send about sessions, and the schemas of it.

use std::borrow::Cow;

use domain::problem::Field;
use domain::sessions::{Client, Door, Login, Transport};
use domain::users::{MobileRules, Password, UserKey};
use serde_json::json;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::v1::fault::V1Fault;
use crate::v1::members::Members;
use crate::v1::openapi::limits::{self, MAX_IDENTIFIER, MAX_REFRESH_TOKEN};

/// The names that `transport` knows.
const TRANSPORTS: &str = "token, cookie";

/// The body of `POST /v1/sessions`.
pub(crate) struct SignIn {
    identifier: String,
    password: Password,
    /// How the session is to be held.
    pub(crate) transport: Transport,
}

impl SignIn {
    /// Takes what was sent.
    pub(crate) fn read(mut members: Members) -> Result<Self, V1Fault> {
        let identifier = members.required_text(Field::Identifier, MAX_IDENTIFIER);
        let password = members.required_password(Field::Password);
        let transport = members.one_of("transport", TRANSPORTS, transport);
        let transport = transport.unwrap_or(Transport::Refresh);
        let read = identifier.zip(password);
        let read = read.map(|(identifier, password)| Self { identifier, password, transport });
        members.finish(read)
    }

    /// What the service is asked. An identifier that can be nobody's is looked for all the same.
    pub(crate) fn into_login(self, mobiles: &MobileRules, client: Client) -> Login {
        Login {
            key: UserKey::read(&self.identifier, mobiles),
            password: self.password,
            door: Door::V1,
            transport: self.transport,
            bearer_lifetime: None,
            client,
        }
    }
}

fn transport(name: &str) -> Option<Transport> {
    match name {
        "token" => Some(Transport::Refresh),
        "cookie" => Some(Transport::Cookie),
        _ => None,
    }
}

/// The body of `POST /v1/sessions/refresh`.
pub(crate) struct Refresh;

impl Refresh {
    /// The refresh token that was sent.
    pub(crate) fn read(mut members: Members) -> Result<String, V1Fault> {
        let token = members.required_text(Field::RefreshToken, MAX_REFRESH_TOKEN);
        members.finish(token)
    }
}

impl PartialSchema for SignIn {
    fn schema() -> RefOr<Schema> {
        let transport = limits::named(TRANSPORTS).default(Some(json!("token"))).description(Some(
            "`token` hands out an access token and a refresh token; `cookie` sets a cookie that \
             scripts cannot read, and hands out none.",
        ));
        limits::closed()
            .property("identifier", limits::identifier())
            .property("password", limits::known_password())
            .property("transport", transport)
            .required("identifier")
            .required("password")
            .examples([json!({ "identifier": "ada", "password": "a northern heron at dusk" })])
            .into()
    }
}

impl PartialSchema for Refresh {
    fn schema() -> RefOr<Schema> {
        limits::closed()
            .property("refresh_token", limits::refresh_token())
            .required("refresh_token")
            .into()
    }
}

impl ToSchema for SignIn {
    fn name() -> Cow<'static, str> {
        "SignIn".into()
    }
}

impl ToSchema for Refresh {
    fn name() -> Cow<'static, str> {
        "Refresh".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<SignIn, V1Fault> {
        SignIn::read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_session_is_held_by_tokens_unless_said() {
        let transport = |json| read(json).unwrap().transport;
        let plain = r#"{"identifier": "ada", "password": "x"}"#;
        assert_eq!(transport(plain), Transport::Refresh);
        let cookie = r#"{"identifier": "ada", "password": "x", "transport": "cookie"}"#;
        assert_eq!(transport(cookie), Transport::Cookie);
    }

    #[test]
    fn a_sign_in_tells_all_that_is_missing_at_once() {
        let Err(V1Fault::Members(misfits)) = read(r#"{"transport": "pigeon"}"#) else {
            panic!("it was accepted");
        };
        let names: Vec<&str> = misfits.iter().map(|misfit| misfit.name.as_str()).collect();
        assert_eq!(names, ["identifier", "password", "transport"]);
    }
}
