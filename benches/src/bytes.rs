//! The same bytes and header fields that Doorward answered once, from memory: what HTTP alone costs.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Bytes, ServiceConfig, get};
use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::Failure;
use crate::arguments::Arguments;
use crate::server::serve;

/// Fields that actix-web writes by itself.
const OF_THE_SERVER: &[&str] = &["connection", "content-length", "date", "transfer-encoding"];

/// A reply as it was captured.
#[derive(Clone)]
struct Reply {
    status: StatusCode,
    fields: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

/// Serves the reply at the path it was captured from.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let reply = Reply::read(&std::fs::read(arguments.text("reply")?)?)?;
    serve(arguments.number("port")?, move |config: &mut ServiceConfig| {
        let reply = reply.clone();
        let handler = move || {
            let reply = reply.answer();
            async move { reply }
        };
        config.route("/v1/users/me", get().to(handler));
    })
}

impl Reply {
    /// Takes apart a whole HTTP/1.1 reply.
    fn read(raw: &[u8]) -> Result<Self, Failure> {
        let end = raw.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no reply")?;
        let mut lines = std::str::from_utf8(&raw[..end])?.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or("no status")?;
        let mut fields = Vec::new();
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if !OF_THE_SERVER.contains(&name.to_ascii_lowercase().as_str()) {
                fields.push((name.parse()?, value.trim().parse()?));
            }
        }
        let body = Bytes::copy_from_slice(&raw[end + 4..]);
        Ok(Self { status: status.parse()?, fields, body })
    }

    fn answer(&self) -> HttpResponse {
        let mut reply = HttpResponseBuilder::new(self.status);
        for field in &self.fields {
            reply.append_header(field.clone());
        }
        reply.body(self.body.clone())
    }
}
