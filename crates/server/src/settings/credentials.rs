//! Whether the credentials in a URL are ones that everybody would try.

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// Passwords of manuals, images and samples, in lower case.
const SAMPLES: [&str; 26] = [
    "123456",
    "12345678",
    "123456789",
    "1234567890",
    "admin",
    "administrator",
    "changeit",
    "default",
    "demo",
    "doorward",
    "example",
    "guest",
    "mariadb",
    "mysql",
    "p@ssw0rd",
    "pass",
    "passw0rd",
    "password",
    "postgres",
    "postgresql",
    "qwerty",
    "root",
    "sample",
    "secret",
    "test",
    "toor",
];
/// What samples to be filled in begin with.
const BEGINNINGS: [&str; 6] = ["change-me", "change_me", "changeme", "your-", "your_", "<"];

/// Parameters of a URL by which a client shows who it is in another way than by a password.
const OTHER_WAYS: [&str; 5] = ["passfile", "sslcert", "sslkey", "ssl_cert", "unix_socket"];

/// Whether this password of this user is empty, the user's name or well known.
pub(super) fn is_guessable(user: &str, password: &SecretString) -> bool {
    let password = password.expose_secret().to_lowercase();
    password.is_empty()
        || password == user.to_lowercase()
        || SAMPLES.contains(&password.as_str())
        || BEGINNINGS.iter().any(|beginning| password.starts_with(beginning))
}

/// Whether a database server is signed in to with such a password. Who connects by a local socket is
/// known by that, and a SQLite file has no password.
pub(super) fn opens_a_database(url: &SecretString) -> bool {
    let Ok(url) = Url::parse(url.expose_secret()) else { return false };
    if url.scheme() == "sqlite" {
        return false;
    }
    let given = |name: &str| {
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let user = given("user").unwrap_or_else(|| decoded(url.username()));
    match url.password().map(decoded).or_else(|| given("password")) {
        Some(password) => is_guessable(&user, &password.into()),
        None => {
            !is_local(&url, given("host")) && !OTHER_WAYS.iter().any(|way| given(way).is_some())
        }
    }
}

/// Whether it is a socket in the file system.
fn is_local(url: &Url, host: Option<String>) -> bool {
    let host = host.or_else(|| url.host_str().map(|host| host.to_lowercase().replace("%2f", "/")));
    host.is_none_or(|host| host.is_empty() || host.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(url: &str) -> bool {
        opens_a_database(&url.into())
    }

    #[test]
    fn empty_repeated_and_well_known_passwords_are_guessable() {
        for url in [
            "mysql://root:root@db/doorward",
            "mysql://root@127.0.0.1/doorward",
            "mysql://root:@db/doorward",
            "postgres://app:App@db/doorward",
            "postgres://app:Password@db/doorward",
            "postgres://app:p%40ssw0rd@db/doorward",
            "postgres://app@db/doorward?password=postgres",
            "postgresql://app:change-me-please@db/doorward",
            "postgres://db/doorward",
        ] {
            assert!(opens(url), "{url}");
        }
    }

    #[test]
    fn others_are_not_nor_is_who_needs_none() {
        for url in [
            "sqlite://./data/doorward.db",
            "sqlite::memory:",
            "mysql://root:9bd3d94a595bfb548d670b@db/doorward",
            "postgres://app:a-good-secret-of-ours@db/doorward",
            "postgres:///doorward",
            "postgres:///doorward?host=/run/postgresql",
            "postgres://app@%2Frun%2Fpostgresql/doorward",
            "postgres://app@db/doorward?sslmode=verify-full&sslcert=app.crt&sslkey=app.key",
            "mysql://app@localhost/doorward?unix_socket=/run/mysqld/mysqld.sock",
        ] {
            assert!(!opens(url), "{url}");
        }
    }
}
