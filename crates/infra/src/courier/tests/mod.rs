//! Couriers into folders, and against servers that take, refuse, hang, and die.

mod smtp;
mod strangers;
mod webhook;

use std::os::unix::fs::PermissionsExt;

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
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&mails), mode(&file)), (0o700, 0o600));
    let sms = folder.path().join("sms").join(format!("{}.json", id()));
    let sms: serde_json::Value = serde_json::from_slice(&std::fs::read(sms).unwrap()).unwrap();
    assert_eq!((&sms["to"], &sms["text"]), (&"+4915123456789".into(), &"123456 is it".into()));
}

#[tokio::test]
async fn a_folder_that_is_gone_loses_no_letter() {
    let folder = TempDir::new().unwrap();
    let mails = folder.path().join("mail");
    let courier = courier(&folder, MailTransport::Folder(mails.clone()), None);
    std::fs::remove_dir(&mails).unwrap();
    assert!(courier.deliver(id(), &mail_to("ada@example.org")).await.is_err());
}

/// The raw mail that says this.
fn raw_mail(text: &str) -> String {
    let to = Email::parse("ada@example.org").unwrap();
    let from = "Doorward <door@example.org>".parse().unwrap();
    let letter = Letter::new(Recipient::Mail(to.clone()), "Größe", text);
    let mail = message::mail(id(), &from, &to, &letter, SystemClock.now()).unwrap();
    String::from_utf8(mail.formatted()).unwrap()
}

#[test]
fn no_line_end_of_a_mail_is_a_bare_one() {
    for text in ["a\n.\nb", "a\r\n.\r\nb", "a\r.\rb", "a\n\r.\n\rb", "ä\r.\rb", "a\r"] {
        let raw = raw_mail(text).replace("\r\n", "");
        assert!(!raw.contains(['\r', '\n']), "{text:?} became {raw:?}");
    }
}

#[test]
fn a_code_is_readable_in_the_raw_mail_in_any_language() {
    for text in ["Your code is:\n\n123456\n", "Dein Code für Zürich:\n\n123456\n"] {
        let raw = raw_mail(text);
        assert!(raw.contains("\r\n123456\r\n"), "{raw}");
        assert!(!raw.contains("base64") && raw.contains("Date: "), "{raw}");
        assert!(raw.contains("X-Auto-Response-Suppress: All\r\n"), "{raw}");
    }
}

#[test]
fn nothing_that_is_printed_tells_a_secret() {
    let options = CourierOptions {
        mail: MailTransport::Smtp("smtp://ada:hunter2@mail.example.org".parse().unwrap()),
        from: "door@example.org".parse().unwrap(),
        sms: SmsTransport::Webhook(
            "https://sms.example.org/hunter2?key=hunter2".parse().unwrap(),
            "hunter2".into(),
        ),
    };
    let printed = format!("{options:?} {:?} {:?}", mail_to("ada@example.org"), text_message());
    assert!(!printed.contains("hunter2") && !printed.contains("123456\n"), "{printed}");
    assert!(!printed.contains("Your code is") && !printed.contains("is it"), "{printed}");
}
