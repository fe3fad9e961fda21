//! Mails to servers that take, refuse, hang, and die.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use super::*;

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
        &[("RCPT", "550 123456")],
    ] {
        let told = format!("{:?}", sent(says).await.0.unwrap_err());
        assert!(!told.contains("123456") && !told.contains('\n'), "{says:?}: {told}");
    }
}

#[tokio::test]
async fn a_server_that_talks_a_lot_is_quoted_in_one_short_line() {
    const LONG: &str = "550-one\r\n550-two\r\n550 three four five";
    let told = format!("{}", sent(&[("RCPT", LONG)]).await.0.unwrap_err().0);
    assert_eq!(told, "permanent error (550): one two three four five");
    let told = super::super::smtp::short(&"word ".repeat(1_000));
    assert!(told.chars().count() == 200 && told.starts_with("word word"), "{told}");
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
async fn nothing_is_sent_where_tls_is_required_and_not_offered() {
    let folder = TempDir::new().unwrap();
    let (url, told) = smtp(&[("EHLO", "250 SIZE 1000000")]);
    let url = format!("{url}?tls=required").parse().unwrap();
    let courier = courier(&folder, MailTransport::Smtp(url), None);
    assert!(courier.deliver(id(), &mail_to("ada@example.org")).await.is_err());
    drop(courier);
    let heard = told.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(!heard.contains("MAIL") && !heard.contains("123456"), "{heard}");
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
    for bad in [
        "",
        "smtp://",
        "mail.example.org",
        "http://x",
        "smtp://x?tls=no",
        "smtp://:p@x",
        "smtp://x/y",
    ] {
        assert!(url(bad).is_err(), "{bad}");
    }
}
