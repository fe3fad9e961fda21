//! How this process is at the database: as a server that writes alone if it can, or as a command that
//! comes beside one.

use std::sync::Arc;

use infra::cache::SessionCache;
use infra::db::sqlite_file;
use infra::sole::{Keeper, SoleError, Visit};

use crate::failure::Failure;
use crate::settings::Settings;

/// The right to write to the database. It ends with the process: threads may write until then.
pub(crate) enum Presence {
    /// A server, on SQLite.
    Server(Arc<Keeper>),
    /// A command, on SQLite.
    Visitor,
    /// Other engines see to it themselves, and nobody else sees a database in memory.
    Anywhere,
}

impl Presence {
    /// As a server; the cache hears whether it is the only one that writes.
    pub(crate) fn of_server(
        settings: &Settings,
        cache: Option<SessionCache>,
    ) -> Result<Self, Failure> {
        let folder = settings.data_dir.path();
        let Some(file) = sqlite_file(&settings.database.url.in_folder(folder))? else {
            return Ok(Self::Anywhere);
        };
        let keeper = Keeper::start(&file, folder, move |alone| {
            if let Some(cache) = &cache {
                cache.set_sole(alone);
            }
            tell(alone);
        })?;
        keeper.for_good();
        Ok(Self::Server(Arc::new(keeper)))
    }

    /// As a command, which a server that writes alone lets in.
    pub(crate) fn of_command(settings: &Settings) -> Result<Self, Failure> {
        let url = settings.database.url.in_folder(settings.data_dir.path());
        let Some(file) = sqlite_file(&url)? else { return Ok(Self::Anywhere) };
        Visit::begin(&file)?.for_good();
        Ok(Self::Visitor)
    }
}

fn tell(alone: bool) {
    if alone {
        tracing::info!("no other process writes to the database: sessions may be remembered");
    } else {
        tracing::info!("others may write to the database: sessions are read at each request");
    }
}

impl From<SoleError> for Failure {
    fn from(error: SoleError) -> Self {
        match error {
            SoleError::File { action, path, source } => Self::path(action, &path, &source),
            SoleError::Unshared { .. } | SoleError::Stuck { .. } => Self::Failed(error.to_string()),
        }
    }
}
