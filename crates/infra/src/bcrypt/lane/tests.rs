//! The lane under work that waits at a gate, panics, or is no longer wanted.

use std::future::Future;
use std::pin::pin;
use std::sync::Weak;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Waker};

use super::*;

/// Work that says when it has begun, and ends when the test lets it.
fn gated() -> (impl FnOnce() + Send + 'static, Receiver<()>, Sender<()>) {
    let (begin, begun) = channel();
    let (open, opened) = channel();
    let work = move || {
        begin.send(()).unwrap();
        opened.recv().unwrap();
    };
    (work, begun, open)
}

/// Takes a place and is worked for.
async fn run<T: Send + 'static>(
    lane: &Lane,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, NotDone> {
    lane.enter(None)?.run(work).await
}

/// Polls once, which is when a request enters the queue.
fn ask<F: Future>(request: std::pin::Pin<&mut F>) -> Option<F::Output> {
    match request.poll(&mut Context::from_waker(Waker::noop())) {
        std::task::Poll::Ready(output) => Some(output),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let lane = Lane::start(1, 2).unwrap();
    let (work, begun, open) = gated();
    let mut running = pin!(run(&lane, work));
    assert!(ask(running.as_mut()).is_none());
    begun.recv().unwrap();

    let (mut first, mut second) = (pin!(run(&lane, || 1)), pin!(run(&lane, || 2)));
    assert!(ask(first.as_mut()).is_none() && ask(second.as_mut()).is_none());
    assert_eq!(lane.queue.load(), (2, 1));
    let refused = ask(pin!(run(&lane, || 3))).unwrap();
    assert!(matches!(refused, Err(NotDone::Full(wait)) if wait >= Duration::from_secs(1)));

    open.send(()).unwrap();
    running.await.unwrap();
    assert_eq!((first.await, second.await), (Ok(1), Ok(2)));
}

#[tokio::test]
async fn nobody_is_worked_for_who_has_gone() {
    let lane = Lane::start(1, 8).unwrap();
    let (work, begun, open) = gated();
    let mut running = pin!(run(&lane, work));
    assert!(ask(running.as_mut()).is_none());
    begun.recv().unwrap();

    let worked = Arc::new(AtomicUsize::new(0));
    for _ in 0..5 {
        let worked = Arc::clone(&worked);
        assert!(ask(pin!(run(&lane, move || worked.fetch_add(1, Ordering::SeqCst)))).is_none());
    }
    open.send(()).unwrap();
    running.await.unwrap();
    run(&lane, || ()).await.unwrap();
    assert_eq!(worked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn first_come_is_first_served() {
    let lane = Lane::start(1, 8).unwrap();
    let (work, begun, open) = gated();
    let mut running = pin!(run(&lane, work));
    assert!(ask(running.as_mut()).is_none());
    begun.recv().unwrap();

    let served = Arc::new(AtomicUsize::new(0));
    let next = || {
        let served = Arc::clone(&served);
        Box::pin(run(&lane, move || served.fetch_add(1, Ordering::SeqCst)))
    };
    let mut requests: Vec<_> = (0..8).map(|_| next()).collect();
    requests.iter_mut().for_each(|request| assert!(ask(request.as_mut()).is_none()));
    open.send(()).unwrap();
    for (place, request) in requests.into_iter().enumerate() {
        assert_eq!(request.await, Ok(place));
    }
}

#[tokio::test]
async fn a_panic_reaches_its_caller_and_spares_the_thread() {
    let lane = Lane::start(1, 1).unwrap();
    let panicked = run(&lane, || -> u8 { panic!("as this test wants") }).await;
    assert_eq!(panicked, Err(NotDone::Panicked));
    assert_eq!(run(&lane, || 7).await, Ok(7));
}

#[tokio::test]
async fn as_many_work_at_once_as_there_are_lanes() {
    let lane = Lane::start(3, 0).unwrap();
    let gates: Vec<_> = (0..3).map(|_| gated()).collect();
    let mut keepers = Vec::new();
    let mut requests = Vec::new();
    for (work, begun, open) in gates {
        let mut request = Box::pin(run(&lane, work));
        assert!(ask(request.as_mut()).is_none());
        requests.push(request);
        keepers.push((begun, open));
    }
    keepers.iter().for_each(|(begun, _)| begun.recv().unwrap());
    assert!(matches!(ask(pin!(run(&lane, || ()))), Some(Err(NotDone::Full(_)))));
    keepers.iter().for_each(|(_, open)| open.send(()).unwrap());
    for request in requests {
        assert_eq!(request.await, Ok(()));
    }
}

#[tokio::test]
async fn threads_are_named_and_end_with_the_lane() {
    let lane = Lane::start(2, 1).unwrap();
    let name = run(&lane, || std::thread::current().name().map(str::to_owned)).await.unwrap();
    assert!(matches!(name.as_deref(), Some("password-0" | "password-1")));
    let queue: Weak<Queue> = Arc::downgrade(&lane.queue);
    drop(lane);
    assert!(queue.upgrade().is_none(), "a thread still holds the queue");
}

#[tokio::test]
async fn who_makes_room_for_another_is_told_when_to_come_back() {
    let lane = Lane::start(1, 1).unwrap();
    let (work, begun, open) = gated();
    let mut running = pin!(run(&lane, work));
    assert!(ask(running.as_mut()).is_none());
    begun.recv().unwrap();
    let mut second = pin!(run(&lane, || 2));
    assert!(ask(second.as_mut()).is_none());
    let other = lane.enter(Some([192, 0, 2, 7].into())).unwrap();
    assert!(matches!(second.await, Err(NotDone::Full(wait)) if wait >= Duration::from_secs(1)));
    open.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(other.run(|| 3).await, Ok(3));
}

/// The niceness of a thread of this process by its name (proc(5)).
#[cfg(target_os = "linux")]
fn niceness(name: &str) -> Option<i32> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("stat")).ok()).find_map(
        |stat| {
            let (head, rest) = stat.rsplit_once(") ")?;
            // Field 19 of all; the state is the third.
            head.ends_with(name).then(|| rest.split(' ').nth(16)?.parse().ok())?
        },
    )
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn hashing_is_nicer_than_serving() {
    let lane = Lane::start(1, 1).unwrap();
    let nice = run(&lane, || {
        let name = std::thread::current().name().map(str::to_owned);
        // Other tests have threads of that name too; all of them are as nice.
        niceness(&name.unwrap())
    });
    assert_eq!(nice.await, Ok(Some(NICENESS)));
}
