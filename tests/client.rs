//! A small HTTP client: it sends what it is told, even what is wrong.
#![expect(clippy::expect_used, clippy::panic, reason = "a test whose server does not answer fails")]

use std::io::{BufRead, BufReader};
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

/// A caller with fixed headers.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    url: String,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// All headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text; what is no UTF-8 is replaced.
    pub text: String,
}

impl Client {
    /// Calls the server at `url` without any header.
    pub fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(30)))
            .allow_non_standard_methods(true)
            .build();
        Self { agent: config.into(), url: url.to_owned(), headers: Vec::new() }
    }

    /// The same caller with one more header on each request.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same caller with a bearer token.
    #[must_use]
    pub fn bearer(&self, token: &str) -> Self {
        self.with("Authorization", &format!("Bearer {token}"))
    }

    /// Sends this text, with these headers only.
    pub fn send(&self, method: &str, path: &str, body: &str) -> Reply {
        self.send_bytes(method, path, body.as_bytes())
    }

    /// Sends these bytes, with these headers only.
    pub fn send_bytes(&self, method: &str, path: &str, body: &[u8]) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let outcome = if body.is_empty() {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            let request = request.body(body).expect("a request");
            let request = self.agent.configure_request(request).allow_non_standard_methods(true);
            self.agent.run(request.build())
        };
        let mut response = outcome.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let named = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let headers = response.headers().iter().map(named).collect();
        let bytes = response.body_mut().read_to_vec().expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status: response.status().as_u16(), headers, text }
    }

    /// The body of a `GET` as it comes, within two minutes.
    ///
    /// # Panics
    /// When it is not answered with 200.
    pub fn stream(&self, path: &str) -> impl BufRead + Send + 'static {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.config().timeout_global(Some(Duration::from_secs(120))).build();
        let response = request.call().unwrap_or_else(|error| panic!("GET {path}: {error}"));
        assert_eq!(response.status(), 200, "GET {path}");
        BufReader::new(response.into_body().into_reader())
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "")
    }

    /// `DELETE` without a body.
    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, "")
    }

    /// `POST` of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.json("POST", path, body)
    }

    /// Any method with a JSON body.
    pub fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.with("Content-Type", "application/json").send(method, path, &body.to_string())
    }
}

impl Reply {
    /// The only header of this name, if there is one.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} was sent twice");
        value
    }

    /// The body as JSON.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {} {}", self.status, self.text))
    }

    /// One member of the body; `null` where there is none. `/` reaches deeper.
    pub fn at(&self, pointer: &str) -> Value {
        self.body().pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    /// One member of the body as text.
    pub fn text_at(&self, pointer: &str) -> String {
        let value = self.at(pointer);
        value.as_str().unwrap_or_else(|| panic!("no text at {pointer}: {}", self.text)).to_owned()
    }

    /// Fails unless this is the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Fails unless this is a `/v1` problem of this status and code, complete as RFC 9457 and
    /// `/v1` ask.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.at("/code")), (status, code.into()), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.at("/status"), status);
        assert!(self.text_at("/type").ends_with(&format!("/problems/{code}")));
        for member in ["/title", "/detail", "/instance"] {
            assert!(!self.text_at(member).is_empty(), "{member}: {}", self.text);
        }
        assert_eq!(self.header("x-request-id"), Some(self.text_at("/request_id").as_str()));
        self
    }

    /// The `(pointer, code)` pairs of a problem's `errors`, sorted.
    pub fn errors(&self) -> Vec<(String, String)> {
        let errors = self.at("/errors");
        let pair = |error: &Value| {
            let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            (text("pointer"), text("code"))
        };
        let mut pairs: Vec<_> = errors.as_array().into_iter().flatten().map(pair).collect();
        pairs.sort();
        pairs
    }
}
