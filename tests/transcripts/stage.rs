//! Plays one exchange after the other, with what stands ready for it.

use std::collections::HashMap;
use std::path::PathBuf;

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
                self.names.insert(name, self.server.last_code(kind));
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
