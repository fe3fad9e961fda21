//! `GET /v1/users/{id}`.

use acceptance::Server;

#[test]
fn others_see_the_public_part_only() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let path = format!("/v1/users/{}", ada.id());
    let seen = eve.client.get(&path).expect(200);
    let members: Vec<String> = seen.body().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["avatar_url", "display_name", "id", "username"]);
    let own = ada.client.get(&path).expect(200);
    assert_eq!(own.body(), ada.me());
    assert_eq!(server.admin().client.get(&path).expect(200).body(), own.body());
    assert_ne!(own.header("etag"), seen.header("etag"));
}

#[test]
fn an_unchanged_person_is_not_sent_again() {
    let ada = Server::start();
    let ada = (ada.actor("ada"), ada);
    let path = format!("/v1/users/{}", ada.0.id());
    let tag = ada.0.client.get(&path).header("etag").unwrap().to_owned();
    let again = ada.0.client.with("If-None-Match", &tag).get(&path).expect(304);
    assert_eq!((again.text.as_str(), again.header("etag")), ("", Some(tag.as_str())));
    ada.0.client.with("If-None-Match", "\"other\"").get(&path).expect(200);
}

#[test]
fn what_is_no_id_names_nobody() {
    let server = Server::start();
    let ada = server.actor("ada");
    let id = ada.id();
    for path in [
        "00000000-0000-7000-8000-000000000000".to_owned(),
        "1".to_owned(),
        "0x1".to_owned(),
        format!("{id}%20"),
        id.to_uppercase(),
        id.replace('-', ""),
        format!("{{{id}}}"),
    ] {
        ada.client.get(&format!("/v1/users/{path}")).expect_problem(404, "not_found");
    }
    server.client().get(&format!("/v1/users/{id}")).expect_problem(401, "authentication_required");
}
