//! What the engines were seen to say, and how it is sorted.

use super::*;

fn sorted(kind: DatabaseErrorKind, message: &str) -> Failure {
    classify(&Error::DatabaseError(kind, Box::new(message.to_owned())))
}

#[test]
fn every_engines_name_of_a_unique_key_leads_to_its_field() {
    for message in [
        "UNIQUE constraint failed: users.email_key",
        "users_email_key",
        "Duplicate entry 'ada@example.org' for key 'users_email_key'",
        "Duplicate entry 'ada@example.org' for key 'users.users_email_key'",
        "Duplicate entry 'x' for key 'users_username_key' for key 'users_email_key'",
    ] {
        let failure = sorted(DatabaseErrorKind::UniqueViolation, message);
        assert_eq!(failure, Failure::Conflict(Field::Email), "{message}");
    }
}

#[test]
fn a_unique_key_that_is_no_field_is_a_failure() {
    for message in ["UNIQUE constraint failed: users.id", "users_pkey"] {
        let failure = sorted(DatabaseErrorKind::UniqueViolation, message);
        assert_eq!(failure, Failure::Unavailable, "{message}");
    }
}

#[test]
fn locks_and_deadlocks_are_tried_again() {
    for message in [
        "Deadlock found when trying to get lock; try restarting transaction",
        "deadlock detected",
        "Lock wait timeout exceeded; try restarting transaction",
        "canceling statement due to lock timeout",
        "Record has changed since last read in table 'users'",
        "database is locked",
    ] {
        assert_eq!(sorted(DatabaseErrorKind::Unknown, message), Failure::Retry, "{message}");
    }
    assert_eq!(sorted(DatabaseErrorKind::SerializationFailure, ""), Failure::Retry);
}

#[test]
fn a_lost_connection_is_known_as_such() {
    for message in [
        "MySQL server has gone away",
        "Lost connection to server during query",
        "Connection was killed",
        "terminating connection due to administrator command",
        "server closed the connection unexpectedly",
    ] {
        assert_eq!(sorted(DatabaseErrorKind::Unknown, message), Failure::Lost, "{message}");
    }
}

#[test]
fn everything_else_is_a_failure_and_not_tried_again() {
    for message in
        ["Data too long for column 'username' at row 1", "Query execution was interrupted"]
    {
        assert_eq!(sorted(DatabaseErrorKind::Unknown, message), Failure::Unavailable, "{message}");
    }
    assert_eq!(classify(&Error::NotFound), Failure::Unavailable);
}

#[test]
fn an_engine_that_was_not_built_in_names_its_package_and_the_command() {
    let line = DatabaseError::NotBuiltIn("mysql", "libmariadb-dev").to_string();
    assert!(line.contains("libmariadb-dev") && line.contains("make build"), "{line}");
}
