//! `doorward audit`: what happened, and whether anybody altered it since.

use domain::audit::{Flaw, Head, Verified};
use domain::problem::Problem;
use serde_json::json;

use super::Audit;
use crate::failure::{Failure, chain};
use crate::output;
use crate::settings::Settings;
use crate::wiring::{Backend, Role, block_on};

/// Runs one of the commands; works beside a running server.
pub(crate) fn run(command: Audit, settings: &Settings) -> Result<(), Failure> {
    let backend = Backend::open(settings, Role::Command)?;
    block_on(async {
        let audit = &backend.services.audit;
        let chained = audit.chain().await;
        match command {
            Audit::Verify { after, hash, json } => {
                // A row that stands in the way of the next one is what to find, not a reason not to look.
                if let Err(problem) = &chained {
                    let why = chain(problem);
                    output::message(&format!("what is not chained yet is not verified: {why}"));
                }
                let from = after.zip(hash).map(|(sequence, hash)| Head { sequence, hash });
                let from = from.unwrap_or(Head::start());
                tell(audit.verify(from).await.map_err(unread)?, json)
            }
            Audit::Export => {
                chained.map_err(unread)?;
                export(&backend).await
            }
        }
    })?
}

/// One event a line, the oldest first, as `GET /v1/audit-events` shows it.
async fn export(backend: &Backend) -> Result<(), Failure> {
    let mut last = 0;
    loop {
        let batch = backend.services.audit.after(last).await.map_err(unread)?;
        let Some(end) = batch.last().and_then(|recorded| recorded.link) else { return Ok(()) };
        last = end.sequence;
        let lines: Vec<String> = batch.iter().map(api::audit_event_json).collect();
        output::data(&lines.join("\n"))?;
    }
}

fn tell(verified: Verified, json: bool) -> Result<(), Failure> {
    let Verified { head, flaw } = verified;
    let hash: String = head.hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
    if json {
        let place = flaw.map(|flaw| place(flaw).0);
        let is_whole = flaw.is_none();
        output::json(
            &json!({ "whole": is_whole, "events": head.sequence, "hash": hash, "flaw": place }),
        )?;
    }
    match flaw {
        Some(flaw) => {
            let (place, what) = place(flaw);
            Err(Failure::Failed(format!("the audit trail is broken: event {place} {what}")))
        }
        None if json => Ok(()),
        None => {
            let events = head.sequence;
            output::data(&format!("{events} events, none altered; the chain ends with {hash}"))
        }
    }
}

/// Where the first flaw is, and what to say of it.
fn place(flaw: Flaw) -> (i64, &'static str) {
    match flaw {
        Flaw::Altered(place) => (place, "was altered"),
        Flaw::Missing(place) => (place, "is missing"),
        Flaw::TraitsAltered(place) => (place, "was altered: where it came from"),
        Flaw::Beyond(place) => (place, "was added outside of the chain"),
    }
}

fn unread(problem: Problem) -> Failure {
    Failure::Failed(format!("the audit trail cannot be read: {}", chain(&problem)))
}
