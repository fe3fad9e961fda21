//! The SQL that grants what a database user was refused.

use super::server::Server;

/// The account that MySQL or MariaDB says it refused; `None` where `reason` says nothing of rights.
/// A wrong password is no question of rights: it ends in "(using password: YES)".
#[cfg(feature = "mysql")]
pub(super) fn refused_by_mysql(reason: &str) -> Option<&str> {
    let (_, refused) = reason.split_once(" denied ")?;
    let ends = [" to database", " for table", " for column"];
    let end = ends.iter().filter_map(|end| refused.find(end)).min()?;
    Some(refused.get(..end)?.split_once("user ")?.1)
}

/// What lets `account` do all that is needed.
#[cfg(feature = "mysql")]
pub(super) fn mysql_grant(server: &Server, account: &str) -> String {
    let database = server.database.replace('`', "``");
    format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, REFERENCES \
         ON `{database}`.* TO {account};"
    )
}

/// What PostgreSQL needs to be told, if `reason` says that rights are missing.
#[cfg(feature = "postgres")]
pub(super) fn postgres_grant(server: &Server, reason: &str) -> Option<String> {
    let (_, refused) = reason.split_once("permission denied for ")?;
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (user, database) = (quoted(&server.user()), quoted(&server.database));
    Some(match refused.split_whitespace().next()? {
        "schema" => format!("GRANT USAGE, CREATE ON SCHEMA public TO {user};"),
        "database" => format!("GRANT CONNECT ON DATABASE {database} TO {user};"),
        _ => format!(
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}; \
             GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {user};"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "mysql")]
    #[test]
    fn mysql_names_whom_it_refused() {
        for reason in [
            "Access denied for user 'app'@'%' to database 'doorward'",
            "CREATE command denied to user 'app'@'%' for table `doorward`.`users`",
        ] {
            assert_eq!(refused_by_mysql(reason), Some("'app'@'%'"), "{reason}");
        }
        let password = "Access denied for user 'app'@'%' (using password: YES)";
        assert_eq!(refused_by_mysql(password), None);
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn postgres_is_told_what_to_grant_to_the_user_of_the_url() {
        let server = Server::parse("postgres://app:pw@h/doorward").unwrap();
        let grant = postgres_grant(&server, "permission denied for schema public").unwrap();
        assert_eq!(grant, "GRANT USAGE, CREATE ON SCHEMA public TO \"app\";");
        let grant = postgres_grant(&server, "permission denied for table users").unwrap();
        assert!(grant.contains("ALL TABLES"), "{grant}");
        assert_eq!(postgres_grant(&server, "no such database"), None);
    }
}
