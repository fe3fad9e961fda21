//! Where a database server is, and how that is shown: never with the password.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::DatabaseError;

/// One database of a server.
#[derive(Clone)]
pub(super) struct Server {
    url: SecretString,
    /// Host, port and database.
    shown: String,
    /// The name of the database.
    pub(super) database: String,
}

impl Server {
    /// Reads a URL. Its text is in no error.
    pub(super) fn parse(text: &str) -> Result<Self, DatabaseError> {
        let wrong = DatabaseError::Url(
            "it is not of the form scheme://user:password@host:port/database; the signs @ / ? # % in \
             a password are written %40 %2F %3F %23 %25",
        );
        let Ok(url) = Url::parse(text) else { return Err(wrong) };
        // With a bare / ? or # in the password, the host would be the user and the rest a path.
        let stray = |part: Option<&str>| part.is_some_and(|part| part.contains('@'));
        if stray(Some(url.path())) || stray(url.query()) || url.fragment().is_some() {
            return Err(wrong);
        }
        if url.cannot_be_a_base() {
            return Err(wrong);
        }
        // Without a host it is the local socket.
        let host = url.host_str().unwrap_or("localhost");
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self {
            shown: format!("{host}{port}{}", url.path()),
            database: url.path().trim_start_matches('/').to_owned(),
            url: text.into(),
        })
    }

    /// The URL with its credentials, for the client library only, and `parameters` where it does
    /// not set them itself.
    pub(super) fn url_with(&self, parameters: &[(&str, &str)]) -> String {
        let Ok(mut url) = Url::parse(self.url.expose_secret()) else { return String::new() };
        for (name, value) in parameters {
            if self.parameter(name).is_none() {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url.into()
    }

    /// A parameter of the URL.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.url.expose_secret()).ok()?;
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Who signs in.
    #[cfg(feature = "postgres")]
    pub(super) fn user(&self) -> String {
        Url::parse(self.url.expose_secret()).map_or(String::new(), |url| url.username().to_owned())
    }

    /// `text` as one line, in which the password, should the client library repeat it, is hidden.
    pub(super) fn scrub(&self, text: &str) -> String {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let url = Url::parse(self.url.expose_secret()).ok();
        match url.as_ref().and_then(Url::password).filter(|password| !password.is_empty()) {
            Some(password) => line.replace(password, "***"),
            None => line,
        }
    }
}

impl std::fmt::Display for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Server {
        Server::parse(url).unwrap()
    }

    #[test]
    fn a_server_is_shown_without_credentials_and_parameters() {
        let url = "postgres://app:s%40cret@db.example.org:5433/doorward?password=secret";
        assert_eq!(server(url).to_string(), "db.example.org:5433/doorward");
        assert_eq!(server("mysql://u:p@[::1]/d").to_string(), "[::1]/d");
        assert_eq!(server("postgres:///d?host=/run/postgresql").to_string(), "localhost/d");
    }

    #[test]
    fn a_password_with_bare_signs_is_refused_and_not_taken_for_a_port() {
        for url in ["mysql://u:12#x@h/d", "mysql://u:12?x@h/d", "mysql://u:12/x@h/d"] {
            let error = Server::parse(url).err().unwrap().to_string();
            assert!(error.contains("%40") && !error.contains("12"), "{error}");
        }
    }

    #[test]
    fn parameters_of_the_url_go_before_ours() {
        let server = server("postgres://u@h/d?connect_timeout=9");
        let url = server.url_with(&[("connect_timeout", "2"), ("application_name", "doorward")]);
        assert_eq!(url, "postgres://u@h/d?connect_timeout=9&application_name=doorward");
    }

    #[test]
    fn a_password_is_hidden_where_a_client_library_repeats_it() {
        let said = server("mysql://u:hunter2@h/d").scrub("no  such\nhost: hunter2@h");
        assert_eq!(said, "no such host: ***@h");
    }
}
