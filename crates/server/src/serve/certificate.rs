//! The certificate while the server runs: renewed without a restart, and told of when it ends.

use std::time::Duration;

use domain::time::{Clock, Timestamp};
use infra::system::SystemClock;
use infra::tls::{Tls, Validity};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::settings::tls::told;

/// How often its files are looked at.
const INTERVAL: Duration = Duration::from_secs(5);
/// How often its end is looked at.
const DAILY: Duration = Duration::from_secs(24 * 60 * 60);
/// It should have been renewed by then: those who renew by themselves do so a month before.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Shows a renewed certificate as soon as its files are there, until the process ends. Files that
/// cannot be used are told once for each reason, and the certificate in use stays.
pub(super) async fn watch(mut tls: Tls) {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut said, mut warned) = (None, None);
    loop {
        if warned.is_none_or(|at: Instant| at.elapsed() >= DAILY) {
            warn(tls.validity(), SystemClock.now());
            warned = Some(Instant::now());
        }
        ticks.tick().await;
        // Files, so not on a thread that serves requests.
        let looked = spawn_blocking(move || {
            let seen = tls.look();
            (tls, seen)
        });
        let Ok((back, seen)) = looked.await else {
            tracing::error!("the certificate is not watched any more; restart to have it renewed");
            return;
        };
        tls = back;
        match seen {
            Ok(false) => {}
            Ok(true) => {
                (said, warned) = (None, None);
                tracing::info!("a renewed certificate is in use");
            }
            Err(error) => {
                let text = told(&error);
                if said.as_ref() != Some(&text) {
                    tracing::warn!(cause = text, "the renewed certificate cannot be used");
                    said = Some(text);
                }
            }
        }
    }
}

/// Tells of a certificate that clients refuse, or soon will.
fn warn(validity: Option<Validity>, now: Timestamp) {
    let Some(Validity { from, until }) = validity else { return };
    let (from, until) = (from.datetime(), until.datetime());
    if now.datetime() >= until {
        tracing::warn!(%until, "the certificate has expired: clients refuse it; renew it");
    } else if now.datetime() < from {
        tracing::warn!(%from, "the certificate is not valid yet: clients refuse it");
    } else if now.plus(SOON).datetime() >= until {
        tracing::warn!(%until, "the certificate expires soon; renew it");
    }
}
