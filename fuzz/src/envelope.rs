//! What every reply of a door looks like, whatever was sent.

use domain::sessions::Door;
use serde_json::{Map, Value};

use crate::house::Reply;

/// What the hasher of the house writes before every password.
const HASH: &[u8] = b"plain$current$";
/// What the same could be sent with: libFuzzer learns what it is compared with.
const ECHOED: [&[u8]; 3] = [b"current$", b"\\u", b"%"];

/// Fails where a reply is not the door's.
pub(crate) fn judge(door: Door, path: &str, sent: &[u8], reply: &Reply) {
    let place = || {
        let body = String::from_utf8_lossy(&reply.body);
        format!("{door:?} {path}: {} {body} {:?}", reply.status, reply.headers)
    };
    assert!((200..500).contains(&reply.status), "{}", place());
    let may_be_echoed = ECHOED.iter().any(|part| holds(sent, part));
    assert!(may_be_echoed || !holds(&reply.body, HASH), "a hash: {}", place());
    if [202, 204].contains(&reply.status) && reply.body.is_empty() {
        return;
    }
    let kind = reply.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    assert!(kind.is_some_and(|kind| kind.contains("json")), "{}", place());
    let Some(body) = reply.json() else { panic!("no JSON: {}", place()) };
    if reply.status >= 400 {
        let is_own = body.as_object().is_some_and(|body| is_refusal(door, reply.status, body));
        assert!(is_own, "{}", place());
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether a refusal has the members that this door's refusals have.
fn is_refusal(door: Door, status: u16, body: &Map<String, Value>) -> bool {
    let texts =
        |names: &[&str]| names.iter().all(|name| body.get(*name).is_some_and(Value::is_string));
    let has_status = body.get("status").and_then(Value::as_u64) == Some(u64::from(status));
    match door {
        Door::V1 => {
            let members = ["type", "title", "detail", "instance", "code", "request_id"];
            texts(&members) && has_status && body.get("errors").is_some_and(Value::is_array)
        }
        Door::PyApi => texts(&["status", "message"]),
        Door::FlaskUserAuth => (texts(&["message"]) || texts(&["msg"])) && body.len() == 1,
        Door::DrfAccounts => body.contains_key("detail"),
        Door::TestLibrary => texts(&["message"]) && has_status,
        Door::ChitChat => {
            let of_fields = || {
                body.values().all(|told| {
                    told.as_array().is_some_and(|texts| texts.iter().all(Value::is_string))
                })
            };
            texts(&["error", "message"]) || texts(&["msg"]) || of_fields()
        }
    }
}
