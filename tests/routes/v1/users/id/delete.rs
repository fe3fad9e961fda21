//! `DELETE /v1/users/{id}`.

use acceptance::Server;

#[test]
fn a_deleted_person_is_gone_with_all_its_sessions() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let elsewhere = ada.again();
    let path = format!("/v1/users/{}", ada.id());
    eve.client.delete(&path).expect_problem(403, "forbidden");
    server.client().delete(&path).expect_problem(401, "authentication_required");
    ada.client.with("If-Match", "\"999\"").delete(&path).expect_problem(412, "version_mismatch");
    ada.client.delete(&path).expect(204);
    assert!(!ada.is_in() && !elsewhere.is_in());
    eve.client.get(&path).expect_problem(404, "not_found");
    let again = server.actor("ada");
    assert_ne!(again.id(), ada.id());
    assert!(!ada.is_in(), "the old token is not the new person's");
    assert_ne!(again.me()["number"], ada.opened.at("/user/number"), "numbers are never used again");
}

#[test]
fn an_administrator_deletes_anybody() {
    let server = Server::start();
    let (ada, admin) = (server.actor("ada"), server.admin());
    let path = format!("/v1/users/{}", ada.id());
    admin.client.delete(&path).expect(204);
    admin.client.delete(&path).expect_problem(404, "not_found");
}
