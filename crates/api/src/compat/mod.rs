//! The doors: existing HTTP contracts, each answered at its own paths.

mod chit_chat;
mod drf_accounts;
mod fields;
mod flask_jwt;
mod flask_user_auth;
mod people;
mod py_api;
mod test_library;

use actix_web::web::ServiceConfig;
use domain::sessions::Door;
use domain::users::{MobileRules, PasswordPolicy, Rules};

use crate::settings::{ApiSettings, CompatSettings, Mode};

/// A door's own paths.
#[derive(Clone, Copy)]
struct Served {
    /// What it answers.
    routes: fn(&mut ServiceConfig, Mode),
    /// What it words as not found: below its paths, where no other door answers either.
    unknown: fn(&mut ServiceConfig),
}

/// The paths of the doors that are open.
pub(crate) fn routes(config: &mut ServiceConfig, settings: &CompatSettings) {
    let open: Vec<Served> = settings.doors.iter().filter_map(|door| served_by(*door)).collect();
    for door in &open {
        (door.routes)(config, settings.mode);
    }
    // Doors share the beginnings of paths, so what is unknown is known only now.
    for door in &open {
        (door.unknown)(config);
    }
}

/// What answers at the paths of this door, once it is open; nothing more, where it is `/v1`, which is
/// no door and always there.
fn served_by(door: Door) -> Option<Served> {
    let served = |routes, unknown| Some(Served { routes, unknown });
    match door {
        Door::V1 => None,
        Door::PyApi => served(py_api::routes, py_api::unknown),
        Door::FlaskUserAuth => served(flask_user_auth::routes, flask_user_auth::unknown),
        Door::DrfAccounts => served(drf_accounts::routes, drf_accounts::unknown),
        Door::TestLibrary => served(test_library::routes, test_library::unknown),
        Door::ChitChat => served(chit_chat::routes, chit_chat::unknown),
    }
}

/// Whether anything answers at the paths of this door, once it is open.
pub fn is_built(door: Door) -> bool {
    served_by(door).is_some()
}

/// What the doors ask of the people they register and change.
fn rules(settings: &ApiSettings) -> Rules {
    let hardened = settings.compat.mode == Mode::Hardened;
    let default_region = settings.compat.default_region.clone();
    Rules {
        passwords: if hardened { PasswordPolicy::Strict } else { PasswordPolicy::Any },
        mobiles: MobileRules { strict: hardened, default_region },
        few_registrations: hardened,
        verify_changes: hardened,
        // Whether people wait for a link before they are active is settled for all doors but one.
        ..settings.v1_rules.clone()
    }
}
