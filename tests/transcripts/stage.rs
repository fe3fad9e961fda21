//! Plays one exchange after the other, with what stands ready for it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use acceptance::Server;

use crate::matching::{Names, fill, header_matches, matches};
use crate::parsing::Exchange;

/// A server, and what was said of it so far.
pub(crate) struct Stage<'a> {
    server: &'a Server,
    files: PathBuf,
    names: Names,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(server: &'a Server, files: PathBuf) -> Self {
        let names = HashMap::from([("server".to_owned(), server.url().to_owned())]);
        Self { server, files, names }
    }

    /// Makes `{{admin}}` known.
    pub(crate) fn admit_an_administrator(&mut self) {
        let token = self.server.admin().access_token();
        self.names.insert("admin".to_owned(), token);
    }

    /// Sends the request and fails unless the reply is the one that must come.
    pub(crate) fn play(&mut self, transcript: &str, exchange: &Exchange) {
        let place = format!("{transcript}: {}", exchange.title);
        let mut client = self.server.client();
        for (field, value) in &exchange.request_headers {
            client = client.with(field, &fill(value, &self.names));
        }
        let path = fill(&exchange.path, &self.names);
        let reply = client.send_bytes(&exchange.method, &path, &self.body(exchange));
        assert_eq!(reply.status, exchange.status, "{place}: {}", reply.text);
        for (field, expected) in &exchange.reply_headers {
            let names = &mut self.names;
            let mut sent =
                reply.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(field));
            let found = sent.any(|(_, value)| header_matches(expected, value, names));
            assert!(found, "{place}: {field}: {expected}, in {:?}", reply.headers);
        }
        if exchange.reply_body.is_empty() {
            return;
        }
        let expected = serde_json::from_str(&exchange.reply_body).unwrap();
        let found = reply.body();
        let same = matches(&expected, &found, &mut self.names);
        assert!(same, "{place}\nexpected {expected}\nfound    {found}");
    }

    fn body(&mut self, exchange: &Exchange) -> Vec<u8> {
        for kind in ["mail", "sms"] {
            let name = format!("code:{kind}");
            if exchange.request_body.contains(&format!("{{{{{name}}}}}")) {
                let folder = self.server.data_dir().join(kind);
                self.names.insert(name, last_code(&folder));
            }
        }
        let mut text = fill(&exchange.request_body, &self.names);
        let multipart = |(_, value): &(String, String)| value.starts_with("multipart/");
        if exchange.request_headers.iter().any(multipart) {
            text = text.replace('\n', "\r\n");
        }
        self.with_file(&text)
    }

    /// The body with the bytes of the file that it names, if it names one.
    fn with_file(&self, text: &str) -> Vec<u8> {
        let Some((before, rest)) = text.split_once("{{file:") else { return text.into() };
        let (name, after) = rest.split_once("}}").unwrap();
        let file = std::fs::read(self.files.join(name)).unwrap();
        [before.as_bytes(), file.as_slice(), after.as_bytes()].concat()
    }
}

/// The six digits of the youngest letter of a folder. It is delivered by a worker, so it may take a
/// moment.
fn last_code(folder: &Path) -> String {
    for _ in 0..200 {
        if let Some(code) = youngest(folder).as_deref().and_then(six_digits) {
            return code;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("no letter with a code in {}", folder.display());
}

fn youngest(folder: &Path) -> Option<String> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let file = files.max_by_key(|file| file.metadata().and_then(|data| data.modified()).ok())?;
    std::fs::read_to_string(file.path()).ok()
}

/// Six digits on a line of their own, or the six that stand alone in a text message.
fn six_digits(letter: &str) -> Option<String> {
    let body = letter.split_once("\n\n").or_else(|| letter.split_once("\r\n\r\n"));
    let body = body.map_or(letter, |(_, body)| body);
    let words = body.split(|c: char| !c.is_ascii_alphanumeric());
    let mut codes =
        words.filter(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
    codes.next().map(str::to_owned)
}
