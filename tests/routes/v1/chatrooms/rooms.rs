//! Rooms, members, messages and likes, end to end.

use acceptance::Server;
use serde_json::json;

#[test]
fn a_room_from_its_making_to_its_end() {
    let server = Server::start();
    let (ada, eve, mallory) = (server.actor("ada"), server.actor("eve"), server.actor("mallory"));
    let room = json!({ "name": "Ward 7", "passkey": "heron" });
    let made = ada.client.post("/v1/chatrooms", &room).expect(201);
    let path = format!("/v1/chatrooms/{}", made.text_at("/id"));
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!((made.at("/private"), made.at("/member_count")), (true.into(), 1.into()));
    assert!(!made.text.contains("heron"), "the passkey is not repeated");

    let members = format!("{path}/members");
    eve.client.post(&members, &json!({ "passkey": "stork" })).expect(403);
    eve.client.post(&members, &json!({ "passkey": "heron" })).expect(204);
    eve.client.post(&members, &json!({ "passkey": "heron" })).expect(204);
    assert_eq!(ada.client.get(&path).expect(200).at("/member_count"), 2);

    let said = eve.client.post(&format!("{path}/messages"), &json!({ "text": "100 % sure_ly" }));
    let message = format!("/v1/messages/{}", said.expect(201).text_at("/id"));
    mallory.client.get(&message).expect(403);
    ada.client.json("PATCH", &message, &json!({ "text": "no" })).expect(403);
    let edited = eve.client.json("PATCH", &message, &json!({ "text": "50 % sure_ly" }));
    assert_eq!(edited.expect(200).at("/text"), "50 % sure_ly");
    for _ in 0..2 {
        ada.client.send("PUT", &format!("{message}/like"), "").expect(204);
    }
    assert_eq!(eve.client.get(&message).expect(200).at("/like_count"), 1);
    ada.client.delete(&format!("{message}/like")).expect(204);
    assert_eq!(eve.client.get(&message).expect(200).at("/like_count"), 0);

    for (sought, found) in [("SURE_LY", 1), ("0%20%25%20s", 1), ("sure%25", 0), ("surely", 0)] {
        let page = ada.client.get(&format!("{path}/messages?q={sought}")).expect(200);
        assert_eq!(page.at("/data").as_array().map(Vec::len), Some(found), "{sought}");
    }
    eve.client.delete(&format!("{path}/members/me")).expect(204);
    eve.client.get(&format!("{path}/messages")).expect(403);
    eve.client.delete(&path).expect(403);
    ada.client.delete(&path).expect(204);
    ada.client.get(&path).expect(404);
    ada.client.get(&message).expect(404);
}
