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
fn without_a_terminal_a_password_is_made_and_printed_once() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    assert!(server.banner.contains("No administrator yet: run   doorward admin create --email"));
    let done = folder.run(&create(&["--json"]));
    assert_eq!(done.code, Some(0), "{}", done.err);
    let told: Value = serde_json::from_str(&done.out).unwrap();
    let password = told["password"].as_str().unwrap();
    assert_eq!(password.len(), 26);
    assert_eq!(sign_in(&server, password), 201, "the running server knows at once");
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
