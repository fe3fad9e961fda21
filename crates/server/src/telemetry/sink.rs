//! Writes lines on a thread of its own: whoever logs never waits, and a reader that went away or is
//! stuck costs log lines, not requests.
//!
//! Lines are gathered for a moment and written together: waking a thread and calling the system for
//! each would cost more than the line.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use api::{AccessLine, AccessLog};
use tracing_subscriber::fmt::MakeWriter;

use super::access::Format;
use super::stamps::Stamps;

/// How many lines may wait to be written.
const MAX_WAITING: usize = 8_192;
/// How long lines are gathered before they are written.
const GATHERING: Duration = Duration::from_millis(2);

enum Message {
    Line(Vec<u8>),
    /// A line that is yet to be worded.
    Access(AccessLine),
    /// Everything before it is written once this is answered.
    Flush(SyncSender<()>),
}

/// Takes lines without ever waiting. Clones write to the same place.
#[derive(Clone)]
pub(super) struct Sink(Arc<Desk>);

/// Where lines wait for the thread that writes them.
#[derive(Default)]
struct Desk {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
    lost: AtomicU64,
}

#[derive(Default)]
struct Waiting {
    messages: Vec<Message>,
    /// Whether the thread waits to be woken.
    asleep: bool,
}

impl Sink {
    /// Starts the thread that writes to `to`, lines of requests in this format.
    pub(super) fn start(to: impl Write + Send + 'static, format: Format) -> io::Result<Self> {
        let desk = Arc::new(Desk::default());
        let sink = Self(Arc::clone(&desk));
        let thread = thread::Builder::new().name("log".to_owned());
        thread.spawn(move || write_all(&desk, format, to))?;
        Ok(sink)
    }

    /// Waits until all lines are written, but no longer than `patience`: a reader that is stuck
    /// must not hold up the end.
    pub(super) fn flush(&self, patience: Duration) {
        let end = Instant::now() + patience;
        let (done, answer) = sync_channel(1);
        // It takes no line's place: it is one at most.
        self.0.put(Message::Flush(done), usize::MAX);
        let _ = answer.recv_timeout(end.saturating_duration_since(Instant::now()));
    }

    fn put(&self, message: Message) {
        if !self.0.put(message, MAX_WAITING) {
            self.0.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Desk {
    /// Leaves a message, if fewer than `most` lie there.
    fn put(&self, message: Message, most: usize) -> bool {
        let mut waiting = self.lock();
        if waiting.messages.len() >= most {
            return false;
        }
        waiting.messages.push(message);
        let wake = std::mem::take(&mut waiting.asleep);
        drop(waiting);
        if wake {
            self.arrived.notify_one();
        }
        true
    }

    /// Waits for messages, and takes all there are; `taken` is empty and lends its room.
    #[expect(clippy::disallowed_methods, reason = "the log's own thread: nobody waits for it")]
    fn take(&self, taken: &mut Vec<Message>) {
        let mut waiting = self.lock();
        while waiting.messages.is_empty() {
            waiting.asleep = true;
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        drop(waiting);
        thread::sleep(GATHERING);
        std::mem::swap(&mut self.lock().messages, taken);
    }

    // What waits is whole between any two statements.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_all(desk: &Desk, format: Format, mut to: impl Write) {
    let (mut messages, mut text, mut stamps) = (Vec::new(), Vec::new(), Stamps::default());
    loop {
        desk.take(&mut messages);
        let mut lines = 0;
        let mut flushed = Vec::new();
        for message in messages.drain(..) {
            match message {
                Message::Line(line) => text.extend_from_slice(&line),
                Message::Access(line) => format.write(&line, &mut stamps, &mut text),
                Message::Flush(done) => {
                    flushed.push(done);
                    continue;
                }
            }
            lines += 1;
        }
        match to.write_all(&text).and_then(|()| to.flush()) {
            Ok(()) => tell_of(desk.lost.swap(0, Ordering::Relaxed)),
            // There is no other place to say so.
            Err(_) => drop(desk.lost.fetch_add(lines, Ordering::Relaxed)),
        }
        text.clear();
        // A burst does not hold its memory for ever.
        text.shrink_to(1 << 16);
        for done in flushed {
            let _ = done.try_send(());
        }
    }
}

/// Says that lines are missing, now that lines are written again.
fn tell_of(lost: u64) {
    if lost > 0 {
        tracing::warn!(lost, "log lines were lost: they were not read, or not kept, in time");
    }
}

impl AccessLog for Sink {
    fn write(&self, line: AccessLine) {
        self.put(Message::Access(line));
    }
}

impl Write for Sink {
    /// Takes one whole line: the formatter writes each event at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.put(Message::Line(line.to_vec()));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, MutexGuard};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    /// A place to write to whose reader can be stuck.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Paper {
        fn stuck(&self) -> MutexGuard<'_, Vec<u8>> {
            self.0.lock().unwrap()
        }
    }

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn lines_arrive_in_order_once_flushed() {
        let paper = Paper::default();
        let mut sink = Sink::start(paper.clone(), Format::Json).unwrap();
        sink.write_all(b"one\n").unwrap();
        sink.write_all(b"two\n").unwrap();
        Sink::flush(&sink, PATIENCE);
        assert_eq!(&*paper.stuck(), b"one\ntwo\n");
    }

    #[test]
    fn a_stuck_reader_costs_lines_and_they_are_counted() {
        let paper = Paper::default();
        let mut sink = Sink::start(paper.clone(), Format::Json).unwrap();
        let stuck = paper.stuck();
        for _ in 0..3 * MAX_WAITING {
            sink.write_all(b"line\n").unwrap();
        }
        let lost = sink.0.lost.load(Ordering::Relaxed);
        drop(stuck);
        Sink::flush(&sink, PATIENCE);
        let written =
            paper.stuck().split(|byte| *byte == b'\n').filter(|line| *line == b"line").count();
        assert_eq!(u64::try_from(3 * MAX_WAITING - written).unwrap(), lost);
        // Some were being written when it got stuck, and as many wait.
        assert!(written <= 2 * MAX_WAITING);
    }

    #[test]
    fn what_cannot_be_written_is_counted_and_does_no_harm() {
        let mut sink = Sink::start(Closed, Format::Json).unwrap();
        sink.write_all(b"line\n").unwrap();
        Sink::flush(&sink, PATIENCE);
        assert!(sink.write_all(b"line\n").is_ok());
        Sink::flush(&sink, PATIENCE);
        assert_eq!(sink.0.lost.load(Ordering::Relaxed), 2);
    }
}
