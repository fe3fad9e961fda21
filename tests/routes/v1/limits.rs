//! What replies tell of limits, and the limits of searches and pictures.

use acceptance::{Client, PASSWORD, Reply, Server, ServerBuilder};
use serde_json::json;

fn limited() -> ServerBuilder {
    Server::builder().with("limits.enabled", "true")
}

fn sign_in(client: &Client, identifier: &str, password: &str) -> Reply {
    client.post("/v1/sessions", &json!({ "identifier": identifier, "password": password }))
}

/// `RateLimit` without the seconds, which pass.
fn left(reply: &Reply) -> String {
    let field = reply.header("ratelimit").unwrap_or_default();
    let item = |item: &str| item.rsplit_once(";t=").map_or("", |(left, _)| left).to_owned();
    field.split(", ").map(item).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_sign_in_tells_what_is_left_to_the_network_and_of_an_account_only_that_nothing_is() {
    let server = limited().with("limits.account_failures", "3").start();
    let client = server.client();
    let person = json!({ "username": "ada", "email": "ada@example.org", "password": PASSWORD });
    let registered = client.post("/v1/users", &person).expect(201);
    assert_eq!(registered.header("ratelimit-policy"), Some(r#""registration";q=300;w=600"#));
    assert_eq!(left(&registered), r#""registration";r=299"#);
    let policies = r#""sign-in";q=3;w=600, "sign-in-network";q=1000;w=600"#;
    for (number, identifier) in ["ada", "nobody", "ada@example.org", "ada"].iter().enumerate() {
        let wrong = sign_in(&client, identifier, "wrong").expect(401);
        assert_eq!(wrong.header("ratelimit-policy"), Some(policies));
        assert_eq!(left(&wrong), format!(r#""sign-in-network";r={}"#, 999 - number));
    }
    for identifier in ["ada", "nobody"] {
        (0..2).for_each(|_| drop(sign_in(&client, identifier, "wrong")));
        let spent = sign_in(&client, identifier, PASSWORD);
        let spent = spent.expect_problem(429, "too_many_requests");
        assert_eq!(spent.header("ratelimit-policy"), Some(policies));
        assert!(
            left(&spent).starts_with(r#""sign-in-network";r="#)
                || left(&spent).starts_with(r#""sign-in";r=0"#)
        );
        let seconds = spent.header("retry-after").unwrap();
        let field = spent.header("ratelimit").unwrap();
        assert!(field.contains(&format!(r#""sign-in";r=0;t={seconds}"#)), "{field}");
    }
    assert_eq!(client.get("/v1/users/me").header("ratelimit"), None, "it met no limit");
}

#[test]
fn a_success_costs_nothing_and_says_so() {
    let server = limited().start();
    let client = server.client();
    client.post("/v1/users", &json!({ "username": "ada", "password": PASSWORD })).expect(201);
    for _ in 0..3 {
        let opened = sign_in(&client, "ada", PASSWORD).expect(201);
        assert_eq!(left(&opened), r#""sign-in-network";r=1000"#);
    }
}

#[test]
fn searches_of_one_network_are_limited_at_all_surfaces_together() {
    let server = limited().with("limits.network_searches", "7").start();
    let root = server.admin().client;
    let found = root.get("/v1/users?q=root").expect(200);
    assert_eq!(found.header("ratelimit-policy"), Some(r#""search";q=7;w=60"#));
    assert_eq!(left(&found), r#""search";r=6"#);
    let paths =
        ["/v1/books", "/v1/chatrooms", "/user", "/users/getall", "/books/getall", "/chats/"];
    for path in paths {
        let listed = root.get(path).expect(200);
        assert!(left(&listed).starts_with(r#""search";r="#), "{path}");
    }
    for path in paths.iter().chain(&["/v1/users?q=root"]) {
        let refused = root.get(path).expect(429);
        assert_eq!(left(&refused), r#""search";r=0"#);
        assert!(refused.header("retry-after").is_some(), "{path}");
        refused.body();
    }
    root.get("/v1/books").expect_problem(429, "too_many_requests");
    root.get("/v1/users/me").expect(200);
}

#[test]
fn pictures_of_one_network_are_limited_and_one_too_many_is_not_read() {
    let server = limited().with("limits.network_uploads", "2").start();
    let ada = server.actor("ada").client;
    let png = ada.with("Content-Type", "image/png");
    let put = |bytes: &[u8]| png.send_bytes("PUT", "/v1/users/me/avatar", bytes);
    assert_eq!(left(&put(b"no picture").expect(422)), r#""upload";r=1"#);
    let form = ada.with("Content-Type", "multipart/form-data; boundary=x");
    assert_eq!(left(&form.send("PUT", "/users/updatePropic", "--x--")), r#""upload";r=0"#);
    put(b"no picture").expect_problem(429, "too_many_requests");
    let refused = form.send("PUT", "/users/updatePropic", "--x--").expect(429);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(refused.at("/status"), 429, "in the words of its door");
    server
        .client()
        .with("Content-Type", "image/png")
        .send("PUT", "/v1/users/me/avatar", "x")
        .expect(401);
}
