//! Writes lines on a thread of its own: whoever logs never waits, and a reader that went away or is
//! stuck costs log lines, not requests.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// How many lines may wait to be written.
const MAX_WAITING: usize = 4_096;

enum Message {
    Line(Vec<u8>),
    /// Everything before it is written once this is answered.
    Flush(SyncSender<()>),
}

/// Takes lines without ever waiting. Clones write to the same place.
#[derive(Clone)]
pub(super) struct Sink {
    waiting: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

impl Sink {
    /// Starts the thread that writes to `to`.
    pub(super) fn start(to: impl Write + Send + 'static) -> io::Result<Self> {
        let (waiting, lines) = sync_channel(MAX_WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&lost);
        let thread = std::thread::Builder::new().name("log".to_owned());
        thread.spawn(move || write_all(&lines, &counter, to))?;
        Ok(Self { waiting, lost })
    }

    /// Waits until all lines are written, but no longer than `patience`: a reader that is stuck
    /// must not hold up the end.
    pub(super) fn flush(&self, patience: Duration) {
        let end = Instant::now() + patience;
        let (done, answer) = sync_channel(1);
        let mut message = Message::Flush(done);
        while let Err(TrySendError::Full(again)) = self.waiting.try_send(message) {
            if Instant::now() >= end {
                return;
            }
            message = again;
            std::thread::yield_now();
        }
        let _ = answer.recv_timeout(end.saturating_duration_since(Instant::now()));
    }
}

fn write_all(lines: &Receiver<Message>, lost: &AtomicU64, mut to: impl Write) {
    for message in lines {
        match message {
            Message::Line(line) => match to.write_all(&line) {
                Ok(()) => tell_of(lost.swap(0, Ordering::Relaxed)),
                // There is no other place to say so.
                Err(_) => drop(lost.fetch_add(1, Ordering::Relaxed)),
            },
            Message::Flush(done) => {
                let _ = to.flush();
                let _ = done.try_send(());
            }
        }
    }
}

/// Says that lines are missing, now that lines are written again.
fn tell_of(lost: u64) {
    if lost > 0 {
        tracing::warn!(lost, "log lines were lost: they were not read, or not kept, in time");
    }
}

impl Write for Sink {
    /// Takes one whole line: the formatter writes each event at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self.waiting.try_send(Message::Line(line.to_vec())) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
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
        let mut sink = Sink::start(paper.clone()).unwrap();
        sink.write_all(b"one\n").unwrap();
        sink.write_all(b"two\n").unwrap();
        Sink::flush(&sink, PATIENCE);
        assert_eq!(&*paper.stuck(), b"one\ntwo\n");
    }

    #[test]
    fn a_stuck_reader_costs_lines_and_they_are_counted() {
        let paper = Paper::default();
        let mut sink = Sink::start(paper.clone()).unwrap();
        let stuck = paper.stuck();
        for _ in 0..2 * MAX_WAITING {
            sink.write_all(b"line\n").unwrap();
        }
        let lost = sink.lost.load(Ordering::Relaxed);
        drop(stuck);
        Sink::flush(&sink, PATIENCE);
        let written =
            paper.stuck().split(|byte| *byte == b'\n').filter(|line| *line == b"line").count();
        assert_eq!(u64::try_from(2 * MAX_WAITING - written).unwrap(), lost);
        assert!(written <= MAX_WAITING + 1);
    }

    #[test]
    fn what_cannot_be_written_is_counted_and_does_no_harm() {
        let mut sink = Sink::start(Closed).unwrap();
        sink.write_all(b"line\n").unwrap();
        Sink::flush(&sink, PATIENCE);
        assert!(sink.write_all(b"line\n").is_ok());
        Sink::flush(&sink, PATIENCE);
        assert_eq!(sink.lost.load(Ordering::Relaxed), 2);
    }
}
