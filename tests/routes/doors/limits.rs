//! Registrations from one network are limited, over all doors together, each in its own words.

use acceptance::{Client, Reply, Server};
use serde_json::json;

fn at_door_1(client: &Client, name: &str) -> Reply {
    let email = format!("{name}@example.org");
    let person = json!({ "firstname": "A", "lastname": "B", "email": email, "password": "northern heron 77" });
    client.post("/sessions/register", &person)
}

fn at_door_2(client: &Client, name: &str) -> Reply {
    let mobile = format!("+49 30 12345{}", name.len());
    let person = json!({ "username": name, "mobile": mobile, "password": "northern heron 77" });
    client.post("/user", &person)
}

fn at_door_3(client: &Client, name: &str) -> Reply {
    let person = json!({
        "username": name, "password": "northern heron 77", "password_confirm": "northern heron 77",
        "display_name": "Grace", "facility_id": "234",
    });
    client.post("/api/users/", &person)
}

fn at_door_4(client: &Client, name: &str) -> Reply {
    let email = format!("{name}@example.org");
    let person = json!({ "email": email, "username": name, "password": "northern heron 77" });
    client.post("/users/register", &person)
}

fn at_door_5(client: &Client, name: &str) -> Reply {
    let email = format!("{name}@example.org");
    let person = json!({ "email": email, "username": name, "password": "northern heron 77" });
    client.post("/users/", &person)
}

fn at_v1(client: &Client, name: &str) -> Reply {
    client.post("/v1/users", &json!({ "username": name, "password": "northern heron 77" }))
}

fn server(mode: &str) -> Server {
    let limited = Server::builder().with("limits.enabled", "true");
    limited.with("limits.network_registrations", "6").with("compat.mode", mode).start()
}

#[test]
fn six_registrations_whether_taken_or_not_and_then_none_at_any_door() {
    let server = server("documented");
    let client = server.client();
    at_door_4(&client, "grace").expect(201);
    // What tells that somebody exists is counted too; what no door could take is not.
    at_door_4(&client, "grace").expect(400);
    at_door_4(&client, "not a name").expect(400);
    at_door_1(&client, "grace").expect(409);
    at_door_2(&client, "ada").expect(201);
    at_door_3(&client, "eve").expect(201);
    at_door_5(&client, "mallory").expect(201);
    for refused in [
        at_door_1(&client, "one"),
        at_door_2(&client, "two"),
        at_door_3(&client, "three"),
        at_door_4(&client, "four"),
        at_door_5(&client, "five"),
        at_v1(&client, "six"),
        at_v1(&client, "grace"),
    ] {
        assert_eq!(refused.status, 429, "{}", refused.text);
        let seconds = refused.header("retry-after").and_then(|text| text.parse::<u64>().ok());
        assert!(
            seconds.is_some_and(|seconds| (1..=600).contains(&seconds)),
            "{:?}",
            refused.headers
        );
        refused.body();
    }
    // Who is known already signs in as before, and administrators add whom they want.
    let login = json!({ "email": "grace@example.org", "password": "northern heron 77" });
    client.post("/users/login", &login).expect(200);
    at_v1(&server.admin().client, "seven").expect(201);
}

#[test]
fn hardened_doors_take_half_as_many() {
    let server = server("hardened");
    let client = server.client();
    for name in ["one", "two", "three"] {
        at_door_4(&client, name).expect(201);
    }
    at_door_4(&client, "four").expect(429);
    at_v1(&client, "five").expect_problem(429, "too_many_requests");
}

#[test]
fn v1_takes_half_as_many_as_documented_doors() {
    let server = server("documented");
    let client = server.client();
    for name in ["one", "two", "three"] {
        at_v1(&client, name).expect(201);
    }
    at_v1(&client, "four").expect_problem(429, "too_many_requests");
    at_door_4(&client, "four").expect(201);
}

#[test]
fn a_change_that_tells_who_is_registered_counts_like_a_registration() {
    let server = server("documented");
    let client = server.client();
    for name in ["grace", "ada"] {
        at_v1(&client, name).expect(201);
    }
    let email =
        |address: &str| json!({ "email": address, "current_password": "northern heron 77" });
    at_door_4(&client, "eve").expect(201);
    let login = json!({ "identifier": "ada", "password": "northern heron 77" });
    let opened = client.post("/v1/sessions", &login).expect(201);
    let ada = client.bearer(&opened.text_at("/access_token"));
    let refused = ada.json("PATCH", "/v1/users/me", &email("eve@example.org"));
    refused.expect_problem(429, "too_many_requests");
    // An address that nobody has tells nothing of anybody.
    ada.json("PATCH", "/v1/users/me", &email("ada@example.org")).expect(200);
    // The documented doors have the larger half, and it ends as well.
    let taken = json!({ "username": "grace" });
    for _ in 0..3 {
        ada.json("PUT", "/users/", &taken).expect(400);
    }
    ada.json("PUT", "/users/", &taken).expect(429);
}
