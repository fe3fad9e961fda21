//! No secret gets into the log, whatever is sent, wherever it is put, and whatever fails meanwhile.

mod abuse;
mod secrets;

use acceptance::Server;
use serde_json::Value;

use secrets::Secrets;

/// A server that logs all it has to say, in this format.
fn server(format: &str, mode: &str) -> Server {
    let talkative = Server::builder().with("log.level", "trace").with("log.format", format);
    talkative.with("compat.mode", mode).with("registration.default_region", "DE").start()
}

/// Everything that is done at a server, and the secrets that were sent or handed out.
fn everything(server: &Server) -> Secrets {
    let mut secrets = Secrets::default();
    abuse::sign_ins(server, &mut secrets);
    abuse::letters(server, &mut secrets);
    abuse::passkeys(server, &mut secrets);
    abuse::wrong_places(server, &secrets);
    abuse::broken_bodies(server, &mut secrets);
    // The database dies: its tables go, one after another, under the server's feet.
    while server.run(&["migrate", "down"], "").0 && abuse::is_alive(server) {}
    abuse::sign_ins_in_vain(server, &mut secrets);
    abuse::wrong_places(server, &secrets);
    secrets
}

#[test]
fn a_json_log_has_no_secret_and_one_object_a_line() {
    let server = server("json", "documented");
    let secrets = everything(&server);
    let log = server.log();
    let mut failures = 0;
    for line in log.lines() {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
        assert!(value.is_object(), "{line}");
        failures += usize::from(value["message"] == "unavailable");
    }
    assert!(failures > 5, "the outage is logged: {failures} lines of {}", log.lines().count());
    secrets.assert_absent(&log);
}

#[test]
fn a_log_for_people_has_no_secret() {
    let server = server("pretty", "hardened");
    let secrets = everything(&server);
    let log = server.log();
    assert!(log.contains("sign_in_failed") && log.contains("unavailable"));
    secrets.assert_absent(&log);
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    let mut secrets = Secrets::default();
    secrets.know("dwr_0123456789abcdefghij");
    for leak in [
        "x dwr_0123456789abcdefghij",
        "cut: dwr_01234567",
        "cut: 89abcdefghij",
        "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
    ] {
        assert!(std::panic::catch_unwind(|| secrets.assert_absent(leak)).is_err(), "{leak}");
    }
    secrets.assert_absent("dwr_ and $2b$ are no secrets by themselves");
}
