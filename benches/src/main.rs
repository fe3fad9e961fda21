//! The baselines: the least that a server must do for a request that Doorward answers too.
//!
//! Nothing here is Doorward's own code, so that a ratio says what Doorward adds to its foundations.
//! `docs/performance.md` says which baseline each figure is compared with.

mod arguments;
mod by_key;
mod bytes;
mod hashing;
mod pool;
mod schema;
mod server;
mod update;

use std::io::Write;
use std::process::ExitCode;

use arguments::Arguments;

/// Anything that keeps a baseline from running; its text is all that is told.
type Failure = Box<dyn std::error::Error + Send + Sync>;

const USAGE: &str = "usage: baseline bytes    --port N --reply FILE
       baseline by-key   --port N --url mysql://... --session UUID --bytes N
       baseline update   --port N --file SQLITE --bytes N
       baseline bcrypt   --cost N --seconds N";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Standard error is the last resort: there is nowhere else to tell that it failed.
            let _ = writeln!(std::io::stderr(), "baseline: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let name = words.next().ok_or(USAGE)?;
    let arguments = Arguments::read(words)?;
    match name.as_str() {
        "bytes" => bytes::run(&arguments),
        "by-key" => by_key::run(&arguments),
        "update" => update::run(&arguments),
        "bcrypt" => hashing::run(&arguments),
        _ => Err(USAGE.into()),
    }
}
