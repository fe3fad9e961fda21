//! The doors: existing HTTP contracts, each answered at its own paths.

mod py_api;

use actix_web::web::ServiceConfig;
use domain::sessions::Door;
use domain::users::{MobileRules, PasswordPolicy, Rules, Status};

use crate::settings::{CompatSettings, Mode};

/// The paths of the doors that are open.
pub(crate) fn routes(config: &mut ServiceConfig, settings: &CompatSettings) {
    for door in &settings.doors {
        match door {
            Door::PyApi => py_api::routes(config, settings.mode),
            // `/v1` is no door, and always there. The other four are not built yet.
            Door::V1
            | Door::FlaskUserAuth
            | Door::DrfAccounts
            | Door::TestLibrary
            | Door::ChitChat => {}
        }
    }
}

/// What the doors ask of the people they register and change.
fn rules(settings: &CompatSettings, initial_status: Status) -> Rules {
    let hardened = settings.mode == Mode::Hardened;
    let default_region = settings.default_region.clone();
    Rules {
        passwords: if hardened { PasswordPolicy::Strict } else { PasswordPolicy::Any },
        mobiles: MobileRules { strict: hardened, default_region },
        initial_status,
        verify_changes: hardened,
    }
}
