//! What arrives of a long list at the other end of a socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use actix_web::test::TestRequest;

use crate::ApiSettings;
use crate::testing::{World, probe_app};

/// All that a server says to these requests until it closes the connection.
async fn told(requests: &str) -> String {
    let state = World::new(ApiSettings::default()).state;
    let server = HttpServer::new(move || probe_app(state.clone())).workers(1).disable_signals();
    let server = server.bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle: ServerHandle = server.handle();
    let serving = actix_web::rt::spawn(server);
    let requests = requests.to_owned();
    let told = actix_web::web::block(move || {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        socket.write_all(requests.as_bytes()).unwrap();
        let mut told = Vec::new();
        socket.read_to_end(&mut told).unwrap();
        String::from_utf8(told).unwrap()
    });
    let told = told.await.unwrap();
    handle.stop(false).await;
    serving.await.unwrap().unwrap();
    told
}

fn last(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

#[actix_web::test]
async fn a_whole_list_is_ended() {
    let told = told(&last("GET", "/list/5")).await;
    assert!(told.starts_with("HTTP/1.1 200 OK\r\n"), "{told}");
    assert!(told.contains("content-type: application/json\r\n"), "{told}");
    assert!(told.ends_with("3\r\n,5]\r\n0\r\n\r\n"), "{told}");
}

#[actix_web::test]
async fn a_list_that_cannot_be_read_to_its_end_is_not_ended() {
    let told = told(&last("GET", "/list/2")).await;
    assert!(told.contains("[1") && !told.contains("\r\n0\r\n"), "{told}");
}

#[actix_web::test]
async fn head_reads_no_more_than_a_first_page() {
    let world = World::new(ApiSettings::default());
    // Had the second page been read, the reply would break off.
    let reply = world.probe(TestRequest::default().method(Method::HEAD).uri("/list/1")).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert_eq!(reply.field("content-type"), "application/json");
    let head = "HEAD /list/1 HTTP/1.1\r\nHost: x\r\n\r\n";
    let told = told(&format!("{head}{}", last("GET", "/number/7"))).await;
    assert_eq!(told.matches("HTTP/1.1 200 OK").count(), 2, "{told}");
    assert!(told.ends_with("\r\n\r\n7"), "{told}");
}
