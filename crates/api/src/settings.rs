//! What an operator decides about the HTTP side.

use std::time::Duration;

use actix_web::http::Uri;
use domain::sessions::Door;
use domain::users::{Greeting, MobileRules, PasswordPolicy, Rules, Status, User, UserId};
use ipnet::IpNet;

/// What every surface goes by.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Where clients reach the server, without a slash at the end: links and cookies are made from
    /// it, never from a request's `Host`.
    pub public_url: String,
    /// The peers that are believed when they say whom they forward for.
    pub trusted_proxies: Vec<IpNet>,
    /// The origins (`https://app.example.org`) whose pages may call with credentials.
    pub allowed_origins: Vec<String>,
    /// Whether `/v1` changes a resource only where `If-Match` names its version (else 428).
    pub require_if_match: bool,
    /// What `/v1` asks of the people it registers and changes.
    pub v1_rules: Rules,
    /// What the doors go by.
    pub compat: CompatSettings,
    /// The most bytes that a JSON body may have.
    pub json_limit: usize,
    /// The most bytes that an uploaded picture may have.
    pub upload_limit: usize,
    /// How long a body may take to arrive as a whole.
    pub body_deadline: Duration,
}

/// What the doors beside `/v1` go by.
#[derive(Debug, Clone)]
pub struct CompatSettings {
    /// How closely they follow their documents where these are unsafe.
    pub mode: Mode,
    /// Those that are open; the others answer 404.
    pub doors: Vec<Door>,
    /// The country of mobile numbers written without `+` (ISO 3166 alpha-2), if any.
    pub default_region: Option<String>,
}

/// How closely the doors follow their documents where these are unsafe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To the letter.
    Documented,
    /// Except for what helps an attacker.
    Hardened,
}

/// Plain HTTP on a loopback port, documented doors, nothing required that may be left out.
impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            require_if_match: false,
            v1_rules: Rules {
                passwords: PasswordPolicy::Strict,
                mobiles: MobileRules { strict: true, default_region: None },
                initial_status: Status::Active,
                few_registrations: true,
                verify_changes: true,
                greeting: Greeting::Nothing,
                link_base: "http://127.0.0.1:8080".to_owned(),
            },
            compat: CompatSettings::default(),
            json_limit: 65_536,
            upload_limit: 5 * 1_024 * 1_024,
            body_deadline: Duration::from_secs(10),
        }
    }
}

impl Default for CompatSettings {
    fn default() -> Self {
        Self { mode: Mode::Documented, doors: Door::COMPAT.to_vec(), default_region: None }
    }
}

impl ApiSettings {
    /// Whether clients reach the server over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The origin of `public_url` as browsers write it (RFC 6454 §6.1): no path, no default port.
    pub(crate) fn public_origin(&self) -> Option<String> {
        let url: Uri = self.public_url.parse().ok()?;
        let scheme = url.scheme_str()?;
        let host = url.host()?.to_ascii_lowercase();
        match (scheme, url.port_u16()) {
            ("http", Some(80)) | ("https", Some(443)) | (_, None) => {
                Some(format!("{scheme}://{host}"))
            }
            (_, Some(port)) => Some(format!("{scheme}://{host}:{port}")),
        }
    }

    /// Where the picture that a person uploaded is found, if it did.
    pub(crate) fn avatar_url(&self, user: &User) -> Option<String> {
        let name = user.avatar.as_ref()?;
        Some(if self.compat.doors.contains(&Door::TestLibrary) {
            format!("{}/static/propics/{name}", self.public_url)
        } else {
            self.v1_avatar_url(user.id)
        })
    }

    /// Where `/v1` shows a person's picture.
    pub(crate) fn v1_avatar_url(&self, id: UserId) -> String {
        format!("{}/v1/users/{id}/avatar", self.public_url)
    }

    /// Whether pages of this origin may call with credentials.
    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(public_url: &str) -> Option<String> {
        ApiSettings { public_url: public_url.to_owned(), ..ApiSettings::default() }.public_origin()
    }

    #[test]
    fn an_origin_has_no_path_and_no_default_port() {
        for (url, expected) in [
            ("https://Auth.Example.org", "https://auth.example.org"),
            ("https://auth.example.org:443/base", "https://auth.example.org"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(origin(url).as_deref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn what_is_no_url_has_no_origin() {
        assert_eq!(origin("auth.example.org"), None);
        assert_eq!(origin(""), None);
    }
}
