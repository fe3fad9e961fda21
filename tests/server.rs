//! The real binary as a child process, in a temporary folder of its own.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot start its server fails"
)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use infra::db::testing::{Engine, TestDatabase};
use tempfile::TempDir;

use crate::{Actor, Client, PASSWORD};

/// What a server is started with, beside the defaults for tests: port 0, bcrypt cost 4, limits
/// off, no delays.
pub struct ServerBuilder {
    engine: Engine,
    settings: Vec<(String, String)>,
}

impl ServerBuilder {
    /// One more setting, as `section.key`.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        let variable = format!("DOORWARD__{}", key.replace('.', "__").to_uppercase());
        self.settings.push((variable, value.to_owned()));
        self
    }

    /// On this engine instead of SQLite.
    #[must_use]
    pub fn on(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// The server, answering.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(self) -> Server {
        self.try_start().unwrap_or_else(|why| panic!("{why}"))
    }

    /// The server, or nothing on a machine without its engine, which is said. With `REQUIRE_ENGINES`,
    /// as in `make test`, that is a failure before it gets here.
    pub fn start_if_there(self) -> Option<Server> {
        self.try_start().map_err(|missing| println!("skipped: {missing}")).ok()
    }

    /// The server; `Err` says in a sentence that this machine has no such engine.
    ///
    /// # Errors
    /// Only where the engine is missing and may be.
    pub fn try_start(self) -> Result<Server, String> {
        let folder = TempDir::new().expect("a temporary folder");
        let mut settings = self.settings;
        let database = match self.engine {
            Engine::Sqlite => None,
            Engine::Mysql | Engine::Postgres => Some(TestDatabase::empty(self.engine)?),
        };
        if let Some(database) = &database {
            settings.push(("DOORWARD__DATABASE__URL".into(), database.url().into()));
        }
        let (child, url, banner) = launch(&folder, &settings);
        Ok(Server {
            child,
            url,
            banner,
            folder: Arc::new(folder),
            settings,
            database: database.map(Arc::new),
        })
    }
}

/// A running server; dropping it ends the process.
pub struct Server {
    child: Child,
    url: String,
    banner: String,
    folder: Arc<TempDir>,
    settings: Vec<(String, String)>,
    // Dropped after the process has ended.
    database: Option<Arc<TestDatabase>>,
}

impl Server {
    /// A server on SQLite with the settings for tests.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// A server to be configured.
    pub fn builder() -> ServerBuilder {
        ServerBuilder { engine: Engine::Sqlite, settings: Vec::new() }
    }

    /// `http://127.0.0.1:<port>`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it printed when it was ready.
    pub fn banner(&self) -> &str {
        &self.banner
    }

    /// The folder it was started in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where it keeps its data.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// All it wrote to its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Somebody who has not signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Somebody who registers with this user name and signs in at `/v1`.
    pub fn actor(&self, username: &str) -> Actor {
        Actor::register(self.client(), username)
    }

    /// An administrator, made on the command line, signed in at `/v1`.
    pub fn admin(&self) -> Actor {
        let email = "root@example.org";
        let output = self.run(&["admin", "create", "--email", email, "--password-stdin"], PASSWORD);
        assert!(output.0, "doorward admin create: {}", output.1);
        Actor::sign_in(self.client(), email)
    }

    /// Runs the binary beside the server with the same settings; says whether it succeeded, and what
    /// it printed on both streams.
    pub fn run(&self, arguments: &[&str], input: &str) -> (bool, String) {
        let mut child = command(&self.folder, &self.settings)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let stdin = child.stdin.take();
        stdin.expect("a pipe").write_all(input.as_bytes()).expect("it reads its input");
        let output = child.wait_with_output().expect("it ends");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// Runs statements on its database behind its back.
    pub fn alter(&self, sql: &str) {
        let file = || format!("sqlite://{}", self.data_dir().join("doorward.db").display());
        let url = self.database.as_ref().map_or_else(file, |made| made.url().to_owned());
        infra::db::testing::execute(&url, sql);
    }

    /// Another process on the same data and database.
    pub fn another_node(&self) -> Self {
        let (child, url, banner) = launch(&self.folder, &self.settings);
        Self {
            child,
            url,
            banner,
            folder: Arc::clone(&self.folder),
            settings: self.settings.clone(),
            database: self.database.clone(),
        }
    }

    /// Kills the process outright and starts another on the same data.
    pub fn kill_and_restart(&mut self) {
        self.end();
        (self.child, self.url, self.banner) = launch(&self.folder, &self.settings);
    }

    fn end(&mut self) {
        // Both fail only when it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

fn command(folder: &TempDir, settings: &[(String, String)]) -> Command {
    let mut command = Command::new(binary());
    command.current_dir(folder.path());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DOORWARD")) {
        command.env_remove(name);
    }
    command.env("DOORWARD__SERVER__BIND", "127.0.0.1:0");
    command.env("DOORWARD__PASSWORD__BCRYPT_COST", "4");
    command.env("DOORWARD__LIMITS__ENABLED", "false");
    command.env("DOORWARD__LIMITS__DELAY", "0s");
    command.env("DOORWARD__LOG__FORMAT", "json");
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    command
}

/// The binary that `cargo test --workspace` built beside this test.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows where it is");
    let folder = test.ancestors().nth(2).expect("target/<profile>/deps/<test>");
    let binary = folder.join("doorward");
    assert!(
        binary.exists(),
        "no {}; run: cargo build -p doorward --all-features",
        binary.display()
    );
    binary
}

/// Starts the binary; answers with its address and its banner when it listens.
fn launch(folder: &TempDir, settings: &[(String, String)]) -> (Child, String, String) {
    let mut child = command(folder, settings)
        .arg("serve")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let stdout = child.stdout.take().expect("a pipe");
    let banner = std::thread::spawn(move || until_listening(stdout));
    let log = BufReader::new(child.stderr.take().expect("a pipe"));
    let (mut lines, mut seen) = (log.lines(), String::new());
    let bound = lines.by_ref().map_while(Result::ok).find_map(|line| {
        seen.push_str(&line);
        seen.push('\n');
        bound_in(&line).map(|bound| format!("http://{bound}"))
    });
    let Some(url) = bound else {
        let status = child.wait();
        panic!("the server did not start ({status:?})\n{seen}");
    };
    let path = folder.path().join("log");
    // What it writes later must not fill the pipe, and is kept.
    std::thread::spawn(move || keep(&path, &seen, lines));
    (child, url, banner.join().expect("a banner"))
}

/// The address that a line of the log says is listened at, whatever its format.
fn bound_in(line: &str) -> Option<String> {
    let event = serde_json::from_str::<serde_json::Value>(line).unwrap_or_default();
    let pretty = || line.split_once("bound=").map(|(_, bound)| bound.trim().to_owned());
    event["bound"].as_str().map(str::to_owned).or_else(pretty)
}

/// The banner is there in whole before the server says in its log that it listens.
fn until_listening(mut stdout: impl Read) -> String {
    let mut banner = vec![0; 8192];
    let length = stdout.read(&mut banner).unwrap_or_default();
    String::from_utf8_lossy(&banner[..length]).into_owned()
}

fn keep(path: &Path, first: &str, lines: impl Iterator<Item = std::io::Result<String>>) {
    let mut log = File::options().create(true).append(true).open(path).expect("a log file");
    log.write_all(first.as_bytes()).expect("a log");
    for line in lines.map_while(Result::ok) {
        writeln!(log, "{line}").expect("a log");
    }
}
