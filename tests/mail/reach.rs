//! Whom the process connects to: whom its settings name, and nobody else, whatever requests say.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use acceptance::Server;
use serde_json::json;

use crate::post_office::{Manners, PostOffice};
use crate::{ADDRESS, PATIENCE, sending_to};

/// A connection that is listened for, not one of ours.
const LISTENING: &str = "0A";

/// The inodes of the sockets of a process.
fn sockets(pid: u32) -> BTreeSet<String> {
    let folder = std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten();
    let targets = folder.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    let names = targets.filter_map(|target| target.to_str().map(str::to_owned));
    names
        .filter_map(|name| Some(name.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
        .collect()
}

/// Where the process is connected to, but for those who are connected to it.
fn called(server: &Server) -> BTreeSet<String> {
    let own = sockets(server.pid());
    let here: u16 = server.url().rsplit(':').next().expect("a port").parse().expect("a port");
    let mut called = BTreeSet::new();
    for table in ["tcp", "tcp6"] {
        let lines = std::fs::read_to_string(format!("/proc/{}/net/{table}", server.pid()));
        for line in lines.unwrap_or_default().lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (Some(local), Some(remote)) = (fields.get(1), fields.get(2)) else { continue };
            let is_own = fields.get(9).is_some_and(|inode| own.contains(*inode));
            if is_own
                && fields.get(3) != Some(&LISTENING)
                && !local.ends_with(&format!(":{here:04X}"))
            {
                called.insert(written(remote));
            }
        }
    }
    called
}

/// An address as the kernel writes it: the bytes of IPv4 backwards, the port forwards.
fn written(address: &str) -> String {
    let (host, port) = address.split_once(':').expect("an address and a port");
    let port = u16::from_str_radix(port, 16).expect("a port");
    match u32::from_str_radix(host, 16) {
        Ok(host) if address.len() == 13 => {
            SocketAddrV4::new(Ipv4Addr::from(host.swap_bytes()), port).to_string()
        }
        _ => format!("{host}:{port}"),
    }
}

#[test]
fn the_process_connects_to_whom_its_settings_name_alone() {
    // Slow, so that a connection is there when it is looked for.
    let office = PostOffice::open(Manners::Slow(Duration::from_millis(50)));
    let url = office.url();
    let server = sending_to(&url).start();
    let bait = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let bait_url = format!("http://{}/x", bait.local_addr().expect("an address"));
    let (over, client) = (AtomicBool::new(false), server.client());
    let seen = std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !over.load(Ordering::Relaxed) {
                seen.extend(called(&server));
                std::thread::sleep(Duration::from_millis(2));
            }
            seen
        });
        let person = json!({
            "username": "grace", "email": ADDRESS, "password": acceptance::PASSWORD,
            "display_name": bait_url,
        });
        // Every place of a request that could name somebody to call.
        let lures =
            ["Referer", "Origin", "X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Callback"];
        let lured = lures.iter().fold(client, |client, name| client.with(name, &bait_url));
        lured.post("/v1/users", &person).expect(201);
        let grace = acceptance::Actor::sign_in(lured.clone(), "grace");
        let picture = json!({ "profile_picture": bait_url });
        let opened = json!({ "username": "grace", "password": acceptance::PASSWORD });
        lured.post("/api/sessions/", &opened);
        grace.client.json("PATCH", "/api/users/me/", &picture);
        grace.client.get(&format!("/v1/users/me?callback={bait_url}"));
        grace.client.get(&format!("/static/propics/{}", bait_url.replace('/', "%2F")));
        lured.post("/v1/password-resets", &json!({ "identifier": ADDRESS })).expect(202);
        office.await_mail(ADDRESS, PATIENCE);
        over.store(true, Ordering::Relaxed);
        watching.join().expect("the watcher")
    });
    let expected = url.trim_start_matches("smtp://").to_owned();
    assert_eq!(seen, BTreeSet::from([expected]));
    bait.set_nonblocking(true).expect("a socket");
    let nobody = bait.accept().expect_err("nobody was lured");
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}
