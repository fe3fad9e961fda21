//! `GET /livez`.

use acceptance::Server;

#[test]
fn a_running_server_is_alive() {
    Server::start().client().get("/livez").expect(200);
}
