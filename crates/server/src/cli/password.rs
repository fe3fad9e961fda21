//! Where a new administrator's password comes from.

use std::io::{self, BufRead, IsTerminal, Read};

use domain::entropy::{Entropy, secret};
use infra::system::SystemEntropy;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

use crate::failure::Failure;
use crate::output;

/// Letters and digits that are not mistaken for each other: 32 of them, 5 bits each.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 130 random bits.
const LENGTH: usize = 26;
/// More is not read: the domain refuses passwords of more than 1,024 bytes.
const MAX_BYTES: u64 = 4_096;

/// A password, and whether nobody has seen it.
pub(super) struct Chosen {
    pub(super) password: SecretString,
    pub(super) is_made: bool,
}

/// Reads it from standard input where that was asked for, asks on a terminal, else makes one that is
/// never shown.
pub(super) fn choose(from_stdin: bool) -> Result<Chosen, Failure> {
    let stdin = io::stdin();
    if from_stdin {
        let password =
            read_all(stdin.lock()).map_err(|error| Failure::io("read the password", &error))?;
        Ok(Chosen { password, is_made: false })
    } else if stdin.is_terminal() {
        Ok(Chosen { password: ask()?, is_made: false })
    } else {
        Ok(Chosen { password: make(&SystemEntropy)?, is_made: true })
    }
}

/// Everything, without one line end at its end.
fn read_all(from: impl Read) -> io::Result<SecretString> {
    let mut text = String::new();
    from.take(MAX_BYTES).read_to_string(&mut text)?;
    Ok(without_line_end(&text).into())
}

fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}

fn ask() -> Result<SecretString, Failure> {
    use secrecy::ExposeSecret;

    let cannot = |error: io::Error| Failure::io("read from the terminal", &error);
    let _hidden = Hidden::start().map_err(cannot)?;
    let first = ask_once("Password: ").map_err(cannot)?;
    let again = ask_once("Once more: ").map_err(cannot)?;
    if first.expose_secret() == again.expose_secret() {
        Ok(first)
    } else {
        Err(Failure::Failed("the two passwords differ; nothing was changed".to_owned()))
    }
}

fn ask_once(question: &str) -> io::Result<SecretString> {
    output::prompt(question);
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    // The line end that was typed was not shown either.
    output::message("");
    Ok(without_line_end(&line).into())
}

/// While it lives, the terminal does not show what is typed.
struct Hidden(Termios);

impl Hidden {
    fn start() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // If this fails, the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

fn make(entropy: &dyn Entropy) -> Result<SecretString, Failure> {
    let random = secret(entropy).map_err(|error| Failure::Failed(error.to_string()))?;
    let letters =
        random.iter().take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
    Ok(letters.collect::<String>().into())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn one_line_end_is_dropped_and_nothing_else() {
        for (typed, read) in [
            ("hunter2\n", "hunter2"),
            ("hunter2\r\n", "hunter2"),
            ("hunter2\n\n", "hunter2\n"),
            (" hunter2 ", " hunter2 "),
            ("", ""),
        ] {
            assert_eq!(read_all(typed.as_bytes()).unwrap().expose_secret(), read);
        }
    }

    #[test]
    fn made_passwords_are_long_and_differ() {
        let (one, other) = (make(&SystemEntropy).unwrap(), make(&SystemEntropy).unwrap());
        assert_eq!(one.expose_secret().len(), LENGTH);
        assert_ne!(one.expose_secret(), other.expose_secret());
    }
}
