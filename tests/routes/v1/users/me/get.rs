//! `GET /v1/users/me`.

use acceptance::Server;

#[test]
fn a_person_reads_with_exactly_the_documented_members() {
    let server = Server::start();
    let me = server.actor("ada").me();
    let members: Vec<&str> = me.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "avatar_url consent created_at display_name email email_verified facility_id first_name \
                    gender id last_name mobile mobile_verified number pending_email pending_mobile roles \
                    status updated_at username";
    assert_eq!(members, expected.split_whitespace().collect::<Vec<_>>());
    for time in ["created_at", "updated_at"] {
        let text = me[time].as_str().unwrap();
        assert!(text.ends_with('Z') && text.as_bytes()[10] == b'T', "{text}");
    }
}

#[test]
fn every_way_of_not_being_signed_in_is_401_with_a_challenge() {
    let server = Server::start();
    let ada = server.actor("ada");
    let missing =
        server.client().get("/v1/users/me").expect_problem(401, "authentication_required");
    assert!(!missing.header("www-authenticate").unwrap().contains("error="));
    let altered = format!("{}x", ada.access_token());
    for token in [altered.as_str(), "x.y.z", "eyJhbGciOiJub25lIn0.e30.", &ada.refresh_token()] {
        let refused =
            server.client().bearer(token).get("/v1/users/me").expect_problem(401, "token_invalid");
        assert!(refused.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    }
    let basic = server.client().with("Authorization", "Basic YTpi").get("/v1/users/me");
    assert!(basic.expect(401).header("www-authenticate").unwrap().starts_with("Bearer"));
    let in_url = format!("/v1/users/me?access_token={}", ada.access_token());
    assert_ne!(server.client().get(&in_url).status, 200, "a token in a URL counts for nothing");
}
