//! Mail that was promised arrives, whatever the mail server and the process go through.
//!
//! Real letters over TCP, to a mail server of our own that is slow, refuses, dies or is away.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod post_office;
mod reach;

use std::time::{Duration, Instant};

use acceptance::{Engine, Server, ServerBuilder};
use serde_json::json;

use post_office::{Manners, PostOffice, Taken};

const ADDRESS: &str = "grace@example.org";
/// How long a reply that waits for no mail server may take, on a machine that is busy.
const PROMPT: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(60);

fn sending_to(url: &str) -> ServerBuilder {
    Server::builder().with("mail.transport", url)
}

/// Registers somebody and asks for a reset; answers with its handle.
fn ask_for_a_reset(server: &Server) -> String {
    let client = server.client();
    let person = json!({ "email": ADDRESS, "username": "grace", "password": "password" });
    client.post("/users/register", &person).expect(201);
    let start = Instant::now();
    let asked = client.post("/users/requestResetPassword", &json!({ "your_email": ADDRESS }));
    assert!(start.elapsed() < PROMPT, "the reply waited for the mail server");
    asked.expect(200).text_at("/access_token")
}

/// What such a mail must be, and what it is good for.
fn use_it(server: &Server, handle: &str, mail: &Taken) {
    let (head, body) = mail.text.split_once("\n\n").expect("a head and a body");
    for field in ["Date: ", "Message-ID: <", "From: ", "Subject: "] {
        assert!(head.lines().any(|line| line.starts_with(field)), "{field} in {head}");
    }
    assert!(head.lines().any(|line| line == format!("To: {ADDRESS}")), "{head}");
    let digits = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = body.split_whitespace().find(digits).expect("six digits");
    let log = server.log();
    assert!(!log.contains(code), "the log holds the code");
    let body =
        json!({ "OTP": code, "new_password": "compiler", "confirm_new_password": "compiler" });
    let client = server.client();
    client.with("access_token", handle).json("PUT", "/users/reset_password", &body).expect(200);
    let login = json!({ "email": ADDRESS, "password": "compiler" });
    client.post("/users/login", &login).expect(200);
}

/// Runs a story on one engine; a machine without it says so.
fn on(engine: Engine, office: &str, story: impl FnOnce(Server)) {
    if let Some(server) = sending_to(office).on(engine).start_if_there() {
        story(server);
    }
}

/// A first try meets these manners; then the server mends its ways.
fn arrives_after(manners: Manners, engine: Engine) {
    let office = PostOffice::open(manners);
    on(engine, &office.url(), |server| {
        let handle = ask_for_a_reset(&server);
        office.await_call();
        office.behave(Manners::Prompt);
        let mail = office.await_mail(ADDRESS, PATIENCE);
        use_it(&server, &handle, &mail);
    });
}

#[test]
fn a_slow_server_gets_each_mail_once() {
    let office = PostOffice::open(Manners::Slow(Duration::from_millis(1_500)));
    let server = sending_to(&office.url()).start();
    let handle = ask_for_a_reset(&server);
    let mail = office.await_mail(ADDRESS, PATIENCE);
    use_it(&server, &handle, &mail);
    assert_eq!(office.taken().len(), 1);
}

#[test]
fn a_server_that_refuses_is_asked_again() {
    for engine in [Engine::Sqlite, Engine::Mysql, Engine::Postgres] {
        arrives_after(Manners::Refuses, engine);
    }
}

#[test]
fn a_server_that_dies_in_the_middle_is_asked_again() {
    for engine in [Engine::Sqlite, Engine::Mysql, Engine::Postgres] {
        arrives_after(Manners::Dies, engine);
    }
}

#[test]
fn a_server_that_is_away_is_asked_again() {
    let address = PostOffice::closed();
    let server = sending_to(&format!("smtp://{address}")).start();
    let handle = ask_for_a_reset(&server);
    std::thread::sleep(Duration::from_secs(1));
    let office = PostOffice::open_at(address, Manners::Prompt);
    let mail = office.await_mail(ADDRESS, PATIENCE);
    use_it(&server, &handle, &mail);
}

/// Killed as soon as the reply is there, hence perhaps before the letter was taken up.
fn survives_a_kill(engine: Engine) {
    let office = PostOffice::open(Manners::Hangs);
    on(engine, &office.url(), |mut server| {
        let handle = ask_for_a_reset(&server);
        office.behave(Manners::Prompt);
        server.kill_and_restart();
        let mail = office.await_mail(ADDRESS, PATIENCE);
        use_it(&server, &handle, &mail);
    });
}

#[test]
fn a_kill_between_commit_and_delivery_loses_nothing_on_sqlite() {
    survives_a_kill(Engine::Sqlite);
}

#[test]
fn a_kill_between_commit_and_delivery_loses_nothing_on_mariadb() {
    survives_a_kill(Engine::Mysql);
}

#[test]
fn a_kill_between_commit_and_delivery_loses_nothing_on_postgresql() {
    survives_a_kill(Engine::Postgres);
}

#[test]
fn a_kill_in_the_middle_of_a_delivery_loses_nothing() {
    let office = PostOffice::open(Manners::Hangs);
    let mut server = sending_to(&office.url()).start();
    let handle = ask_for_a_reset(&server);
    office.await_call();
    office.behave(Manners::Prompt);
    server.kill_and_restart();
    let mail = office.await_mail(ADDRESS, PATIENCE);
    use_it(&server, &handle, &mail);
}
