//! `doorward keys`: which keys there are, new ones in the place of old ones, and old ones that go.

use std::time::Duration;

use domain::problem::Problem;
use domain::resealing::{Resealed, keys_in_use, reseal};
use domain::time::{Clock, Timestamp};
use infra::jwt::{JwtSigner, SigningKey};
use infra::sealer::{AesSealer, SealingKey, Settled};
use infra::stores::Stores;
use infra::system::SystemClock;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::Keys;
use crate::failure::{Failure, chain};
use crate::output;
use crate::settings::Settings;
use crate::wiring;

/// What a server was about to write when a new key began is written by then.
const SETTLING: Duration = Duration::from_secs(3);

/// Lists, rotates or tidies up; works beside a running server.
pub(crate) fn run(command: Keys, json: bool, settings: &Settings) -> Result<(), Failure> {
    match command {
        Keys::List => list(json, settings),
        Keys::Rotate { compromised: true, .. } => replace(json, settings),
        Keys::Rotate { sealing: true, after, .. } => renew(Some(after), json, settings),
        Keys::Rotate { after, .. } => rotate(after, json, settings),
        Keys::Prune => {
            // Retired signing keys go whenever the keys are read.
            JwtSigner::open(
                &wiring::open_secrets(settings)?,
                wiring::jwt_options(settings),
                SystemClock.now(),
            )?;
            renew(None, json, settings)
        }
    }
}

fn list(json: bool, settings: &Settings) -> Result<(), Failure> {
    let folder = wiring::open_secrets(settings)?;
    let now = SystemClock.now();
    let signing = infra::jwt::list(&folder, wiring::jwt_options(settings).longest_lifetime)?;
    let sealing = infra::sealer::list(&folder)?;
    if json {
        return output::json(&json!({
            "signing": signing.iter().map(|key| signing_json(key, now)).collect::<Vec<_>>(),
            "sealing": sealing.iter().map(|key| sealing_json(key, now)).collect::<Vec<_>>(),
        }));
    }
    if signing.is_empty() && sealing.is_empty() {
        output::message("There are no keys yet; the first start of the server makes them.");
    }
    let signing = signing.iter().map(|key| {
        let (kid, algorithm, made) = (&key.kid, &key.algorithm, text(key.created_at));
        format!("signing  {kid:32}  {algorithm:11}  made {made}  {}\n", of_signing(key, now).1)
    });
    let sealing = sealing.iter().map(|key| {
        format!("sealing  {:32}  AES-256-GCM  {:25}  {}\n", key.id, "", of_sealing(key, now).1)
    });
    output::data(&signing.chain(sealing).collect::<String>())
}

fn signing_json(key: &SigningKey, now: Timestamp) -> Value {
    json!({
        "id": key.kid,
        "algorithm": key.algorithm,
        "state": of_signing(key, now).0,
        "created_at": text(key.created_at),
        "signs_from": text(key.signs_from),
        "retired_at": key.retired_at.map(text),
        "verifies_until": key.verifies_until.map(text),
    })
}

fn sealing_json(key: &SealingKey, now: Timestamp) -> Value {
    json!({
        "id": key.id,
        "algorithm": "AES-256-GCM",
        "state": of_sealing(key, now).0,
        "seals_from": key.seals_from.map(text),
        "superseded_at": key.superseded_at.map(text),
    })
}

/// One word and a few: what a signing key is good for at this moment.
fn of_signing(key: &SigningKey, now: Timestamp) -> (&'static str, String) {
    if now < key.signs_from {
        return ("announced", format!("signs from {}", text(key.signs_from)));
    }
    match (key.retired_at, key.verifies_until) {
        (Some(at), Some(until)) if at <= now => {
            ("retired", format!("verifies until {}", text(until)))
        }
        (Some(at), _) => ("current", format!("signs until {}", text(at))),
        (None, _) => ("current", "signs".to_owned()),
    }
}

fn of_sealing(key: &SealingKey, now: Timestamp) -> (&'static str, String) {
    match (key.seals_from, key.superseded_at) {
        (Some(from), _) if now < from => ("announced", format!("seals from {}", text(from))),
        (_, Some(at)) if now < at => ("current", format!("seals until {}", text(at))),
        _ if key.is_newest => ("current", "seals".to_owned()),
        _ => ("retired", "opens".to_owned()),
    }
}

fn rotate(notice: Duration, json: bool, settings: &Settings) -> Result<(), Failure> {
    let folder = wiring::open_secrets(settings)?;
    let now = SystemClock.now();
    let signer = JwtSigner::open(&folder, wiring::jwt_options(settings), now)?;
    let kid = signer.rotate(now, notice)?;
    let begins = text(now.plus(notice));
    if json {
        return output::json(&json!({ "id": kid, "signs_from": begins }));
    }
    output::message("The old key verifies until the last token that it signed has ended.");
    output::data(&format!("id          {kid}\nsigns from  {begins}"))
}

fn replace(json: bool, settings: &Settings) -> Result<(), Failure> {
    let folder = wiring::open_secrets(settings)?;
    let now = SystemClock.now();
    let kid = JwtSigner::open(&folder, wiring::jwt_options(settings), now)?.replace(now)?;
    if json {
        return output::json(&json!({ "id": kid, "signs_from": text(now) }));
    }
    output::message(
        "What the old keys signed is refused. Clients with refresh tokens get new tokens by themselves; others sign in again.",
    );
    output::data(&format!("id          {kid}\nsigns from  {}", text(now)))
}

/// Makes a new sealing key, if a notice is given; seals everything again under the newest one, and
/// removes those that nothing needs.
fn renew(notice: Option<Duration>, json: bool, settings: &Settings) -> Result<(), Failure> {
    let sealer = AesSealer::open(&wiring::open_secrets(settings)?)?;
    // Before a key is made: without a database it would be for nothing.
    let opened = wiring::open_database(settings)?;
    let database = &opened.database;
    wiring::migrate(database, settings)?;
    if let Some(notice) = notice {
        sealer.rotate(SystemClock.now(), notice)?;
    }
    let stores = Stores::new(database);
    let done = wiring::block_on(renew_in(&stores, &sealer))?.map_err(refused)?;
    let (id, resealed, settled) = done?;
    tell(&id, &resealed, &settled, json)
}

type Renewed = Result<(String, Resealed, Settled), Failure>;

async fn renew_in(stores: &Stores, sealer: &AesSealer) -> Result<Renewed, Problem> {
    let Some((id, begins)) = sealer.newest() else {
        return Ok(Err(Failure::Failed("there is no sealing key".to_owned())));
    };
    // Every server seals with it from then on; nothing is sealed anew that one could not open.
    // A key that somebody put into the file by hand may have been there for a moment only.
    let now = SystemClock.now();
    let wait = begins.unwrap_or(now).plus(SETTLING).since(now);
    if sealer.has_old_keys() && !wait.is_zero() {
        output::message(&format!("Waiting {} s for servers to notice …", wait.as_secs() + 1));
        sleep(wait).await;
    }
    let values = stores.sealed.as_ref();
    let found = keys_in_use(values).await?;
    let before = match sealer.settle(&found, SystemClock.now()) {
        Ok(settled) => settled,
        Err(error) => return Ok(Err(error.into())),
    };
    let resealed = reseal(values, sealer, &id).await?;
    // Once more: what was found until now may be written back for a while.
    let after = sealer.settle(&found, SystemClock.now());
    let settled = after.map(|after| Settled { removed: before.removed, ..after });
    Ok(settled.map(|settled| (id, resealed, settled)).map_err(Failure::from))
}

fn refused(problem: Problem) -> Failure {
    Failure::Failed(format!(
        "not everything was sealed anew: {}; to go on run: doorward keys prune",
        chain(&problem)
    ))
}

fn tell(id: &str, done: &Resealed, settled: &Settled, json: bool) -> Result<(), Failure> {
    if done.unopened > 0 {
        output::message(&format!(
            "{} values cannot be opened: the keys that sealed them are missing from the folder of secrets.",
            done.unopened
        ));
    }
    if !settled.kept.is_empty() {
        output::message(
            "Old keys are kept while a server may still write with them; in ten minutes run: doorward keys prune",
        );
    }
    if json {
        return output::json(&json!({
            "id": id,
            "resealed": done.renewed,
            "left": done.left,
            "unopened": done.unopened,
            "kept": settled.kept,
            "removed": settled.removed,
        }));
    }
    let rows = [
        ("id", id.to_owned()),
        ("resealed", done.renewed.to_string()),
        ("left", done.left.to_string()),
        ("kept", settled.kept.join(" ")),
        ("removed", settled.removed.join(" ")),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    output::data(&rows.map(|(name, value)| format!("{name:12}{value}\n")).collect::<String>())
}

/// A moment in RFC 3339, to the second.
fn text(moment: Timestamp) -> String {
    moment.datetime().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
