//! Counts requests by the surface that was called and the class of the reply, and their times.
//!
//! Every label is one of a few words of ours: nobody who calls can make a new one.

use std::time::Duration;

use actix_web::http::StatusCode;
use domain::sessions::Door;
use metrics::{Counter, Histogram, counter, histogram};

/// The hundreds of a status, from 2xx on: the server sends no interim replies.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// The handles, which are looked up once.
pub(crate) struct RequestCounters {
    /// What belongs to no contract of sessions and people: health, keys, pages, unknown paths.
    ops: Counters,
    v1: Counters,
    /// In the order of [`Door::COMPAT`].
    doors: [Counters; Door::COMPAT.len()],
}

struct Counters {
    requests: [Counter; CLASSES.len()],
    seconds: Histogram,
}

impl Counters {
    fn of(surface: &'static str) -> Self {
        let requests = CLASSES.map(|class| {
            counter!("doorward_http_requests_total", "surface" => surface, "status" => class)
        });
        let seconds = histogram!("doorward_http_request_seconds", "surface" => surface);
        Self { requests, seconds }
    }
}

impl RequestCounters {
    /// Those of whatever recorder the process has.
    pub(crate) fn new() -> Self {
        Self {
            ops: Counters::of("ops"),
            v1: Counters::of(Door::V1.name()),
            doors: Door::COMPAT.map(|door| Counters::of(door.name())),
        }
    }

    /// Counts a reply: which surface answered, if any did, at which path as its route has it, and how
    /// long it took until it was ready.
    pub(crate) fn count(&self, door: Option<Door>, path: &str, status: StatusCode, took: Duration) {
        let counters = self.of(door.unwrap_or(Door::V1), path);
        let class = usize::from(status.as_u16() / 100).saturating_sub(2);
        if let Some(counter) = counters.requests.get(class) {
            counter.increment(1);
        }
        counters.seconds.record(took);
    }

    fn of(&self, door: Door, path: &str) -> &Counters {
        let [py_api, flask_user_auth, drf_accounts, test_library, chit_chat] = &self.doors;
        match door {
            // What is outside of its paths is worded as `/v1` words it.
            Door::V1 if !path.starts_with("/v1/") => &self.ops,
            Door::V1 => &self.v1,
            Door::PyApi => py_api,
            Door::FlaskUserAuth => flask_user_auth,
            Door::DrfAccounts => drf_accounts,
            Door::TestLibrary => test_library,
            Door::ChitChat => chit_chat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_where_it_belongs() {
        let counters = RequestCounters::new();
        let of = |door, path| std::ptr::from_ref(counters.of(door, path));
        for (place, door) in Door::COMPAT.into_iter().enumerate() {
            assert_eq!(of(door, "/x"), std::ptr::from_ref(&counters.doors[place]), "{door:?}");
        }
        assert_eq!(of(Door::V1, "/v1/users/me"), std::ptr::from_ref(&counters.v1));
        for path in ["/livez", "/metrics", "/…", "/v1x"] {
            assert_eq!(of(Door::V1, path), std::ptr::from_ref(&counters.ops));
        }
    }
}
