//! Why a command ended early: one clear line for the operator, and an exit code for scripts.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

use infra::db::DatabaseError;
use infra::secrets::SecretsError;
use rustix::process::getuid;

use crate::settings::report::{Report, reason};

/// Why a command ended early. Its text is what the operator reads.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It could not be done: exit code 1.
    Failed(String),
    /// The settings are wrong: exit code 78 (`EX_CONFIG`).
    Config(Report),
}

impl Failure {
    /// The system refused to do this.
    pub(crate) fn io(what: &str, error: &io::Error) -> Self {
        Self::Failed(format!("cannot {what}: {}{}", reason(error), advice(error.kind())))
    }

    /// The system refused to do this with a path.
    pub(crate) fn path(what: &str, path: &Path, error: &io::Error) -> Self {
        Self::io(&format!("{what} {}", path.display()), error)
    }

    /// What scripts see.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::from(1),
            Self::Config(_) => ExitCode::from(78),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(text) => write!(f, "doorward: {text}"),
            Self::Config(report) => report.fmt(f),
        }
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Config(report)
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::File { action, path, source } => Self::path(action, &path, &source),
            DatabaseError::Unreachable { ref database, .. } if database.starts_with("sqlite") => {
                let user = format!("uid {}", getuid().as_raw());
                let advice = format!("see that the disk has room and that {user} may write there");
                Self::Failed(format!("{error}; {advice}"))
            }
            DatabaseError::Unreachable { .. } => {
                Self::Failed(format!("{error}; start the database, or change database.url"))
            }
            DatabaseError::Url(_)
            | DatabaseError::NotBuiltIn(..)
            | DatabaseError::MissingRights { .. }
            | DatabaseError::Migration { .. }
            | DatabaseError::Threads(_) => Self::Failed(error.to_string()),
        }
    }
}

impl From<SecretsError> for Failure {
    fn from(error: SecretsError) -> Self {
        match error {
            SecretsError::File { action, path, source } => Self::path(action, &path, &source),
            SecretsError::Readable { .. }
            | SecretsError::Writable { .. }
            | SecretsError::TooShort { .. }
            | SecretsError::Sample { .. }
            | SecretsError::Malformed { .. }
            | SecretsError::Entropy(_)
            | SecretsError::KeyGeneration => Self::Failed(error.to_string()),
        }
    }
}

/// An error and its causes on one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |cause| Error::source(*cause));
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// What to do about it, where that is known.
#[expect(clippy::wildcard_enum_match_arm, reason = "the system has dozens, and may get more")]
fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "; free some space, or name another folder with --data-dir"
        }
        ErrorKind::PermissionDenied => {
            "; let that user write there, or name another folder with --data-dir"
        }
        ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "; name another folder with --data-dir"
        }
        ErrorKind::NotFound => "; make that folder, or name another one with --data-dir",
        _ => "",
    }
}
