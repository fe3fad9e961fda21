//! Standard output carries data, standard error everything else; a closed pipe is nobody's failure.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;

/// Writes data, ending with a line end, to standard output.
///
/// # Errors
/// When the data did not arrive, but not because a reader such as `head` had enough.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    match write_line(&mut io::stdout().lock(), text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::io("write to standard output", &error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes one JSON value to standard output.
///
/// # Errors
/// As [`data`].
pub(crate) fn json(value: &serde_json::Value) -> Result<(), Failure> {
    data(&format!("{value:#}"))
}

/// Writes a question to standard error, and stays on its line.
pub(crate) fn prompt(question: &str) {
    let mut stderr = io::stderr().lock();
    // Where this fails nobody sees the question, and nobody answers it.
    let _ = stderr.write_all(question.as_bytes()).and_then(|()| stderr.flush());
}

/// Writes a message to standard error, if anybody is there to read it.
pub(crate) fn message(text: &str) {
    // Where this fails there is no place left to say so.
    let _ = write_line(&mut io::stderr().lock(), text);
}

/// In one piece, so that whoever reads along never sees half of it.
fn write_line(to: &mut dyn Write, text: &str) -> io::Result<()> {
    let line = format!("{}\n", text.trim_end_matches('\n'));
    to.write_all(line.as_bytes())?;
    to.flush()
}
