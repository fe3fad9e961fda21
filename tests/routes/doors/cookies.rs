//! Every cookie that any surface sets, over http and https.

use acceptance::{Client, PASSWORD, Reply, Server};
use serde_json::json;

/// What browsers keep of a cookie: name with value, an attribute, and four hundred days.
const LONGEST_PAIR: usize = 4096;
const LONGEST_ATTRIBUTE: usize = 1024;
const LONGEST_LIFE: u64 = 400 * 24 * 60 * 60;

/// A `Set-Cookie`, and what it was an answer to.
struct Set {
    of: &'static str,
    pair: String,
    attributes: Vec<String>,
}

impl Set {
    fn all(of: &'static str, reply: &Reply) -> Vec<Self> {
        let fields = reply.headers.iter().filter(|(name, _)| name == "set-cookie");
        let read = |value: &str| {
            let mut parts = value.split("; ").map(str::to_owned);
            Self { of, pair: parts.next().unwrap(), attributes: parts.collect() }
        };
        fields.map(|(_, value)| read(value)).collect()
    }

    fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|found| found == attribute)
    }

    fn value_of(&self, attribute: &str) -> Option<&str> {
        let parts = self.attributes.iter().filter_map(|found| found.split_once('='));
        parts.filter(|(name, _)| *name == attribute).map(|(_, value)| value).next()
    }

    fn name(&self) -> &str {
        self.pair.split_once('=').unwrap().0
    }
}

fn sent_back(sets: &[Set], client: &Client) -> Client {
    let pairs: Vec<&str> = sets.iter().map(|set| set.pair.as_str()).collect();
    client.with("Cookie", &pairs.join("; "))
}

/// Registers, signs in and signs out wherever that sets cookies.
fn all_cookies(server: &Server) -> Vec<Set> {
    let client = server.client();
    server.actor("ada");
    let at_v1 = json!({ "identifier": "ada", "password": PASSWORD, "transport": "cookie" });
    let opened = Set::all("signing in at /v1", &client.post("/v1/sessions", &at_v1).expect(201));
    let closed = sent_back(&opened, &client).delete("/v1/sessions/current").expect(204);
    let closed = Set::all("signing out at /v1", &closed);

    let person = json!({
        "username": "grace", "password": "nanosecond wire", "password_confirm": "nanosecond wire",
        "display_name": "Grace", "facility_id": "234",
    });
    let registered = client.post("/api/users/", &person).expect(201);
    let registered = Set::all("registering at door 3", &registered);
    let login = json!({ "username": "grace", "password": "nanosecond wire" });
    let login = client.post("/api/sessions/", &login).expect(200);
    let login = Set::all("signing in at door 3", &login);
    let logout = sent_back(&login, &client).delete("/api/sessions/").expect(200);
    let logout = Set::all("signing out at door 3", &logout);
    assert_eq!((opened.len(), closed.len()), (1, 1));
    assert_eq!((registered.len(), login.len()), (2, 2));
    assert!(!logout.is_empty());
    [opened, closed, registered, login, logout].into_iter().flatten().collect()
}

fn is_kept_by_browsers(set: &Set) {
    let (of, name) = (set.of, set.name());
    assert!(set.pair.len() <= LONGEST_PAIR, "{of}: {} bytes", set.pair.len());
    for attribute in &set.attributes {
        assert!(attribute.len() <= LONGEST_ATTRIBUTE, "{of}: {attribute}");
    }
    let life: u64 =
        set.value_of("Max-Age").unwrap_or_else(|| panic!("{of}: {name}")).parse().unwrap();
    assert!(life <= LONGEST_LIFE, "{of}: {name} for {life} s");
    let all = format!("{}; {}", set.pair, set.attributes.join("; "));
    assert!(all.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{of}: {all}");
    let value = set.pair.split_once('=').unwrap().1;
    assert!(!value.contains([' ', '"', ',', ';', '\\']), "{of}: {value}");
    // All that a browser decides by is said once, and nothing widens whom the cookie goes to.
    assert_eq!(set.value_of("SameSite"), Some("Lax"), "{of}: {all}");
    assert_eq!(set.value_of("Path"), Some("/"), "{of}: {all}");
    assert_eq!(set.value_of("Domain"), None, "{of}: {all}");
    let mut names: Vec<&str> =
        set.attributes.iter().map(|found| found.split('=').next().unwrap()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "{of}: {all}");
    // What proves a session is kept from scripts; what door 3's clients echo is not.
    assert_eq!(set.has("HttpOnly"), name != "csrftoken", "{of}: {all}");
}

#[test]
fn every_cookie_is_one_that_browsers_keep_as_it_is() {
    let cookies = all_cookies(&Server::start());
    cookies.iter().for_each(is_kept_by_browsers);
    assert!(
        cookies.iter().all(|set| !set.has("Secure")),
        "there is no https to send them back over"
    );
}

#[test]
fn behind_https_every_cookie_is_secure_and_prefixed_except_for_door_3() {
    let server = Server::builder().with("server.public_url", "https://id.example.org").start();
    let cookies = all_cookies(&server);
    for set in &cookies {
        is_kept_by_browsers(set);
        assert!(set.has("Secure"), "{}: {}", set.of, set.pair);
        let at_door_3 = ["sessionid", "csrftoken"].contains(&set.name());
        assert_eq!(set.name().starts_with("__Host-"), !at_door_3, "{}: {}", set.of, set.name());
    }
}

#[test]
fn signing_out_removes_what_proved_the_session() {
    let cookies = all_cookies(&Server::start());
    for set in cookies.iter().filter(|set| set.of.starts_with("signing out")) {
        assert_eq!(set.value_of("Max-Age"), Some("0"), "{}: {}", set.of, set.pair);
        assert!(set.pair.ends_with('='), "{}: {}", set.of, set.pair);
    }
}
