//! The stream of events, read as a client reads it.

use std::pin::Pin;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service};
use domain::chatrooms::{ChatroomId, Doorbell};
use domain::sessions::Client;
use domain::users::{ProfileChange, UserKey};
use futures_util::future::poll_fn;
use serde_json::Value;
use tokio::time::timeout;

use super::ward::{Guest, Ward, refused};

/// So long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(10);
const WELCOME: &str = "retry: 2000\n: welcome\n\n";

/// A stream that is open.
struct Listener(BoxBody);

impl Listener {
    /// The next chunk; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        let next = poll_fn(|context| Pin::new(&mut self.0).poll_next(context));
        let chunk = timeout(PATIENCE, next).await.expect("something comes");
        chunk.map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap())
    }

    /// The id and the text of the next message.
    async fn heard(&mut self) -> (i64, String) {
        let event = self.next().await.expect("the stream goes on");
        let rest = event.strip_prefix("id: ").unwrap();
        let (id, rest) = rest.split_once("\nevent: message\ndata: ").unwrap();
        let data: Value = serde_json::from_str(rest.strip_suffix("\n\n").unwrap()).unwrap();
        (id.parse().unwrap(), data["text"].as_str().unwrap().to_owned())
    }
}

async fn ask(
    ward: &Ward,
    guest: &Guest,
    room: &str,
    last: Option<&str>,
) -> ServiceResponse<BoxBody> {
    let app = init_service(crate::app(ward.world.state.clone())).await;
    let request = TestRequest::get().uri(&format!("{room}/events"));
    let mut request = request.insert_header(("authorization", guest.bearer.clone()));
    if let Some(last) = last {
        request = request.insert_header(("last-event-id", last));
    }
    call_service(&app, request.to_request()).await
}

/// A stream after its welcome.
async fn listen(ward: &Ward, guest: &Guest, room: &str, last: Option<&str>) -> Listener {
    let response = ask(ward, guest, room, last).await;
    assert_eq!(response.status(), 200);
    let mut listener = Listener(response.into_body());
    assert_eq!(listener.next().await.as_deref(), Some(WELCOME));
    listener
}

#[actix_web::test]
async fn a_stream_says_at_once_that_it_lives_and_is_kept_by_nobody() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let response = ask(&ward, &ward.eve, &room, None).await;
    let field = |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(field("content-type"), "text/event-stream");
    assert_eq!(field("cache-control"), "no-store");
    assert_eq!(field("x-accel-buffering"), "no");
    assert_eq!(Listener(response.into_body()).next().await.as_deref(), Some(WELCOME));
}

#[actix_web::test]
async fn what_is_said_from_now_on_is_heard_as_v1_shows_it() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    ward.said(&ward.ada, &room, "before").await;
    let mut eve = listen(&ward, &ward.eve, &room, None).await;
    let said = ward.said(&ward.ada, &room, "two\nlines").await;
    let shown = ward.get(&ward.eve, &said).await.body;
    let expected = format!("id: 2\nevent: message\ndata: {shown}\n\n");
    assert_eq!(eve.next().await, Some(expected));
    let other = ward.a_room().await;
    ward.said(&ward.ada, &other, "elsewhere").await;
    ward.said(&ward.eve, &room, "here").await;
    assert_eq!(eve.heard().await, (3, "here".into()));
}

#[actix_web::test]
async fn a_stream_goes_on_behind_the_last_event_without_a_gap() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    // More than are read at once.
    for turn in 1..=150 {
        ward.said(&ward.ada, &room, &turn.to_string()).await;
    }
    let mut eve = listen(&ward, &ward.eve, &room, Some("3")).await;
    for turn in 4..=150 {
        assert_eq!(eve.heard().await, (turn, turn.to_string()));
    }
    ward.said(&ward.ada, &room, "151").await;
    assert_eq!(eve.heard().await.0, 151);
    let mut all = listen(&ward, &ward.eve, &room, Some("0")).await;
    assert_eq!(all.heard().await.0, 1);
}

#[actix_web::test]
async fn what_was_removed_is_passed_over() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    ward.said(&ward.ada, &room, "1").await;
    let removed = ward.said(&ward.ada, &room, "2").await;
    ward.said(&ward.ada, &room, "3").await;
    assert_eq!(ward.delete(&ward.ada, &removed).await.status, 204);
    let mut eve = listen(&ward, &ward.eve, &room, Some("0")).await;
    assert_eq!((eve.heard().await.0, eve.heard().await.0), (1, 3));
    let latest = ward.said(&ward.ada, &room, "4").await;
    assert_eq!(ward.delete(&ward.ada, &latest).await.status, 204);
    ward.said(&ward.ada, &room, "5").await;
    assert!(matches!(eve.heard().await.0, 4 | 5));
}

#[actix_web::test]
async fn whoever_claims_to_have_seen_the_future_hears_the_present() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    ward.said(&ward.ada, &room, "1").await;
    let mut ahead = listen(&ward, &ward.eve, &room, Some(&i64::MAX.to_string())).await;
    let mut beside = listen(&ward, &ward.ada, &room, None).await;
    ward.said(&ward.ada, &room, "2").await;
    assert_eq!((ahead.heard().await.0, beside.heard().await.0), (2, 2));
}

#[actix_web::test]
async fn a_last_event_that_is_none_is_refused() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    for last in ["", "x", "-1", "1.5", "99999999999999999999"] {
        assert_eq!(ask(&ward, &ward.eve, &room, Some(last)).await.status(), 400, "{last:?}");
    }
}

#[actix_web::test]
async fn strangers_do_not_listen_whatever_their_office() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    assert_eq!(refused(&ward.get(&ward.boss, &format!("{room}/events")).await).0, 403);
    let gone = "/v1/chatrooms/0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e";
    assert_eq!(ask(&ward, &ward.ada, gone, None).await.status(), 404);
}

#[actix_web::test]
async fn whoever_leaves_hears_nothing_that_is_said_afterwards() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let mut eve = listen(&ward, &ward.eve, &room, None).await;
    assert_eq!(ward.delete(&ward.eve, &format!("{room}/members/me")).await.status, 204);
    ward.said(&ward.ada, &room, "she is gone").await;
    assert_eq!(eve.next().await, None);
}

#[actix_web::test]
async fn whoever_is_signed_out_or_locked_hears_nothing_that_is_said_afterwards() {
    for locks in [false, true] {
        let ward = Ward::open().await;
        let room = ward.a_room().await;
        let mut eve = listen(&ward, &ward.eve, &room, None).await;
        if locks {
            let users = &ward.world.state.services().users;
            let change =
                ProfileChange { status: Some("locked".into()), ..ProfileChange::default() };
            let rules = &ward.world.state.settings().v1_rules;
            let (boss, id) = (&ward.boss.user, ward.eve.user.id);
            let client = Client::default();
            users.change_profile(boss, id, None, &change, rules, &client).await.unwrap();
            assert!(users.find(&UserKey::Id(id)).await.is_ok());
        } else {
            assert_eq!(ward.delete(&ward.eve, "/v1/sessions/current").await.status, 204);
        }
        ward.said(&ward.ada, &room, "she is out").await;
        assert_eq!(eve.next().await, None);
    }
}

#[actix_web::test]
async fn a_stream_ends_where_its_listener_cannot_be_checked_and_can_be_resumed() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let mut eve = listen(&ward, &ward.eve, &room, None).await;
    let id = ChatroomId(room.rsplit('/').next().unwrap().parse().unwrap());
    ward.world.stores.set_available(false);
    ward.world.doorbell.ring(id, 1);
    assert_eq!(eve.next().await, None);
    ward.world.stores.set_available(true);
    ward.said(&ward.ada, &room, "missed").await;
    let mut again = listen(&ward, &ward.eve, &room, Some("0")).await;
    assert_eq!(again.heard().await, (1, "missed".into()));
}

#[actix_web::test]
async fn a_person_has_twenty_streams_and_gets_a_place_back_with_each_that_ends() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(listen(&ward, &ward.eve, &room, None).await);
    }
    let crowded = ward.get(&ward.eve, &format!("{room}/events")).await;
    assert_eq!((crowded.status, crowded.field("retry-after").as_str()), (429, "10"));
    drop(listen(&ward, &ward.ada, &room, None).await);
    drop(streams.pop());
    // The stream's own task sees that its reader is gone.
    let free = async {
        while ask(&ward, &ward.eve, &room, None).await.status() != 200 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, free).await.unwrap();
}

#[actix_web::test]
async fn all_streams_end_when_the_server_leaves_slow_readers_included() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    for turn in 0..64 {
        ward.said(&ward.ada, &room, &turn.to_string()).await;
    }
    let mut quiet = listen(&ward, &ward.eve, &room, None).await;
    let mut slow = listen(&ward, &ward.eve, &room, Some("0")).await;
    ward.world.state.end_streams();
    assert_eq!(quiet.next().await, None);
    let mut waiting = 0;
    while slow.next().await.is_some() {
        waiting += 1;
    }
    assert!(waiting < 64, "what waits is bounded: {waiting}");
    let mut late = Listener(ask(&ward, &ward.eve, &room, None).await.into_body());
    while late.next().await.is_some() {}
}

#[actix_web::test]
async fn a_quiet_stream_says_every_five_seconds_that_it_lives_if_it_may() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    let mut eve = listen(&ward, &ward.eve, &room, None).await;
    tokio::time::pause();
    for _ in 0..2 {
        let began = tokio::time::Instant::now();
        let next = poll_fn(|context| Pin::new(&mut eve.0).poll_next(context));
        assert_eq!(next.await.unwrap().unwrap(), ": still here\n\n");
        let took = began.elapsed().as_secs();
        assert!((4..=6).contains(&took), "{took}");
    }
    assert_eq!(ward.delete(&ward.eve, "/v1/sessions/current").await.status, 204);
    assert!(poll_fn(|context| Pin::new(&mut eve.0).poll_next(context)).await.is_none());
}

#[actix_web::test]
async fn a_reader_that_takes_nothing_is_dropped_and_resumes_where_it_was() {
    let ward = Ward::open().await;
    let room = ward.a_room().await;
    for turn in 1..=64 {
        ward.said(&ward.ada, &room, &turn.to_string()).await;
    }
    let mut slow = listen(&ward, &ward.eve, &room, Some("0")).await;
    tokio::time::pause();
    tokio::time::sleep(Duration::from_secs(31)).await;
    tokio::time::resume();
    let mut last = 0;
    while let Some(event) = slow.next().await {
        last = event["id: ".len()..].split('\n').next().unwrap().parse().unwrap();
    }
    assert!((1..64).contains(&last), "{last}");
    let mut again = listen(&ward, &ward.eve, &room, Some(&last.to_string())).await;
    assert_eq!(again.heard().await.0, last + 1);
}
