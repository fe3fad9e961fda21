//! `doorward migrate`: the database's tables, forward, back, or only looked at.

use infra::db::Database;
use serde_json::json;

use super::Migrate;
use crate::failure::Failure;
use crate::output;
use crate::settings::Settings;
use crate::wiring;

/// Migrates, or says where the database stands.
pub(crate) fn run(step: Migrate, json: bool, settings: &Settings) -> Result<(), Failure> {
    match step {
        Migrate::Status => status(&wiring::look_at_database(settings)?, json),
        Migrate::Up => {
            let report = wiring::open_database(settings)?.database.migrate_up()?;
            tell("run", &report.ran, json)
        }
        Migrate::Down { steps } => {
            let report = wiring::open_database(settings)?.database.migrate_down(steps)?;
            tell("taken back", &report.ran, json)
        }
    }
}

fn status(database: &Database, json: bool) -> Result<(), Failure> {
    let states = database.migration_status()?;
    if json {
        let rows = states.iter().map(|one| json!({ "name": one.name, "applied": one.applied }));
        return output::json(&rows.collect());
    }
    let row =
        |applied, name: &str| format!("{:9}{name}\n", if applied { "applied" } else { "pending" });
    output::data(&states.iter().map(|one| row(one.applied, &one.name)).collect::<String>())
}

/// Names what was done on standard output, and sums it up on standard error.
fn tell(done: &str, names: &[String], json: bool) -> Result<(), Failure> {
    let plural = if names.len() == 1 { "" } else { "s" };
    output::message(&format!("{} migration{plural} {done}", names.len()));
    if json {
        output::json(&json!(names))
    } else if names.is_empty() {
        Ok(())
    } else {
        output::data(&names.join("\n"))
    }
}
