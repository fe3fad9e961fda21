//! The SQL that grants what a database user was refused.

use super::server::Server;

/// What MySQL or MariaDB needs to be told, if `reason` says that rights are missing. It names the
/// user as the server knows it, with the host.
#[cfg(feature = "mysql")]
pub(super) fn mysql_grant(server: &Server, reason: &str) -> Option<String> {
    let (_, refused) = reason.split_once(" denied ")?;
    // A wrong password has no such text: it ends in "(using password: YES)".
    let ends = [" to database", " for table", " for column"];
    let end = ends.iter().filter_map(|end| refused.find(end)).min()?;
    let user = refused.get(..end)?.split_once("user ")?.1;
    let database = server.database.replace('`', "``");
    Some(format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, REFERENCES \
         ON `{database}`.* TO {user};"
    ))
}

/// What PostgreSQL needs to be told, if `reason` says that rights are missing.
#[cfg(feature = "postgres")]
pub(super) fn postgres_grant(server: &Server, reason: &str) -> Option<String> {
    let (_, refused) = reason.split_once("permission denied for ")?;
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (user, database) = (quoted(&server.user), quoted(&server.database));
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
    fn mysql_is_told_what_to_grant_to_the_user_it_named() {
        let server = Server::parse("mysql://app:pw@h/door`ward").unwrap();
        for reason in [
            "Access denied for user 'app'@'%' to database 'doorward'",
            "CREATE command denied to user 'app'@'%' for table `doorward`.`users`",
        ] {
            let grant = mysql_grant(&server, reason).unwrap();
            assert!(grant.ends_with("TO 'app'@'%';"), "{grant}");
            assert!(grant.contains(" ON `door"), "{grant}");
        }
        let password = "Access denied for user 'app'@'%' (using password: YES)";
        assert_eq!(mysql_grant(&server, password), None);
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
