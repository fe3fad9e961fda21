//! Text messages to gateways that take, refuse, and send elsewhere.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use super::*;

/// A gateway of one request; gives its URL and what it was sent.
fn gateway(answer: &'static str) -> (WebhookUrl, mpsc::Receiver<String>) {
    gateway_to(answer, "http://127.0.0.1:1/".to_owned())
}

/// The same, naming another place in its answer.
fn gateway_to(answer: &'static str, location: String) -> (WebhookUrl, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/sms", listener.local_addr().unwrap()).parse().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = String::new();
        let mut bytes = [0; 4096];
        while !heard.ends_with('}') {
            let length = stream.read(&mut bytes).unwrap();
            heard.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
        }
        write!(stream, "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n")
            .unwrap();
        let _ = tell.send(heard);
    });
    (url, told)
}

async fn posted(answer: &'static str) -> (Result<(), Undelivered>, String) {
    posted_to(gateway(answer)).await
}

async fn posted_to(
    (url, told): (WebhookUrl, mpsc::Receiver<String>),
) -> (Result<(), Undelivered>, String) {
    let folder = TempDir::new().unwrap();
    let sms = SmsTransport::Webhook(url, "shared secret".into());
    let mail = MailTransport::Folder(folder.path().join("mail"));
    let outcome = courier(&folder, mail, Some(sms)).deliver(id(), &text_message()).await;
    (outcome, told.recv_timeout(Duration::from_secs(10)).unwrap())
}

#[tokio::test]
async fn a_gateway_can_tell_who_sent_a_message() {
    let (outcome, heard) = posted("204 No Content").await;
    outcome.unwrap();
    let (head, body) = heard.split_once("\r\n\r\n").unwrap();
    let field = |name: &str| {
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
        line.unwrap().split_once(": ").unwrap().1.to_owned()
    };
    let (time, signature) = (field("x-doorward-timestamp"), field("x-doorward-signature"));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"shared secret");
    let digits = signature.strip_prefix("v1=").unwrap();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    let tag: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    let signed = format!("{time}.{body}");
    aws_lc_rs::hmac::verify(&key, signed.as_bytes(), &tag).unwrap();
    assert!(body.contains("\"to\":\"+4915123456789\""), "{body}");
}

#[tokio::test]
async fn a_gateway_that_does_not_say_yes_has_not_taken_it() {
    for answer in ["500 Oh", "302 Found", "404 Not Found"] {
        assert!(posted(answer).await.0.is_err(), "{answer}");
    }
}

#[tokio::test]
async fn where_a_gateway_points_to_nobody_goes() {
    for answer in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let location = format!("http://{}/metadata", elsewhere.local_addr().unwrap());
        let (outcome, _) = posted_to(gateway_to(answer, location)).await;
        let why = outcome.unwrap_err();
        let told = format!("{why:?}");
        assert!(told.contains(&answer[..3]), "{answer}: {told}");
        // A connection would wait in the listener's queue.
        let refused = elsewhere.accept().unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock, "{answer}");
    }
}

#[test]
fn a_gateway_is_reached_over_tls_unless_it_is_here() {
    let is_one = |text: &str| text.parse::<WebhookUrl>().is_ok();
    assert!(
        is_one("https://sms.example.org/x")
            && is_one("http://127.0.0.1:9/")
            && is_one("http://[::1]/")
    );
    assert!(
        !is_one("http://sms.example.org/") && !is_one("ftp://x/") && !is_one("sms.example.org")
    );
}
