//! `doorward config` and exit code 78.

use std::os::unix::fs::MetadataExt;

use crate::command::Folder;

const FIVE_MISTAKES: &str = r#"
[server]
bind = "eighty"
drain = 10

[database]
ulr = "sqlite:x.db"
pool_size = 0
url_file = "missing"
"#;

fn uid(folder: &Folder) -> u32 {
    std::fs::metadata(folder.path()).unwrap().uid()
}

#[test]
fn five_mistakes_are_five_problems_at_once() {
    let folder = Folder::new();
    folder.write("app.toml", FIVE_MISTAKES);
    let expected = format!(
        "\
config: 5 problems
  app.toml: server.bind = \"eighty\"             expected an address and port, as in 127.0.0.1:8080 or [::1]:8080
  app.toml: server.drain = 10                  expected a duration from 0s to 10m, as in 15m
  app.toml: database.ulr                       unknown key; did you mean database.url?
  app.toml: database.pool_size = 0             expected a number from 1 to 1000
  app.toml: database.url_file                  cannot read missing: no such file or directory (uid {})
",
        uid(&folder)
    );
    for arguments in [
        ["config", "check", "--config", "app.toml"],
        ["--config", "app.toml", "config", "check"],
        ["config", "--config", "app.toml", "show"],
    ] {
        let done = folder.run(&arguments);
        assert_eq!(done.err, expected);
        assert_eq!((done.code, done.out.as_str()), (Some(78), ""));
    }
}

#[test]
fn every_command_refuses_wrong_settings() {
    let folder = Folder::new();
    for arguments in [
        &["serve"][..],
        &["migrate"],
        &["admin", "create", "--email", "a@example.org"],
        &["openapi"],
    ] {
        let done = folder.run_with(arguments, &[("DOORWARD__LOG__LEVEL", "loud")]);
        assert_eq!(done.code, Some(78), "{arguments:?}: {}", done.err);
        assert!(done.err.starts_with("config: 1 problem\n  DOORWARD__LOG__LEVEL = \"loud\" "));
    }
    assert!(!folder.path().join("data").exists(), "nothing was begun");
}

#[test]
fn unknown_variables_name_the_nearest_known_one() {
    let done = Folder::new().run_with(
        &["config", "check"],
        &[("DOORWARD__DATABASE__ULR", "sqlite:x.db"), ("DOORWARD__server__bind", "[::1]:1")],
    );
    assert_eq!(done.code, Some(78));
    assert_eq!(
        done.err,
        "\
config: 2 problems
  DOORWARD__DATABASE__ULR                      unknown key; did you mean DOORWARD__DATABASE__URL?
  DOORWARD__server__bind                       unknown key; did you mean DOORWARD__SERVER__BIND?
"
    );
}

#[test]
fn wrong_flags_are_told_like_wrong_variables() {
    let done = Folder::new().run(&["serve", "--bind", "here", "--public-url", "there"]);
    assert_eq!(done.code, Some(78));
    assert!(done.err.starts_with("config: 2 problems\n  --bind = \"here\"  "), "{}", done.err);
    assert!(done.err.contains("\n  --public-url = \"there\"  "), "{}", done.err);
}

#[test]
fn a_file_that_is_not_there_is_a_problem() {
    let folder = Folder::new();
    let done = folder.run(&["config", "check", "--config", "none.toml"]);
    let reason = format!("cannot read this file: no such file or directory (uid {})", uid(&folder));
    assert_eq!(done.err, format!("config: 1 problem\n  {:45}{reason}\n", "none.toml"));
    assert_eq!(done.code, Some(78));
}

#[test]
fn right_settings_are_said_to_be_right() {
    let folder = Folder::new();
    let done = folder.run(&["config", "check"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), "config: ok (development, no file)\n"));
    folder.write("config/development.toml", "[server]\ndrain = \"1s\"\n");
    let done = folder.run(&["config", "check"]);
    assert_eq!(done.out, "config: ok (development, config/development.toml)\n");
    assert!(!folder.path().join("data").exists(), "checking makes nothing");
}

#[test]
fn a_webhook_without_a_secret_is_a_problem() {
    let url = ("DOORWARD__SMS__TRANSPORT", "webhook:https://sms.example.org/hunter2");
    let done = Folder::new().run_with(&["config", "check"], &[url]);
    assert_eq!(done.code, Some(78));
    assert!(done.err.contains("a webhook needs sms.webhook_secret"), "{}", done.err);
    assert!(!done.err.contains("hunter2"), "{}", done.err);
    let secret = ("DOORWARD__SMS__WEBHOOK_SECRET", "hunter3");
    let done = Folder::new().run_with(&["config", "check"], &[url, secret]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    for arguments in [&["config", "show"][..], &["config", "show", "--json"]] {
        let done = Folder::new().run_with(arguments, &[url, secret]);
        assert!(!done.out.contains("hunter"), "{}", done.out);
    }
}

#[test]
fn what_holds_is_shown_with_its_origin() {
    let folder = Folder::new();
    folder.write("app.toml", "[server]\ndrain = \"3s\"\n");
    let variables = [("DOORWARD__DATABASE__URL", "mysql://ada:hunter2@db/doorward")];
    let arguments = ["config", "show", "--origin", "--config", "app.toml", "--data-dir", "/x"];
    let done = folder.run_with(&arguments, &variables);
    assert_eq!(done.code, Some(0), "{}", done.err);
    for (setting, origin) in [
        ("data_dir = \"/x\"", "--data-dir"),
        ("drain = \"3s\"", "app.toml"),
        ("url = \"mysql://ada:***@db/doorward\"", "DOORWARD__DATABASE__URL"),
        ("pool_size = 16", "default"),
        ("cache = \"exact\"", "default"),
    ] {
        let line = format!("\n{setting:46}# {origin}\n");
        assert!(format!("\n{}", done.out).contains(&line), "{line}{}", done.out);
    }
    let json = folder.run_with(&["config", "show", "--json"], &variables).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["database.url"]["value"], "mysql://ada:***@db/doorward");
    assert_eq!(json["database.url"]["origin"], "DOORWARD__DATABASE__URL");
    assert_eq!(json["database.pool_size"]["value"], 16);
}

#[test]
fn the_settings_files_of_this_project_are_valid() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/");
    for name in ["default.toml", "development.toml", "production.toml", "test.toml"] {
        let done = Folder::new().run(&["config", "check", "--config", &format!("{root}{name}")]);
        assert_eq!(done.code, Some(0), "{name}: {}", done.err);
    }
}

#[test]
fn the_page_about_settings_is_up_to_date() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    let page = std::fs::read_to_string(page).unwrap();
    let made = Folder::new().run(&["config", "docs"]).out;
    assert!(page == made, "write it anew: doorward config docs > docs/configuration.md");
}
