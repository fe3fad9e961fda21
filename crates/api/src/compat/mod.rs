//! The doors: existing HTTP contracts, each answered at its own paths.

mod py_api;

use actix_web::web::ServiceConfig;
use domain::sessions::Door;
use domain::users::{MobileRules, PasswordPolicy, Rules, Status};

use crate::settings::{CompatSettings, Mode};

/// The paths of the doors that are open.
pub(crate) fn routes(config: &mut ServiceConfig, settings: &CompatSettings) {
    for serve in settings.doors.iter().filter_map(|door| served_by(*door)) {
        serve(config, settings.mode);
    }
}

/// Whether anything answers at the paths of this door, once it is open.
pub fn is_built(door: Door) -> bool {
    served_by(door).is_some()
}

fn served_by(door: Door) -> Option<fn(&mut ServiceConfig, Mode)> {
    match door {
        Door::PyApi => Some(py_api::routes),
        // `/v1` is no door, and always there. The other four are not built yet.
        Door::V1 | Door::FlaskUserAuth | Door::DrfAccounts | Door::TestLibrary | Door::ChitChat => {
            None
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
        activation_code: hardened,
    }
}
