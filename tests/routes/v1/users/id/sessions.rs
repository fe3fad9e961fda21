//! `DELETE /v1/users/{id}/sessions`.

use acceptance::Server;

#[test]
fn an_administrator_signs_somebody_out_everywhere() {
    let server = Server::start();
    let (ada, eve, admin) = (server.actor("ada"), server.actor("eve"), server.admin());
    let elsewhere = ada.again();
    let path = format!("/v1/users/{}/sessions", ada.id());
    eve.client.delete(&path).expect_problem(403, "forbidden");
    admin.client.delete(&path).expect(204);
    assert!(!ada.is_in() && !elsewhere.is_in() && eve.is_in());
}
