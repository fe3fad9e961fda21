//! Couriers against servers that take, refuse, hang, and die.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc;
use std::thread;

use domain::users::MobileRules;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::system::SystemClock;

fn id() -> DispatchId {
    DispatchId(Uuid::from_u128(7))
}

fn mail_to(address: &str) -> Letter {
    let to = Recipient::Mail(Email::parse(address).unwrap());
    Letter::new(to, "Your code", "Your code is:\n\n123456\n")
}

fn text_message() -> Letter {
    let to = Mobile::parse("+49 151 23456789", &MobileRules::default()).unwrap();
    Letter::new(Recipient::Sms(to), "", "123456 is it")
}

fn courier(folder: &TempDir, mail: MailTransport, sms: Option<SmsTransport>) -> PostCourier {
    let sms = sms.unwrap_or_else(|| SmsTransport::Folder(folder.path().join("sms")));
    let from = "Doorward <door@example.org>".parse().unwrap();
    let courier = PostCourier::new(CourierOptions { mail, from, sms }, Arc::new(SystemClock));
    PostCourier { patience: Duration::from_secs(2), ..courier.unwrap() }
}

/// A mail server of one connection: what it says to each command, by the start of the command.
/// Gives its URL, and what it was told once the connection is over.
fn smtp(says: &'static [(&'static str, &'static str)]) -> (SmtpUrl, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap()).parse().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let _ = tell.send(converse(stream, says));
    });
    (url, told)
}

fn converse(mut stream: TcpStream, says: &[(&str, &str)]) -> String {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let (mut heard, mut in_data) = (String::new(), false);
    write!(stream, "220 test\r\n").unwrap();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            return heard;
        }
        heard.push_str(&line);
        let command = if in_data { "." } else { line.trim() };
        if in_data && line != ".\r\n" {
            continue;
        }
        let answer = says.iter().find(|(start, _)| command.starts_with(start));
        match answer.map_or("250 ok", |(_, answer)| answer) {
            "hang" => {
                // Until the other side gives up.
                let _ = lines.read_to_string(&mut heard);
                return heard;
            }
            "die" => return heard,
            answer => {
                in_data = command.starts_with("DATA") && answer.starts_with("354");
                write!(stream, "{answer}\r\n").unwrap();
            }
        }
    }
}

async fn sent(says: &'static [(&'static str, &'static str)]) -> (Result<(), Undelivered>, String) {
    let folder = TempDir::new().unwrap();
    let (url, told) = smtp(says);
    let courier = courier(&folder, MailTransport::Smtp(url), None);
    let outcome = courier.deliver(id(), &mail_to("ada@example.org")).await;
    drop(courier);
    (outcome, told.recv_timeout(Duration::from_secs(10)).unwrap_or_default())
}

#[tokio::test]
async fn a_mail_that_the_server_takes_is_delivered_whole() {
    let (outcome, heard) = sent(&[("DATA", "354 go on")]).await;
    outcome.unwrap();
    for part in [
        "MAIL FROM:<door@example.org>",
        "RCPT TO:<ada@example.org>",
        "Subject: Your code",
        "Auto-Submitted: auto-generated",
        "Message-ID: <00000000-0000-0000-0000-000000000007@example.org>",
        "\r\n123456\r\n",
    ] {
        assert!(heard.contains(part), "{part} is missing from\n{heard}");
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_is_not_delivered_and_its_text_not_told() {
    for says in [
        &[("RCPT", "550 123456 no such box")] as &'static [(&str, &str)],
        &[("RCPT", "451 later")],
        &[("MAIL", "421 go away")],
        &[("DATA", "354 go on"), (".", "554 no")],
        &[("EHLO", "500 what"), ("HELO", "500 what")],
    ] {
        assert!(sent(says).await.0.is_err(), "{says:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_or_dies_loses_no_mail() {
    for says in [
        &[("EHLO", "hang")] as &'static [(&str, &str)],
        &[("DATA", "354 go on"), (".", "hang")],
        &[("DATA", "354 go on"), (".", "die")],
        &[("RCPT", "die")],
    ] {
        assert!(sent(says).await.0.is_err(), "{says:?}");
    }
}

#[tokio::test]
async fn credentials_never_travel_without_tls() {
    let folder = TempDir::new().unwrap();
    let (url, told) = smtp(&[("EHLO", "250 AUTH PLAIN LOGIN")]);
    let port = url.to_string().rsplit_once(':').unwrap().1.to_owned();
    let url = format!("smtp://ada:s%C3%A9cret@127.0.0.1:{port}").parse().unwrap();
    let courier = courier(&folder, MailTransport::Smtp(url), None);
    assert!(courier.deliver(id(), &mail_to("ada@example.org")).await.is_err());
    drop(courier);
    let heard = told.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(!heard.contains("AUTH"), "{heard}");
}

#[test]
fn an_smtp_url_is_shown_without_its_credentials() {
    let url = |text: &str| text.parse::<SmtpUrl>().map(|url| format!("{url} {url:?}"));
    let shown = |text: &str| format!("{text} {text}");
    assert_eq!(url("smtp://u:hunter2@mail.example.org"), Ok(shown("smtp://mail.example.org:587")));
    assert_eq!(url("smtp://127.0.0.1:2525"), Ok(shown("smtp://127.0.0.1:2525")));
    assert_eq!(url("smtps://mail.example.org"), Ok(shown("smtps://mail.example.org:465")));
    for bad in ["", "smtp://", "mail.example.org", "http://x", "smtp://x?tls=no"] {
        assert!(url(bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_folder_keeps_each_letter_once_and_for_itself() {
    let folder = TempDir::new().unwrap();
    let mails = folder.path().join("mail");
    let courier = courier(&folder, MailTransport::Folder(mails.clone()), None);
    for _ in 0..2 {
        courier.deliver(id(), &mail_to("ada@Bücher.example")).await.unwrap();
        courier.deliver(id(), &text_message()).await.unwrap();
    }
    let file = mails.join(format!("{}.eml", id()));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("To: ada@xn--bcher-kva.example\r\n") && text.contains("\r\n123456\r\n"));
    assert_eq!(mails.read_dir().unwrap().count(), 1);
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let sms = folder.path().join("sms").join(format!("{}.json", id()));
    let sms: serde_json::Value = serde_json::from_slice(&std::fs::read(sms).unwrap()).unwrap();
    assert_eq!((&sms["to"], &sms["text"]), (&"+4915123456789".into(), &"123456 is it".into()));
}

/// A gateway of one request; gives its URL and what it was sent.
fn gateway(answer: &'static str) -> (WebhookUrl, mpsc::Receiver<String>) {
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
        write!(
            stream,
            "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\n\r\n"
        )
        .unwrap();
        let _ = tell.send(heard);
    });
    (url, told)
}

async fn posted(answer: &'static str) -> (Result<(), Undelivered>, String) {
    let folder = TempDir::new().unwrap();
    let (url, told) = gateway(answer);
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
