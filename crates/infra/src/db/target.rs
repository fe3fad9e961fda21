//! What a database URL names, and how it is shown: never with its password.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::DatabaseError;
#[cfg(any(feature = "mysql", feature = "postgres"))]
use super::server::Server;

/// What `database.url` names.
#[derive(Clone)]
pub(super) enum Target {
    /// A SQLite database that lives as long as its one connection.
    Memory,
    /// A SQLite file.
    File(PathBuf),
    /// A database of MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(Server),
    /// A database of PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(Server),
}

impl Target {
    /// Reads a URL. Its text is in no error: it may hold a password.
    pub(super) fn parse(url: &SecretString) -> Result<Self, DatabaseError> {
        let text = url.expose_secret();
        match text.split_once(':').unwrap_or_default() {
            ("sqlite", rest) => Ok(Self::sqlite(rest)),
            #[cfg(feature = "mysql")]
            ("mysql", _) => Server::parse(text).map(Self::Mysql),
            #[cfg(not(feature = "mysql"))]
            ("mysql", _) => Err(DatabaseError::NotBuiltIn("mysql", "libmariadb-dev")),
            #[cfg(feature = "postgres")]
            ("postgres" | "postgresql", _) => Server::parse(text).map(Self::Postgres),
            #[cfg(not(feature = "postgres"))]
            ("postgres" | "postgresql", _) => {
                Err(DatabaseError::NotBuiltIn("postgres", "libpq-dev"))
            }
            _ => {
                Err(DatabaseError::Url("it begins with none of sqlite:, mysql:// and postgres://"))
            }
        }
    }

    /// Whether asking it may hang: it is somewhere else.
    pub(super) fn is_server(&self) -> bool {
        match self {
            Self::Memory | Self::File(_) => false,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => true,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => true,
        }
    }

    /// `//` is optional; what follows is a path as it stands, relative ones included.
    fn sqlite(rest: &str) -> Self {
        let path = rest.strip_prefix("//").unwrap_or(rest);
        if path.is_empty() || path == ":memory:" { Self::Memory } else { Self::File(path.into()) }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Memory => f.write_str("sqlite (in memory)"),
            Self::File(path) => write!(f, "sqlite {}", path.display()),
            #[cfg(feature = "mysql")]
            Self::Mysql(server) => write!(f, "mysql {server}"),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => write!(f, "postgres {server}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_takes_relative_and_absolute_paths_and_memory() {
        for (url, shown) in [
            ("sqlite://./data/doorward.db", "sqlite ./data/doorward.db"),
            ("sqlite:///var/lib/doorward.db", "sqlite /var/lib/doorward.db"),
            ("sqlite:doorward.db", "sqlite doorward.db"),
            ("sqlite::memory:", "sqlite (in memory)"),
            ("sqlite://:memory:", "sqlite (in memory)"),
        ] {
            assert_eq!(Target::parse(&url.into()).unwrap().to_string(), shown, "{url}");
        }
    }

    #[test]
    fn what_is_no_database_url_is_refused_without_being_repeated() {
        for url in ["", "secret", "redis://u:secret@h/0", "mysql:secret", "postgres://u:secret"] {
            let error = Target::parse(&url.into()).err().unwrap().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[cfg(not(feature = "mysql"))]
    #[test]
    fn an_engine_that_was_not_built_in_names_its_package_and_the_command() {
        let error = Target::parse(&"mysql://u:secret@h/d".into()).err().unwrap().to_string();
        assert!(error.contains("libmariadb-dev") && error.contains("make build"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}
