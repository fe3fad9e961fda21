//! `docs/authorization.md` is what the server does: each row is called by everybody.

mod calls;
mod cast;
mod doors;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use acceptance::Server;
use serde_json::{Value, json};

use cast::{CALLERS, Cast};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn document() -> Value {
    serde_json::from_str(&read("openapi.json")).unwrap()
}

/// The rows of the table below this heading: the first cell without its backticks, and the others.
fn table(heading: &str) -> BTreeMap<String, Vec<String>> {
    let page = read("authorization.md");
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let rows = rows.map(|line| {
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        let mut cells: Vec<String> = cells.collect();
        (cells.remove(0).replace('`', ""), cells)
    });
    let rows: Vec<(String, Vec<String>)> = rows.collect();
    let count = rows.len();
    let table: BTreeMap<String, Vec<String>> = rows.into_iter().collect();
    assert!(count > 5 && table.len() == count, "{heading}: {count} rows, {} names", table.len());
    table
}

fn operations() -> BTreeSet<String> {
    let document = document();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|name| *name != "parameters") {
            operations.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    operations
}

#[test]
fn every_operation_lets_in_whom_the_page_says() {
    let rows = table("Operations of /v1");
    let (named, there): (BTreeSet<_>, _) = (rows.keys().cloned().collect(), operations());
    let missing: Vec<_> = there.symmetric_difference(&named).collect();
    assert!(
        missing.is_empty(),
        "in docs/openapi.json or in docs/authorization.md alone: {missing:?}"
    );
    let server = Server::start();
    let root = server.admin();
    let mut turns = 0..;
    let mut new = || Cast::new(&server, &root, turns.next().unwrap());
    let (mut cast, mut wrong) = (new(), Vec::new());
    for (operation, cells) in &rows {
        for (caller, said) in CALLERS.iter().zip(cells) {
            let status = calls::status(&server, &cast, caller, operation);
            let is = match status {
                401 | 403 | 404 => status.to_string(),
                200..=299 | 409 | 422 => "yes".to_owned(),
                _ => format!("an unexpected {status}"),
            };
            if is != *said {
                wrong.push(format!("{operation} by {caller}: {is}, not {said}"));
            }
            // A call that was refused has changed nothing: who is let in comes after it.
            if is == "yes" && !operation.starts_with("GET ") {
                cast = new();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Members of what a caller is shown.
fn shown(reply: &acceptance::Reply) -> BTreeSet<String> {
    reply.body().as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_member_is_read_by_whom_the_page_says() {
    let rows = table("Members of what is shown");
    let document = document();
    let mut there = BTreeSet::new();
    for schema in ["User", "Session", "Book", "Chatroom", "Message"] {
        let members = document["components"]["schemas"][schema]["properties"].as_object().unwrap();
        there.extend(members.keys().map(|member| format!("{schema}.{member}")));
    }
    let named: BTreeSet<String> = rows.keys().cloned().collect();
    let missing: Vec<_> = there.symmetric_difference(&named).collect();
    assert!(
        missing.is_empty(),
        "in docs/openapi.json or in docs/authorization.md alone: {missing:?}"
    );

    let server = Server::start();
    let root = server.admin();
    let cast = Cast::new(&server, &root, 0);
    let path = format!("/v1/users/{}", cast.user);
    let read_by = |who: &str| -> BTreeSet<String> {
        let rows = rows.iter().filter(|(_, cells)| cells[0].contains(who));
        rows.filter_map(|(name, _)| name.strip_prefix("User.")).map(str::to_owned).collect()
    };
    let public = read_by("others");
    let all: BTreeSet<String> = public.union(&read_by("itself")).cloned().collect();
    for other in [&cast.somebody, &cast.member] {
        assert_eq!(shown(&other.client.get(&path).expect(200)), public);
    }
    for whole in [&cast.owner, &cast.administrator] {
        assert_eq!(shown(&whole.client.get(&path).expect(200)), all);
    }
}

#[test]
fn every_member_is_written_by_whom_the_page_says() {
    let rows = table("Members of what is shown");
    let document = document();
    let schemas = &document["components"]["schemas"];
    for (schema, patch) in
        [("User", "UserPatch"), ("Book", "BookPatch"), ("Chatroom", "ChatroomPatch")]
    {
        let taken = schemas[patch]["properties"].as_object().unwrap();
        for (name, cells) in &rows {
            let Some(member) = name.strip_prefix(schema).and_then(|rest| rest.strip_prefix('.'))
            else {
                continue;
            };
            let by_another_way = cells[1].contains("operation") || cells[1].contains("passkey");
            let is_written = !cells[1].starts_with("nobody") && !by_another_way;
            assert_eq!(is_written, taken.contains_key(member), "{name}: {}", cells[1]);
        }
    }
    // Standing is for administrators, in either direction and by either way.
    let server = Server::start();
    let root = server.admin();
    let cast = Cast::new(&server, &root, 0);
    let path = |id: &str| format!("/v1/users/{id}");
    for standing in [json!({ "status": "locked" }), json!({ "roles": ["admin"] })] {
        for caller in [&cast.owner, &cast.somebody] {
            caller.client.json("PATCH", &path(&cast.user), &standing).expect(403);
        }
    }
    let standing = json!({ "roles": ["admin"] });
    cast.administrator.client.json("PATCH", &path(&cast.user), &standing).expect(200);
}
