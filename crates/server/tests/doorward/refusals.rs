//! Why a server does not start, in one line that says what to do.

use std::net::TcpListener;

use crate::command::Folder;

/// The one line that `doorward serve` says before it exits with 1.
fn refused(folder: &Folder, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let arguments: Vec<&str> = ["serve"].iter().chain(arguments).copied().collect();
    let done = folder.run_with(&arguments, variables);
    assert_eq!((done.code, done.out.as_str()), (Some(1), ""), "{}", done.err);
    let lines: Vec<&str> = done.err.lines().collect();
    assert_eq!(lines.len(), 1, "{}", done.err);
    lines[0].strip_prefix("doorward: ").unwrap().to_owned()
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = refused(&Folder::new(), &["--bind", &address], &[]);
    assert!(
        told.starts_with(&format!("cannot listen on {address}: address already in use")),
        "{told}"
    );
    assert!(told.contains("choose another port with --bind"), "{told}");
}

#[test]
fn a_folder_that_cannot_be_made() {
    let folder = Folder::new();
    folder.write("file", "");
    let told = refused(&folder, &["--data-dir", "file/data"], &[]);
    assert!(told.starts_with("cannot make the folder file/data: not a directory (uid "), "{told}");
    assert!(told.contains("name another folder with --data-dir"), "{told}");
}

#[test]
fn a_secret_that_others_know_or_may_read() {
    let folder = Folder::new();
    let path = folder.path().join("data/secrets/refresh-chain.key");
    folder.write("data/secrets/refresh-chain.key", "a-string-secret-at-least-256-bits-long");
    set_mode(path.parent().unwrap(), 0o700);
    let told = refused(&folder, &[], &[]);
    assert!(told.contains("chmod 600 ./data/secrets/refresh-chain.key"), "{told}");
    set_mode(&path, 0o600);
    let told = refused(&folder, &[], &[]);
    assert!(told.contains("holds a sample value that others know"), "{told}");
}

fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_that_is_no_database() {
    let folder = Folder::new();
    folder.write("data/doorward.db", &"this is no database\n".repeat(100));
    let told = refused(&folder, &[], &[]);
    assert!(told.contains("./data/doorward.db"), "{told}");
}

#[cfg(any(feature = "mysql", feature = "postgres"))]
#[test]
fn a_database_that_cannot_be_reached() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let schemes = [("mysql", cfg!(feature = "mysql")), ("postgres", cfg!(feature = "postgres"))];
    for (scheme, _) in schemes.iter().filter(|(_, built)| *built) {
        let url = format!("{scheme}://ada:hunter2@{closed}/doorward");
        let told = refused(&Folder::new(), &[], &[("DOORWARD__DATABASE__URL", &url)]);
        assert!(told.starts_with("cannot connect to "), "{told}");
        assert!(
            told.contains(&closed.to_string()) && told.contains("start the database"),
            "{told}"
        );
        assert!(!told.contains("hunter2") && !told.contains("ada"), "{told}");
    }
}

#[cfg(not(feature = "mysql"))]
#[test]
fn an_engine_that_was_not_built_in() {
    let variables = [("DOORWARD__DATABASE__URL", "mysql://ada:hunter2@127.0.0.1/doorward")];
    let told = refused(&Folder::new(), &[], &variables);
    assert!(told.contains("built without mysql") && told.contains("libmariadb"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}
