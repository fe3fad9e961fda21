//! Door 3, where its table of single exchanges does not reach.

use acceptance::{Client, Server};
use serde_json::{Value, json};

fn signed_up(server: &Server) -> Client {
    let person = json!({
        "username": "grace", "password": "nanosecond wire", "password_confirm": "nanosecond wire",
        "display_name": "Grace", "facility_id": "234",
    });
    let created = server.client().post("/api/users/", &person).expect(201);
    let cookies = created.headers.iter().filter(|(name, _)| name == "set-cookie");
    let session = cookies.map(|(_, value)| value).find(|value| value.starts_with("sessionid="));
    server.client().with("Cookie", session.unwrap().split(';').next().unwrap())
}

#[test]
fn what_is_wrong_with_a_change_is_told_in_one_form() {
    let server = Server::start();
    let client = signed_up(&server);
    let refused = |field: &str, value: Value, text: &str| {
        let reply = client.json("PATCH", "/api/users/me/", &json!({ field: value })).expect(400);
        let data = json!({ field: [text] });
        let expected = json!({ "detail": "Failed to update user information", "data": data });
        assert_eq!(reply.body(), expected);
    };
    let blank = "This field may not be blank.";
    refused("display_name", json!(""), blank);
    refused("display_name", json!("  "), blank);
    refused("profile_picture", json!(" "), blank);
    refused("display_name", json!("a\u{0}b"), "Null characters are not allowed.");
    refused("display_name", json!("a\nb"), "This field must not contain control characters.");
    for picture in
        ["http://", "http:// x y", "http://x/\"><script>", "ftp://x", "https:///x", "../x"]
    {
        refused("profile_picture", json!(picture), "Enter a valid URL.");
    }
    for picture in ["https://example.org/a.png?b=c#d", "HTTP://EXAMPLE.org", "grace.png", ""] {
        let change = json!({ "profile_picture": picture });
        client.json("PATCH", "/api/users/me/", &change).expect(200);
    }
}

#[test]
fn a_password_that_is_most_of_the_user_name_is_too_similar() {
    let server = Server::start();
    for password in ["zqxwvkjhb", "zqxw-vkjhb", "zqxwvkjhbz"] {
        let person = json!({
            "username": "zqxwvkjhbz", "display_name": "Jo", "facility_id": "22",
            "password": password, "password_confirm": password,
        });
        let refused = server.client().post("/api/users/", &person).expect(400);
        let text = "The password is too similar to the username.";
        assert_eq!(refused.body(), json!({ "detail": { "password": [text] } }), "{password}");
    }
}

#[test]
fn a_page_of_an_allowed_origin_may_echo_the_token() {
    let server =
        Server::builder().with("server.allowed_origins", "https://app.example.org").start();
    let page = server.client().with("Origin", "https://app.example.org");
    let asked = page.with("Access-Control-Request-Method", "PATCH");
    let told = asked.send("OPTIONS", "/api/users/me/", "").expect(204);
    assert!(told.header("access-control-allow-headers").unwrap().contains("x-csrftoken"));
}

#[test]
fn the_user_name_is_told_first_whoever_was_quicker() {
    let server = Server::start();
    let person = json!({ "username": "rx1", "mobile": "0771", "password": "p" });
    let told: Vec<(u16, String)> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    let reply = server.client().post("/user", &person);
                    (reply.status, reply.text_at("/message"))
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let taken = "A user with that username already exists.".to_owned();
    assert_eq!(told.iter().filter(|told| told.0 == 201).count(), 1);
    assert_eq!(told.iter().filter(|told| **told == (400, taken.clone())).count(), 19, "{told:?}");
}
