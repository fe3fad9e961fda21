//! Servers that show a certificate nobody trusts are told nothing.
//!
//! The certificate in `files` is for 127.0.0.1 and signed by itself; its key opens nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};

use super::*;

/// What a stranger heard in clear, and within TLS, and how TLS ended.
struct Heard {
    plain: String,
    sealed: String,
    ended: String,
}

fn config() -> Arc<ServerConfig> {
    let certificate = CertificateDer::from(&include_bytes!("files/self-signed.cert.der")[..]);
    let key = PrivatePkcs8KeyDer::from(&include_bytes!("files/self-signed.key.der")[..]);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.unwrap().with_no_client_auth();
    Arc::new(config.with_single_cert(vec![certificate], key.into()).unwrap())
}

/// A server of one connection that speaks TLS at once, or after STARTTLS.
fn stranger(at_once: bool) -> (SocketAddr, mpsc::Receiver<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let plain = if at_once { String::new() } else { greeted(&stream) };
        let _ = tell.send(within_tls(stream, plain));
    });
    (address, told)
}

/// What comes before TLS begins.
fn greeted(mut stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut heard = String::new();
    write!(stream, "220 stranger\r\n").unwrap();
    while !heard.ends_with("STARTTLS\r\n") && lines.read_line(&mut heard).unwrap_or(0) > 0 {
        let is_last = heard.ends_with("STARTTLS\r\n");
        let answer = if is_last { "220 go on" } else { "250-stranger\r\n250 STARTTLS" };
        write!(stream, "{answer}\r\n").unwrap();
    }
    heard
}

fn within_tls(mut stream: TcpStream, plain: String) -> Heard {
    let mut tls = ServerConnection::new(config()).unwrap();
    let mut sealed = Vec::new();
    let ended = loop {
        if let Err(error) = tls.complete_io(&mut stream) {
            break error.to_string();
        }
        // Nothing to be read yet is no end.
        let _ = tls.reader().read_to_end(&mut sealed);
        if !sealed.is_empty() || !tls.wants_read() {
            break "it talks".to_owned();
        }
    };
    Heard { plain, sealed: String::from_utf8_lossy(&sealed).into_owned(), ended }
}

fn is_told_nothing(outcome: Result<(), Undelivered>, told: &mpsc::Receiver<Heard>, what: &str) {
    assert!(outcome.is_err(), "{what}: delivered to a stranger");
    let heard = told.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(heard.sealed, "", "{what}");
    for secret in ["AUTH", "MAIL", "RCPT", "DATA", "POST", "123456", "ada@"] {
        assert!(!heard.plain.contains(secret), "{what}: {}", heard.plain);
    }
    // It is the client that would not go on, with a word or without one.
    let is_refused = ["alert", "end of file"].iter().any(|end| heard.ended.contains(end));
    assert!(is_refused, "{what}: {}", heard.ended);
}

#[tokio::test]
async fn a_mail_server_whose_certificate_nobody_signed_gets_no_mail_and_no_password() {
    for (at_once, scheme, query) in [
        (true, "smtps://ada:hunter2@", ""),
        (true, "smtps://", ""),
        (false, "smtp://ada:hunter2@", ""),
        (false, "smtp://", "?tls=required"),
    ] {
        let folder = TempDir::new().unwrap();
        let (address, told) = stranger(at_once);
        let url = format!("{scheme}{address}{query}").parse().unwrap();
        let courier = courier(&folder, MailTransport::Smtp(url), None);
        let outcome = courier.deliver(id(), &mail_to("ada@example.org")).await;
        is_told_nothing(outcome, &told, &format!("{scheme}{query}"));
    }
}

#[tokio::test]
async fn a_gateway_whose_certificate_nobody_signed_gets_no_message() {
    let folder = TempDir::new().unwrap();
    let (address, told) = stranger(true);
    let url = format!("https://{address}/sms").parse().unwrap();
    let sms = SmsTransport::Webhook(url, "shared secret".into());
    let mail = MailTransport::Folder(folder.path().join("mail"));
    let outcome = courier(&folder, mail, Some(sms)).deliver(id(), &text_message()).await;
    is_told_nothing(outcome, &told, "https");
}
