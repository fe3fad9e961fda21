//! Where adapters meet ports: the only place that names both.

mod options;

use std::fs::DirBuilder;
use std::future::Future;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use api::{ApiState, Observers, WithinRequest};
use domain::audit::{AuditStore, Surroundings};
use domain::chatrooms::ChatroomStore;
use domain::time::Clock;
use domain::{Ports, Services};
use infra::cache::SessionCache;
use infra::db::{Database, DatabaseOptions, MigrationReport};
use infra::doorbell::PolledDoorbell;
use infra::keys::KeyWatch;
use infra::local_throttle::LocalThrottle;
use infra::pause::TimedPause;
use infra::pictures::ImageStudio;
use infra::secrets::SecretsFolder;
use infra::security_log::TracingSecurityLog;
use infra::stores::Stores;
use infra::system::{EntropyAhead, SystemClock, SystemEntropy};

use crate::failure::Failure;
use crate::leaving::Leaving;
use crate::presence::Presence;
use crate::settings::Settings;
use options::{api_settings, blobs, courier, policy, session_cache, start_hasher};
pub(crate) use options::{jwt_options, strict_rules};

/// Everything behind the HTTP surfaces.
pub(crate) struct Backend {
    /// What surfaces call.
    pub(crate) services: Services,
    /// Tells `/readyz` that the server is about to leave.
    pub(crate) leaving: Arc<Leaving>,
    /// Lets answers wait, until the server leaves.
    pub(crate) pause: Arc<TimedPause>,
    /// Hears what other nodes say in chatrooms, and what they change.
    pub(crate) listening: Listening,
    /// Sees keys that other processes changed.
    pub(crate) keys: KeyWatch,
    /// The folder of secrets, and whether any was just made.
    pub(crate) secrets: SecretsFolder,
    /// The database itself, and the right to write to it.
    pub(crate) at_database: AtDatabase,
    /// The engine and the path or URL without credentials.
    pub(crate) database: String,
    /// What migrating did, if it was for us to do.
    pub(crate) migrated: Option<MigrationReport>,
}

/// What a process is to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It serves until it is stopped.
    Server,
    /// It does one thing, perhaps beside a server.
    Command,
}

/// The database, and the right to write to it.
pub(crate) struct AtDatabase {
    /// As a server or beside one.
    pub(crate) presence: Presence,
    /// The database.
    pub(crate) database: Database,
    /// What a server remembers of it.
    pub(crate) cache: Option<SessionCache>,
}

/// What has to run beside the server so that it hears what other nodes say.
pub(crate) struct Listening {
    bell: PolledDoorbell,
    rooms: Arc<dyn ChatroomStore>,
    cache: Option<SessionCache>,
    trail: Arc<dyn AuditStore>,
}

impl Listening {
    /// Listens for what is said in chatrooms, until the process ends.
    pub(crate) fn to_rooms(&self) -> impl Future<Output = ()> + use<> {
        self.bell.clone().watch(Arc::clone(&self.rooms))
    }

    /// Listens for changes of what is remembered of sessions, until the process ends.
    pub(crate) fn to_changes(&self) -> impl Future<Output = ()> + use<> {
        let (cache, trail) = (self.cache.clone(), Arc::clone(&self.trail));
        async move {
            if let Some(cache) = cache {
                cache.listen(trail).await;
            }
        }
    }
}

impl Backend {
    /// Opens secrets and database, brings the latter up to date, and builds the services.
    ///
    /// A server remembers sessions; a command comes beside one.
    pub(crate) fn open(settings: &Settings, role: Role) -> Result<Self, Failure> {
        make_data_dir(settings)?;
        let cache = session_cache(settings).filter(|_| role == Role::Server);
        let presence = match role {
            Role::Server => Presence::of_server(settings, cache.clone())?,
            Role::Command => Presence::of_command(settings)?,
        };
        let secrets = open_secrets(settings)?;
        let keys = KeyWatch::open(&secrets, jwt_options(settings), SystemClock.now())?;
        let chain_key = secrets.chain_key()?;
        let database = connect(settings)?;
        let migrated = migrate(&database, settings)?;
        let stores = Stores::new(&database);
        let trail = Arc::clone(&stores.audit);
        let stores = match &cache {
            Some(cache) => cache.over(stores),
            None => stores,
        };
        let leaving = Arc::new(Leaving::new(stores.health));
        let doorbell = PolledDoorbell::default();
        let rooms = Arc::clone(&stores.chatrooms);
        let listening = Listening { bell: doorbell.clone(), rooms, cache: cache.clone(), trail };
        let pause = Arc::new(TimedPause::default());
        let surroundings: Arc<dyn Surroundings> = Arc::new(api::CurrentRequest);
        let hasher = Arc::new(start_hasher(settings, Arc::clone(&surroundings))?);
        let ports = Ports {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            users: stores.users,
            sessions: stores.sessions,
            throttle: stores.throttle,
            local_throttle: Arc::new(LocalThrottle::default()),
            pause: Arc::clone(&pause) as _,
            codes: stores.codes,
            outbox: stores.outbox,
            courier: Arc::new(courier(settings)?),
            sealer: keys.sealer(),
            chatrooms: stores.chatrooms,
            messages: stores.messages,
            doorbell: Arc::new(doorbell),
            books: stores.books,
            audit: stores.audit,
            idempotency: stores.idempotency,
            surroundings,
            blobs: Arc::new(blobs(settings)?),
            studio: Arc::new(ImageStudio::default()),
            health: Arc::clone(&leaving) as _,
            hasher,
            signer: keys.signer(),
            log: Arc::new(WithinRequest(TracingSecurityLog)),
        };
        let services = Services::new(ports, &policy(settings), chain_key);
        let described = database.describe();
        let at_database = AtDatabase { presence, database, cache };
        Ok(Self {
            services,
            leaving,
            pause,
            listening,
            keys,
            secrets,
            at_database,
            database: described,
            migrated,
        })
    }

    /// What the HTTP surfaces are served with.
    pub(crate) fn api_state(
        &self,
        settings: &Settings,
        public_url: &str,
        observers: Observers,
    ) -> ApiState {
        let services = self.services.clone();
        let settings = api_settings(settings, public_url);
        ApiState::new(services, settings, Arc::new(SystemClock), Arc::new(EntropyAhead), observers)
    }
}

/// Opens the folder of secrets, making it where it is missing.
pub(crate) fn open_secrets(settings: &Settings) -> Result<SecretsFolder, Failure> {
    Ok(SecretsFolder::open(settings.data_dir.path().join("secrets"))?)
}

/// Opens the database for a command, having made the folder that it may lie in.
pub(crate) fn open_database(settings: &Settings) -> Result<AtDatabase, Failure> {
    make_data_dir(settings)?;
    let presence = Presence::of_command(settings)?;
    Ok(AtDatabase { presence, database: connect(settings)?, cache: None })
}

/// Opens the database to look at its tables alone: nobody is asked, and nothing is written.
pub(crate) fn look_at_database(settings: &Settings) -> Result<Database, Failure> {
    make_data_dir(settings)?;
    connect(settings)
}

fn connect(settings: &Settings) -> Result<Database, Failure> {
    let database = &settings.database;
    let options = DatabaseOptions {
        url: database.url.in_folder(settings.data_dir.path()),
        pool_size: database.pool_size.get(),
        acquire_timeout: database.acquire_timeout.get(),
    };
    Ok(Database::open(options)?)
}

/// Waits for one answer of the services outside of the server.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| Failure::io("start the runtime", &error))?.block_on(future))
}

fn make_data_dir(settings: &Settings) -> Result<(), Failure> {
    let path = settings.data_dir.path();
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| Failure::path("make the folder", path, &error))
}

pub(crate) fn migrate(
    database: &Database,
    settings: &Settings,
) -> Result<Option<MigrationReport>, Failure> {
    if settings.database.migrate.0 {
        return Ok(Some(database.migrate_up()?));
    }
    let pending = database.migration_status()?.iter().filter(|one| !one.applied).count();
    if pending == 0 {
        return Ok(None);
    }
    Err(Failure::Failed(format!(
        "{} lacks {pending} migrations, and database.migrate is false; run: doorward migrate",
        database.describe()
    )))
}
