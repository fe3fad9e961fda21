//! `GET /v1/chatrooms/{id}/events`: over real connections, over two nodes, over a restart.

use std::io::BufRead;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use acceptance::{Actor, Client, Engine, Server};
use serde_json::{Value, json};

/// How soon what is said at one node must be heard at another.
const SOON: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(10);

/// A stream, read by a thread of its own.
struct Listener(Receiver<(String, Value)>);

impl Listener {
    /// Listens, and waits for the welcome: what is said afterwards must be heard.
    fn open(client: &Client, room: &str, last: Option<&str>) -> Self {
        let client = match last {
            Some(last) => client.with("Last-Event-ID", last),
            None => client.clone(),
        };
        let mut lines = client.stream(&format!("/v1/chatrooms/{room}/events")).lines();
        let first = lines.next().unwrap().unwrap();
        assert_eq!(first, "retry: 2000");
        let (sender, events) = channel();
        std::thread::spawn(move || {
            let mut id = String::new();
            // An error is the end of the connection, however it ends.
            for line in lines.map_while(Result::ok) {
                match line.split_once(": ") {
                    Some(("id", sequence)) => sequence.clone_into(&mut id),
                    Some(("data", data)) => {
                        let data = serde_json::from_str(data).unwrap();
                        // Nobody listens any more once the test has what it wants.
                        drop(sender.send((id.clone(), data)));
                    }
                    _ => {}
                }
            }
        });
        Self(events)
    }

    /// The id and the text of the next message.
    #[track_caller]
    fn hear(&self, within: Duration) -> (String, String) {
        let (id, message) = self.0.recv_timeout(within).expect("a message in time");
        (id, message["text"].as_str().unwrap().to_owned())
    }

    #[track_caller]
    fn ends(&self) {
        assert_eq!(self.0.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
    }
}

fn room(ada: &Actor, eve: &Actor) -> String {
    let room = json!({ "name": "Ward 7", "members": [eve.id()] });
    ada.client.post("/v1/chatrooms", &room).expect(201).text_at("/id")
}

fn say(client: &Client, room: &str, text: &str) {
    client.post(&format!("/v1/chatrooms/{room}/messages"), &json!({ "text": text })).expect(201);
}

/// What is said at one node is heard at the other, and a stream resumes at either.
fn over_two_nodes(engine: Engine) {
    let Some(here) = Server::builder().on(engine).start_if_there() else { return };
    let there = here.another_node();
    let (ada, eve) = (here.actor("ada"), here.actor("eve"));
    let room = room(&ada, &eve);
    let eve_there = there.client().bearer(&eve.access_token());
    let listener = Listener::open(&eve_there, &room, None);
    for turn in 1..=5 {
        let start = Instant::now();
        say(&ada.client, &room, &turn.to_string());
        assert_eq!(listener.hear(SOON), (turn.to_string(), turn.to_string()));
        assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    }
    // Said while nobody listens, at both nodes.
    let ada_there = there.client().bearer(&ada.access_token());
    for turn in 6..=205 {
        say(if turn % 2 == 0 { &ada.client } else { &ada_there }, &room, &turn.to_string());
    }
    let resumed = Listener::open(&eve.client, &room, Some("5"));
    for turn in 6..=205 {
        assert_eq!(resumed.hear(PATIENCE).1, turn.to_string());
    }
    // Signed out at one node, cut off at the other before the next word.
    eve.client.delete("/v1/sessions/current").expect(204);
    say(&ada.client, &room, "she is gone");
    for stream in [&listener, &resumed] {
        while let Ok((_, message)) = stream.0.recv_timeout(PATIENCE) {
            assert_ne!(message["text"], "she is gone");
        }
        stream.ends();
    }
}

#[test]
fn what_is_said_at_one_node_is_heard_at_the_other_on_mariadb() {
    over_two_nodes(Engine::Mysql);
}

#[test]
fn what_is_said_at_one_node_is_heard_at_the_other_on_postgresql() {
    over_two_nodes(Engine::Postgres);
}

#[test]
fn a_stream_resumes_after_a_restart() {
    let mut server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let room = room(&ada, &eve);
    let listener = Listener::open(&eve.client, &room, None);
    say(&ada.client, &room, "one");
    let (last, text) = listener.hear(SOON);
    assert_eq!(text, "one");
    say(&ada.client, &room, "two");
    server.kill_and_restart();
    let (ada, eve) = (ada.access_token(), eve.access_token());
    say(&server.client().bearer(&ada), &room, "three");
    let resumed = Listener::open(&server.client().bearer(&eve), &room, Some(&last));
    assert_eq!(resumed.hear(SOON).1, "two");
    assert_eq!(resumed.hear(SOON).1, "three");
}

#[test]
fn a_reader_that_reads_nothing_holds_up_nobody() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let room = room(&ada, &eve);
    // It stands open and is never read.
    let _idle = eve.client.stream(&format!("/v1/chatrooms/{room}/events"));
    let listener = Listener::open(&eve.client, &room, None);
    let text = "x".repeat(5_000);
    for _ in 0..400 {
        say(&ada.client, &room, &text);
        assert_eq!(listener.hear(PATIENCE).1.len(), 5_000);
    }
}

#[test]
fn strangers_and_the_anonymous_do_not_listen() {
    let server = Server::start();
    let (ada, eve, mallory) = (server.actor("ada"), server.actor("eve"), server.actor("mallory"));
    let path = format!("/v1/chatrooms/{}/events", room(&ada, &eve));
    mallory.client.get(&path).expect(403);
    server.client().get(&path).expect_problem(401, "authentication_required");
    let bad = eve.client.with("Last-Event-ID", "yesterday");
    assert_eq!(bad.get(&path).status, 400);
}
