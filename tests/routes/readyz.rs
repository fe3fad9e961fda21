//! `GET /readyz`.

use acceptance::Server;

#[test]
fn a_server_whose_database_answers_is_ready() {
    Server::start().client().get("/readyz").expect(200);
}
