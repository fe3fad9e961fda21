//! Runs the binary in a folder of its own, with no variables but those that a test names.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

/// A working folder that is removed with the last who uses it.
#[derive(Clone)]
pub(crate) struct Folder(Arc<TempDir>);

/// What a command left behind.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(Arc::new(tempfile::tempdir().unwrap()))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The command, not run yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command.args(arguments).current_dir(self.path()).env_clear().stdin(Stdio::null());
        // Fast, and good enough for nobody real.
        command.env("DOORWARD__PASSWORD__BCRYPT_COST", "4");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        done(self.command(arguments).output().unwrap())
    }

    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Done {
        done(self.command(arguments).envs(variables.iter().copied()).output().unwrap())
    }

    /// Runs it with this text on standard input.
    pub(crate) fn type_into(&self, arguments: &[&str], text: &str) -> Done {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        done(child.wait_with_output().unwrap())
    }
}

fn done(output: Output) -> Done {
    Done {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
