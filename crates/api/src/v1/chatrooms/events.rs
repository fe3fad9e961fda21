//! `/v1/chatrooms/{id}/events`: what is said in a room, as it is said (WHATWG HTML §9.2).
//!
//! A stream holds its place in the room, not a queue: what it sends next it reads from the store, so a
//! slow reader costs nobody else anything, and `Last-Event-ID` goes on without a gap.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, HeaderName};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use domain::chatrooms::{ChatroomId, MessageView as Said};
use domain::problem::Problem;
use domain::sessions::Authenticated;
use futures_util::stream::unfold;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tracing::Instrument;

use crate::caller::Caller;
use crate::http::{chain, scene};
use crate::state::ApiState;
use crate::v1::chatrooms::rooms::key;
use crate::v1::chatrooms::streams::Place;
use crate::v1::chatrooms::view::MessageView;
use crate::v1::fault::V1Fault;
use crate::v1::openapi::params::{ChatroomIdParameter, LastEventId};
use crate::v1::problem::V1;
use crate::v1::reply::{Answer, UNSTORED};

/// How many messages are read at once.
const BATCH: u16 = 64;
/// How many events may wait for a reader.
const WAITING: usize = 16;
/// How long a reader may take nothing before it is dropped.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a quiet stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Tells proxies not to hold events back.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");
const LAST_EVENT_ID: &str = "last-event-id";

/// Listen to a chatroom
///
/// For members: a stream of Server-Sent Events. Each `message` event carries a message as its data and
/// its sequence as its id; `Last-Event-ID` goes on behind that sequence, without a gap. Without it the
/// stream begins with what is said next. A comment comes every 5 seconds. The stream ends when the
/// session is closed, the caller leaves the room or the room is removed. One person may have 20 open at
/// each node; one that was dropped counts until a comment or two could not be sent.
#[utoipa::path(
    get, path = "/v1/chatrooms/{id}/events", tag = "chatrooms",
    params(ChatroomIdParameter, LastEventId), security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "Events, until the stream ends.",
        content_type = "text/event-stream", body = String
    ))
)]
pub(crate) async fn chatroom_events(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let last = last_event_id(&request)?;
    let (rooms, listener) = (&state.services().chatrooms, caller.authenticated);
    let tally = &caller.client.tally;
    let room = rooms.admitted(&listener.user, &key(&request)?).await?.id;
    let place = state.streams().enter(listener.user.id, tally)?;
    let latest = rooms.latest_sequence(room).await?;
    // Whoever has seen the future begins at present.
    let after = last.map_or(latest, |last| last.min(latest));
    let (events, taken) = mpsc::channel(WAITING);
    let stream = Stream { state: state.clone(), listener, room, after, place, events };
    actix_web::rt::spawn(stream.run().instrument(scene::span()));
    let body = unfold(taken, |mut taken| async {
        taken.recv().await.map(|event| (Ok::<_, Infallible>(event), taken))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, UNSTORED))
        .insert_header((UNBUFFERED, "no"))
        .streaming(body))
}

/// The sequence of the last event that the caller has seen.
fn last_event_id(request: &HttpRequest) -> Result<Option<i64>, V1Fault> {
    let Some(field) = request.headers().get(LAST_EVENT_ID) else { return Ok(None) };
    let number = field.to_str().ok().and_then(|text| text.trim().parse::<i64>().ok());
    number.filter(|number| *number >= 0).map(Some).ok_or(V1Fault::BadLastEventId)
}

struct Stream {
    state: ApiState,
    listener: Authenticated,
    room: ChatroomId,
    after: i64,
    place: Place,
    events: mpsc::Sender<Bytes>,
}

impl Stream {
    /// Feeds the reader until it goes, may not listen any more, or the server leaves.
    async fn run(mut self) {
        let mut heard = self.after;
        let mut news = Some("retry: 2000\n: welcome\n\n");
        loop {
            match self.catch_up(heard, news.take()).await {
                Ok(true) => {}
                // The reader is gone, or must not listen: it is told nothing more.
                Ok(false) => return,
                Err(problem) => {
                    let cause = chain(&problem);
                    tracing::warn!(cause = %cause.escape_debug(), "a stream of a chatroom was cut");
                    return;
                }
            }
            tokio::select! {
                latest = self.state.services().chatrooms.later_than(self.room, self.after) => {
                    heard = latest;
                }
                () = sleep(HEARTBEAT) => news = Some(": still here\n\n"),
                () = self.events.closed() => return,
                () = self.place.ended() => return,
            }
        }
    }

    /// Sends the news, if any, and all that was said since, as long as the listener may hear it.
    async fn catch_up(&mut self, heard: i64, news: Option<&str>) -> Result<bool, Problem> {
        if !self.may_listen().await? || !self.say(news.unwrap_or_default()).await {
            return Ok(false);
        }
        loop {
            let rooms = &self.state.services().chatrooms;
            let batch = rooms.after(self.room, self.after, BATCH).await?;
            for said in &batch {
                if !self.say(&self.event(said)).await {
                    return Ok(false);
                }
                self.after = said.message.sequence;
            }
            if batch.len() < usize::from(BATCH) {
                // What was heard of and is not there was removed again.
                self.after = self.after.max(heard);
                return Ok(true);
            }
            if !self.may_listen().await? {
                return Ok(false);
            }
        }
    }

    /// Read anew each time: whoever is signed out, locked or has left hears nothing more.
    async fn may_listen(&self) -> Result<bool, Problem> {
        let services = self.state.services();
        match services.sessions.recheck(&self.listener).await {
            Ok(()) => services.chatrooms.is_member(&self.listener.user, self.room).await,
            Err(Problem::Token(_)) => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    fn event(&self, said: &Said) -> String {
        let view = MessageView::new(said, self.state.settings());
        // JSON has no line ends of its own, so one line of data holds all of it.
        let data = serde_json::to_string(&view).unwrap_or_default();
        format!("id: {}\nevent: message\ndata: {data}\n\n", said.message.sequence)
    }

    /// Hands an event to the reader; `false` where it is gone or takes nothing, or the server leaves.
    async fn say(&mut self, event: &str) -> bool {
        if event.is_empty() {
            return true;
        }
        let sent = self.events.send(Bytes::copy_from_slice(event.as_bytes()));
        tokio::select! {
            biased;
            () = self.place.ended() => false,
            sent = timeout(PATIENCE, sent) => matches!(sent, Ok(Ok(()))),
        }
    }
}
