//! `doorward openapi`: the document of `/v1`, for generators of clients.

use crate::failure::Failure;
use crate::output;
use crate::settings::Settings;

/// Prints the document as the server would serve it.
pub(crate) fn run(settings: &Settings) -> Result<(), Failure> {
    let server = &settings.server;
    output::data(&api::openapi_json(&server.reached_at(server.bind.0)))
}
