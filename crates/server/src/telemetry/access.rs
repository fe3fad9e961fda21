//! The words of the log's line per request, in either format.

use std::io::Write;
use std::net::IpAddr;

use api::AccessLine;
use serde::Serialize;

use super::stamps::Stamps;

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

const TARGET: &str = "doorward::access";

/// Members and their order are those of every other line.
#[derive(Serialize)]
struct Object<'a> {
    timestamp: &'a str,
    level: &'static str,
    message: &'static str,
    method: &'a str,
    path: &'a str,
    status: u16,
    duration_us: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
    target: &'static str,
    span: Span<'a>,
}

#[derive(Serialize)]
struct Span<'a> {
    name: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
}

impl Format {
    /// Adds the line, with its end.
    pub(super) fn write(self, line: &AccessLine, stamps: &mut Stamps, to: &mut Vec<u8>) {
        let at = stamps.word(line.at);
        let written = match self {
            Self::Json => json(line, at, to),
            Self::Pretty => pretty(line, at, to),
        };
        // Memory takes everything.
        let _ = written;
        to.push(b'\n');
    }
}

fn json(line: &AccessLine, at: &str, to: &mut Vec<u8>) -> std::io::Result<()> {
    let object = Object {
        timestamp: at,
        level: "INFO",
        message: "request",
        method: line.method.as_str(),
        path: &line.path,
        status: line.status.as_u16(),
        duration_us: micros(line),
        address: line.address,
        target: TARGET,
        span: Span {
            name: "request",
            request_id: &line.request_id,
            trace_id: line.trace_id.as_deref(),
        },
    };
    Ok(serde_json::to_writer(to, &object)?)
}

fn pretty(line: &AccessLine, at: &str, to: &mut Vec<u8>) -> std::io::Result<()> {
    write!(to, "{at}  INFO request{{request_id={:?}", line.request_id)?;
    if let Some(trace_id) = &line.trace_id {
        write!(to, " trace_id={trace_id:?}")?;
    }
    let (method, path, status) = (&line.method, &line.path, line.status.as_u16());
    write!(to, "}}: {TARGET}: request method={method} path={path:?} status={status}")?;
    write!(to, " duration_us={}", micros(line))?;
    match line.address {
        Some(address) => write!(to, " address={address}"),
        None => Ok(()),
    }
}

fn micros(line: &AccessLine) -> u64 {
    u64::try_from(line.took.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::http::{Method, StatusCode};
    use domain::time::Timestamp;

    use super::*;

    fn written(format: Format, trace_id: Option<&str>) -> String {
        let line = AccessLine {
            at: Timestamp::from_micros(1_000_007).unwrap(),
            method: Method::GET,
            path: "/v1/users/me".into(),
            status: StatusCode::OK,
            took: Duration::from_micros(41),
            address: Some([192, 0, 2, 7].into()),
            request_id: "r-1".into(),
            trace_id: trace_id.map(Into::into),
        };
        let mut text = Vec::new();
        format.write(&line, &mut Stamps::default(), &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_request_is_one_object() {
        assert_eq!(
            written(Format::Json, Some("4bf9")),
            concat!(
                r#"{"timestamp":"1970-01-01T00:00:01.000007Z","level":"INFO","message":"request","#,
                r#""method":"GET","path":"/v1/users/me","status":200,"duration_us":41,"#,
                r#""address":"192.0.2.7","target":"doorward::access","#,
                r#""span":{"name":"request","request_id":"r-1","trace_id":"4bf9"}}"#,
                "\n"
            )
        );
    }

    #[test]
    fn people_read_the_same() {
        assert_eq!(
            written(Format::Pretty, None),
            concat!(
                "1970-01-01T00:00:01.000007Z  INFO request{request_id=\"r-1\"}: ",
                "doorward::access: request method=GET path=\"/v1/users/me\" status=200 ",
                "duration_us=41 address=192.0.2.7\n"
            )
        );
    }
}
