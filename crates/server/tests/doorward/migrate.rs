//! `doorward migrate`, on SQLite.

use crate::command::Folder;

#[test]
fn up_status_and_down_tell_what_they_did() {
    let folder = Folder::new();
    let before = folder.run(&["migrate", "status"]);
    assert_eq!(before.code, Some(0), "{}", before.err);
    assert!(!before.out.is_empty() && before.out.lines().all(|line| line.starts_with("pending ")));
    let up = folder.run(&["migrate"]);
    assert_eq!(up.code, Some(0), "{}", up.err);
    assert_eq!(up.out.lines().count(), before.out.lines().count());
    let after = folder.run(&["migrate", "status"]).out;
    assert_eq!(after, before.out.replace("pending  ", "applied  "));
    assert_eq!(folder.run(&["migrate", "up"]).out, "", "there is nothing left to do");
    let down = folder.run(&["migrate", "down"]);
    assert_eq!(down.out, format!("{}\n", up.out.lines().last().unwrap()));
    assert_eq!(down.err, "1 migration taken back\n");
}

#[test]
fn json_is_for_programs() {
    let folder = Folder::new();
    let up: Vec<String> = serde_json::from_str(&folder.run(&["migrate", "--json"]).out).unwrap();
    let status = folder.run(&["migrate", "status", "--json"]).out;
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status.as_array().unwrap().len(), up.len());
    assert_eq!(status[0]["name"], up[0]);
    assert_eq!(status[0]["applied"], true);
}

#[test]
fn an_older_database_is_refused_where_serving_must_not_migrate() {
    let folder = Folder::new();
    let done = folder.run_with(&["serve"], &[("DOORWARD__DATABASE__MIGRATE", "false")]);
    assert_eq!((done.code, done.out.as_str()), (Some(1), ""));
    assert!(done.err.contains("run: doorward migrate\n"), "{}", done.err);
}
