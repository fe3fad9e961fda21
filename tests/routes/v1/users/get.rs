//! `GET /v1/users`.

use acceptance::{PASSWORD, Server};
use serde_json::json;

fn register(server: &Server, names: &[&str]) {
    for name in names {
        let person =
            json!({ "username": name, "display_name": format!("Dr {name}"), "password": PASSWORD });
        server.client().post("/v1/users", &person).expect(201);
    }
}

fn names(reply: &acceptance::Reply) -> Vec<String> {
    let people = reply.at("/data");
    let name = |person: &serde_json::Value| person["username"].as_str().unwrap_or("-").to_owned();
    people.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn the_directory_is_for_administrators() {
    let server = Server::start();
    server.client().get("/v1/users").expect_problem(401, "authentication_required");
    server.actor("ada").client.get("/v1/users").expect_problem(403, "forbidden");
    server.admin().client.get("/v1/users").expect(200);
}

#[test]
fn pages_follow_each_other_without_gap_or_repeat() {
    let server = Server::start();
    let admin = server.admin();
    let all: Vec<String> = (0..7).map(|n| format!("user{n}")).collect();
    register(&server, &all.iter().map(String::as_str).collect::<Vec<_>>());
    let mut seen = Vec::new();
    let mut path = "/v1/users?limit=3&q=user".to_owned();
    loop {
        let page = admin.client.get(&path).expect(200);
        seen.extend(names(&page));
        let next = page.at("/page/next_cursor");
        assert_eq!(page.at("/page/has_more"), json!(!next.is_null()));
        let Some(cursor) = next.as_str() else { break };
        path = format!("/v1/users?limit=3&q=user&cursor={cursor}");
        let link = page.header("link").unwrap().to_owned();
        assert!(
            link.starts_with(&format!("<{}/v1/users?", server.url()))
                && link.contains("rel=\"next\""),
            "{link}"
        );
        assert!(
            link.contains(cursor) && link.contains("q=user") && link.contains("limit=3"),
            "{link}"
        );
    }
    assert_eq!(seen, all);
    let newest = admin.client.get("/v1/users?sort=-created_at&limit=2").expect(200);
    assert_eq!(names(&newest), ["user6", "user5"]);
}

#[test]
fn a_search_is_in_the_order_of_a_phone_book_unless_sorted_otherwise() {
    let server = Server::start();
    let admin = server.admin();
    register(&server, &["dora", "dr.zoe", "adam", "draco"]);
    let found = |query: &str| names(&admin.client.get(&format!("/v1/users?{query}")).expect(200));
    assert_eq!(found("q=dr"), ["adam", "dora", "dr.zoe", "draco"], "all of them are called Dr");
    assert_eq!(found("q=dr%20D"), ["dora", "dr.zoe", "draco"]);
    assert_eq!(found("q=dr&sort=created_at"), ["dora", "dr.zoe", "adam", "draco"]);
    assert_eq!(found("q=dr&sort=-created_at"), ["draco", "adam", "dr.zoe", "dora"]);
    assert_eq!(found("q=dr&role=admin"), Vec::<String>::new());
}

#[test]
fn a_cursor_counts_in_its_own_search_and_order_only() {
    let server = Server::start();
    let admin = server.admin();
    register(&server, &["dora", "drake", "draco"]);
    let next = |query: &str| {
        let page = admin.client.get(&format!("/v1/users?limit=1&{query}")).expect(200);
        page.text_at("/page/next_cursor")
    };
    let cursors = ["q=dr", "q=d", "sort=created_at", "q=dr&sort=-created_at"].map(next);
    let of_searches = [("q=dr", 0), ("q=DR", 0), ("q=d", 1), ("", 2), ("sort=-created_at", 3)];
    for (query, own) in of_searches {
        for (index, cursor) in cursors.iter().enumerate() {
            let reply = admin.client.get(&format!("/v1/users?{query}&cursor={cursor}"));
            if index == own {
                reply.expect(200);
            } else {
                reply.expect_problem(400, "invalid_cursor");
            }
        }
    }
}

#[test]
fn a_prefix_is_literal_and_knows_no_case() {
    let server = Server::start();
    let admin = server.admin();
    register(&server, &["ada", "adam", "a_b", "a%b", "eve"]);
    let found = |q: &str| names(&admin.client.get(&format!("/v1/users?q={q}")).expect(200));
    assert_eq!(found("ADA"), ["ada", "adam"]);
    assert_eq!(found("a_"), ["a_b"]);
    assert_eq!(found("a%25"), ["a%b"]);
    assert_eq!(found("dr%20ev"), ["eve"]);
    assert_eq!(found("da"), Vec::<String>::new());
}

#[test]
fn filters_and_totals_count_what_they_say() {
    let server = Server::start();
    let admin = server.admin();
    register(&server, &["ada", "eve"]);
    let eve = admin.client.get("/v1/users?q=eve").text_at("/data/0/id");
    admin.client.send("POST", &format!("/v1/users/{eve}/lock"), "").expect(204);
    let locked = admin.client.get("/v1/users?status=locked&include_total=true").expect(200);
    assert_eq!((names(&locked), locked.at("/page/total")), (vec!["eve".to_owned()], json!(1)));
    assert_eq!(
        admin.client.get("/v1/users?created_after=2999-01-01T00:00:00Z").at("/data"),
        json!([])
    );
}

#[test]
fn parameters_that_do_not_fit_are_named() {
    let server = Server::start();
    let admin = server.admin();
    for (query, named) in [
        ("limt=3", "limit"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=1e3", "limit"),
        ("limit=4294967296", "limit"),
        ("limit=3&limit=4", "limit"),
        ("status=gone", "status"),
        ("sort=password_hash", "sort"),
        ("password_hash=x", "password_hash"),
        ("created_after=yesterday", "created_after"),
        ("include_total=maybe", "include_total"),
    ] {
        let refused = admin
            .client
            .get(&format!("/v1/users?{query}"))
            .expect_problem(400, "invalid_parameter");
        assert!(refused.text.contains(named), "{query}: {}", refused.text);
    }
    for cursor in ["x", "AAAA", "%00"] {
        admin
            .client
            .get(&format!("/v1/users?cursor={cursor}"))
            .expect_problem(400, "invalid_cursor");
    }
}
