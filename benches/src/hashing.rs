//! bcrypt alone on every core: the most sign-ins that this machine can check.

use std::io::Write;
use std::thread::{available_parallelism, scope};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::arguments::Arguments;

const PASSWORD: &str = "a heron on the northern pier";

/// Verifies until the time is over, and prints how many a second that was.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let hash = bcrypt::hash(PASSWORD, arguments.number("cost")?)?;
    let span = Duration::from_secs(arguments.number("seconds")?);
    let cores = available_parallelism().map_or(1, usize::from);
    let rates = scope(|threads| {
        let all: Vec<_> = (0..cores).map(|_| threads.spawn(|| rate(&hash, span))).collect();
        let joined = all.into_iter().map(|one| one.join().unwrap_or(Err("a thread fell".into())));
        joined.collect::<Result<Vec<f64>, Failure>>()
    })?;
    writeln!(std::io::stdout(), "{:.4}", rates.iter().sum::<f64>())?;
    Ok(())
}

/// Hashes per second of one thread; the one that is under way when the time is over counts with
/// the time it takes.
fn rate(hash: &str, span: Duration) -> Result<f64, Failure> {
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < span {
        if !bcrypt::verify(PASSWORD, hash)? {
            return Err("the right password was refused".into());
        }
        count += 1;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
