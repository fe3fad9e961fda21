//! `DELETE /v1/sessions`, `/v1/sessions/current` and `/v1/sessions/{id}`.

use acceptance::Server;

#[test]
fn a_signed_out_token_is_refused_by_the_very_next_request() {
    let server = Server::start();
    let (ada, other) = (server.actor("ada"), server.actor("eve"));
    ada.client.delete("/v1/sessions/current").expect(204);
    ada.client.get("/v1/users/me").expect_problem(401, "session_revoked");
    ada.client.delete("/v1/sessions/current").expect_problem(401, "session_revoked");
    assert!(other.is_in());
}

#[test]
fn one_others_or_all_are_closed_as_asked() {
    let server = Server::start();
    let ada = server.actor("ada");
    let (second, third) = (ada.again(), ada.again());
    ada.client
        .delete(&format!("/v1/sessions/{}", second.opened.text_at("/session/id")))
        .expect(204);
    assert!(ada.is_in() && !second.is_in() && third.is_in());
    ada.client.delete("/v1/sessions?except=current").expect(204);
    assert!(ada.is_in() && !third.is_in());
    let fourth = ada.again();
    ada.client.delete("/v1/sessions?except=others").expect_problem(400, "invalid_parameter");
    ada.client.delete("/v1/sessions").expect(204);
    assert!(!ada.is_in() && !fourth.is_in());
}

#[test]
fn a_condition_that_does_not_hold_closes_nothing() {
    let server = Server::start();
    let ada = server.actor("ada");
    let other = ada.again();
    let path = format!("/v1/sessions/{}", other.opened.text_at("/session/id"));
    let conditional = ada.client.with("If-Match", "\"other\"");
    conditional.delete(&path).expect_problem(412, "version_mismatch");
    conditional.delete("/v1/sessions/current").expect_problem(412, "version_mismatch");
    assert!(ada.is_in() && other.is_in());
    ada.client.with("If-Match", "*").delete(&path).expect(204);
    assert!(!other.is_in());
}

#[test]
fn nobody_closes_somebody_elses_session() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let foreign = format!("/v1/sessions/{}", ada.opened.text_at("/session/id"));
    eve.client.delete(&foreign).expect_problem(404, "not_found");
    server.admin().client.delete(&foreign).expect_problem(404, "not_found");
    assert!(ada.is_in());
}
