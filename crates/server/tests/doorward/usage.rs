//! Help, version, and mistakes on the command line.

use std::fs::OpenOptions;
use std::io::Read;
use std::process::Stdio;

use crate::command::Folder;

#[test]
fn the_version_names_the_engines() {
    let done = Folder::new().run(&["--version"]);
    let mut engines = vec!["sqlite"];
    if cfg!(feature = "mysql") {
        engines.push("mysql");
    }
    if cfg!(feature = "postgres") {
        engines.push("postgres");
    }
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(done.out, format!("doorward {version} ({})\n", engines.join(", ")));
    assert_eq!(done.code, Some(0));
}

#[test]
fn mistakes_name_the_nearest_known_word_and_exit_with_2() {
    let folder = Folder::new();
    for (arguments, meant) in [
        (&["serve", "--bnid", "[::1]:1"][..], "--bind"),
        (&["config", "chek"], "check"),
        (&["migrate", "staus"], "status"),
        (&["config", "show", "--orign"], "--origin"),
        (&["admin", "create"], "--email"),
        (&["--confg", "x.toml", "serve"], "--config"),
    ] {
        let done = folder.run(arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}");
        assert_eq!(done.out, "", "{arguments:?}");
        assert!(done.err.contains(meant), "{arguments:?}: {}", done.err);
    }
    assert_eq!(folder.run(&[]).code, Some(2), "doing nothing is a mistake too");
}

#[test]
fn help_is_data() {
    let done = Folder::new().run(&["--help"]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    for command in ["serve", "migrate", "admin", "config", "openapi"] {
        assert!(done.out.contains(&format!("\n  {command} ")), "{command}: {}", done.out);
    }
}

#[test]
fn the_openapi_document_is_json_and_names_the_public_url() {
    let url = ("DOORWARD__SERVER__PUBLIC_URL", "https://auth.example.org");
    let done = Folder::new().run_with(&["openapi"], &[url]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let document: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(done.out.contains("https://auth.example.org"));
}

#[test]
fn a_reader_that_had_enough_is_nobodys_failure() {
    let folder = Folder::new();
    let mut command = folder.command(&["openapi"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(0), ""));
}

#[test]
fn data_that_did_not_arrive_is_a_failure() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let folder = Folder::new();
    let output = folder.command(&["config", "show"]).stdout(full).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("cannot write to standard output: no space left on device"), "{told}");
}
