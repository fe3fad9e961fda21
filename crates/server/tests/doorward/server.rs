//! A running server, and the few requests that these tests send it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::command::Folder;

/// So long a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ends with the test, whatever happens.
pub(crate) struct Server {
    child: Option<Child>,
    pub(crate) banner: String,
    pub(crate) address: SocketAddr,
    /// What it logs, unless the test reads that itself.
    log: Option<File>,
    /// Is removed with the last who uses it.
    _folder: Folder,
}

impl Server {
    /// Starts one on a free port and waits for its banner. What it logs is shown if the test fails.
    pub(crate) fn start(folder: &Folder, variables: &[(&str, &str)]) -> Self {
        let log = tempfile::tempfile().unwrap();
        let mut server = Self::start_with(folder, variables, log.try_clone().unwrap().into());
        server.log = Some(log);
        server
    }

    /// The same, its log going where the test says.
    pub(crate) fn start_with(folder: &Folder, variables: &[(&str, &str)], log: Stdio) -> Self {
        let mut command = folder.command(&["serve", "--bind", "127.0.0.1:0"]);
        command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        // The child is ended by Drop from here on.
        let mut server = Self {
            child: Some(child),
            banner: String::new(),
            address: ([127, 0, 0, 1], 0).into(),
            log: None,
            _folder: folder.clone(),
        };
        while !server.banner.contains("\n  Database ") {
            let more = lines.read_line(&mut server.banner).unwrap();
            assert!(more > 0, "the server ended early: {}", server.banner);
        }
        // The rest was written in the same breath.
        let mut rest = [0; 4096];
        let length = lines.buffer().len().min(rest.len());
        lines.read_exact(&mut rest[..length]).unwrap();
        server.banner += std::str::from_utf8(&rest[..length]).unwrap();
        let named = |name| server.banner.lines().find_map(move |line| line.strip_prefix(name));
        let url = named("  Listening  ").or_else(|| named("  API        ")).unwrap();
        let address = url.split_once("://").unwrap().1.split("/v1").next();
        server.address = address.unwrap().parse().unwrap();
        server
    }

    pub(crate) fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Status and the rest of the reply.
    pub(crate) fn get(&self, path: &str, headers: &str) -> (u16, String) {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n"))
    }

    /// Status and the rest of the reply.
    pub(crate) fn post(&self, path: &str, json: &str) -> (u16, String) {
        self.post_with(path, json, "")
    }

    /// The same, with more header lines.
    pub(crate) fn post_with(&self, path: &str, json: &str, headers: &str) -> (u16, String) {
        let head = "host: x\r\nconnection: close\r\ncontent-type: application/json";
        let length = json.len();
        self.send(&format!(
            "POST {path} HTTP/1.1\r\n{head}\r\n{headers}content-length: {length}\r\n\r\n{json}"
        ))
    }

    fn send(&self, request: &str) -> (u16, String) {
        let mut stream = self.connect().unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        (status(&reply), reply)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let child = self.child.as_ref().unwrap();
        kill_process(Pid::from_child(child), signal).unwrap();
    }

    /// Waits for the end; says the exit code and how long that took.
    pub(crate) fn ended(mut self) -> (Option<i32>, Duration) {
        let since = Instant::now();
        let mut child = self.child.take().unwrap();
        let pid = Pid::from_child(&child);
        let (sender, receiver) = channel();
        std::thread::spawn(move || sender.send(child.wait()));
        match receiver.recv_timeout(PATIENCE) {
            Ok(status) => (status.unwrap().code(), since.elapsed()),
            Err(_) => {
                kill_process(pid, Signal::KILL).unwrap();
                panic!("the server did not end");
            }
        }
    }

    /// Asks it to end, and waits.
    pub(crate) fn stop(self) -> (Option<i32>, Duration) {
        self.signal(Signal::TERM);
        self.ended()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        if let Some(log) = self.log.as_mut().filter(|_| std::thread::panicking()) {
            let mut text = String::new();
            log.rewind().and_then(|()| log.read_to_string(&mut text)).unwrap();
            std::io::stderr().write_all(text.as_bytes()).unwrap();
        }
    }
}

/// The status of a reply; 0 where it has none.
pub(crate) fn status(reply: &str) -> u16 {
    reply.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or_default()
}
