//! What the lines say, read from a subscriber that keeps them.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use uuid::Uuid;

use super::*;

/// Keeps every event as one line of text.
#[derive(Clone, Default)]
struct Keeper(Arc<Mutex<Vec<String>>>);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(format!("{} {}", event.metadata().level(), event.metadata().target()));
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Keeps every event of interest to somebody. Without it one that another thread comes by first,
/// while no test listens, is taken to be of interest to nobody, ever.
fn keep_events() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Keeper::default()).unwrap());
}

fn written(write: impl FnOnce(&TracingSecurityLog)) -> String {
    keep_events();
    let keeper = Keeper::default();
    tracing::subscriber::with_default(keeper.clone(), || write(&TracingSecurityLog));
    let mut lines = keeper.0.lock().unwrap();
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

fn client(user_agent: &str) -> Client {
    let address = Some("2001:db8::1".parse().unwrap());
    Client { address, user_agent: Some(user_agent.into()), ..Client::default() }
}

const USER: UserId = UserId(Uuid::from_u128(1));
const SESSION: SessionId = SessionId(Uuid::from_u128(2));

#[test]
fn an_event_is_one_line_with_its_ids_and_address() {
    let event = SecurityEvent::RefreshReused(USER, SESSION);
    let line = written(|log| log.event(&event, &client("curl/8")));
    assert_eq!(
        line,
        "WARN security event=\"refresh_reused\" user=00000000-0000-0000-0000-000000000001 \
         session=00000000-0000-0000-0000-000000000002 address=2001:db8::1 user_agent=\"curl/8\""
    );
}

#[test]
fn every_event_has_its_own_name_and_only_the_ids_it_knows() {
    let line = |event| written(|log| log.event(&event, &Client::default()));
    assert!(
        line(SecurityEvent::SignedIn(USER, SESSION))
            .starts_with("INFO security event=\"signed_in\"")
    );
    assert_eq!(line(SecurityEvent::SignInFailed(None)), "INFO security event=\"sign_in_failed\"");
    assert!(
        line(SecurityEvent::SignInThrottled(Some(USER))).contains("\"sign_in_throttled\" user=")
    );
    assert!(line(SecurityEvent::SignedOut(USER, SESSION)).contains("event=\"signed_out\""));
}

#[test]
fn a_hostile_user_agent_neither_forges_a_line_nor_floods_it() {
    let hostile = format!("a\"\nWARN security event=\x1b[31m\u{202e}{}", "é".repeat(500));
    let line = written(|log| log.event(&SecurityEvent::SignInFailed(None), &client(&hostile)));
    assert!(line.contains(r#"user_agent="a\"\nWARN security event=\u{1b}[31m\u{202e}"#), "{line}");
    assert!(!line.contains(['\n', '\x1b', '\u{202e}']));
    assert!(line.chars().count() < 300);
}

#[test]
fn degraded_operation_tells_all_causes_on_one_line() {
    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);

    let source = Outer(std::io::Error::other("inner\nforged"));
    let line = written(|log| log.degraded("touching a session", Box::new(source)));
    assert_eq!(line, r#"ERROR degraded what="touching a session" cause="outer: inner\nforged""#);
}
