//! `doorward admin create`.

use serde_json::Value;

use crate::command::Folder;
use crate::server::Server;

const CREATE: [&str; 4] = ["admin", "create", "--email", "ada@example.org"];

fn create(more: &[&'static str]) -> Vec<&'static str> {
    CREATE.iter().chain(more).copied().collect()
}

fn sign_in(server: &Server, password: &str) -> u16 {
    let body = serde_json::json!({ "identifier": "ada@example.org", "password": password });
    server.post("/v1/sessions", &body.to_string()).0
}

#[test]
fn the_password_comes_from_standard_input_without_one_line_end() {
    let folder = Folder::new();
    let arguments = create(&["--username", "ada", "--password-stdin"]);
    let done = folder.type_into(&arguments, "correct horse battery\n");
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.contains("email     ada@example.org\n"), "{}", done.out);
    assert!(done.out.contains("username  ada\n"), "{}", done.out);
    assert!(!done.out.contains("horse"), "it is not repeated: {}", done.out);
    let server = Server::start(&folder, &[]);
    assert!(!server.banner.contains("No administrator"), "{}", server.banner);
    assert_eq!(sign_in(&server, "correct horse battery"), 201);
}

#[test]
fn without_a_terminal_a_link_to_set_a_password_is_printed_once() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    assert!(server.banner.contains("No administrator yet: run   doorward admin create --email"));
    let public_url = ("DOORWARD__SERVER__PUBLIC_URL", "https://id.example.org");
    let done = folder.run_with(&create(&["--json"]), &[public_url]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let told: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(told.get("password"), None, "nobody has seen it");
    let link = told["link"].as_str().unwrap();
    let token = link.strip_prefix("https://id.example.org/password-reset#").unwrap();
    let body = serde_json::json!({ "token": token, "new_password": "eleven quiet lanterns" });
    let confirm = || server.post("/v1/password-resets/confirm", &body.to_string()).0;
    assert_eq!(confirm(), 204, "the running server knows at once");
    assert_eq!(confirm(), 422, "it counts once");
    assert_eq!(sign_in(&server, "eleven quiet lanterns"), 201);
}

#[test]
fn the_link_stands_in_a_row_of_its_own() {
    let folder = Folder::new();
    let done = folder.run(&CREATE);
    assert!(
        done.out.contains("\nlink      http://127.0.0.1:8080/password-reset#dwh_"),
        "{}",
        done.out
    );
    assert!(done.err.contains("It counts once, within an hour"), "{}", done.err);
}

#[test]
fn a_weak_password_and_a_taken_address_are_refused() {
    let folder = Folder::new();
    let weak = folder.type_into(&create(&["--password-stdin"]), "1234");
    assert_eq!((weak.code, weak.out.as_str()), (Some(1), ""));
    assert!(weak.err.contains("password  must be at least 8 characters long"), "{}", weak.err);
    let empty = folder.type_into(&create(&["--password-stdin"]), "\n");
    assert!(empty.err.contains("password  is required"), "{}", empty.err);
    assert_eq!(folder.run(&CREATE).code, Some(0));
    let again = folder.run(&CREATE);
    assert_eq!((again.code, again.out.as_str()), (Some(1), ""));
    assert!(again.err.contains("this email is taken"), "{}", again.err);
}
