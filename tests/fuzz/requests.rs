//! Random requests: paths × methods × bodies × headers, each mostly plausible.

use fastrand::Rng;

use crate::bodies;
use crate::cast::Cast;
use crate::routes::{METHODS, ROUTES};

const ODD_NAMES: &[&str] = &[
    "0",
    "1",
    "-1",
    "1.5",
    "99999999999999999999",
    "9223372036854775807",
    "me",
    "abc",
    "%00",
    "%0a",
    "%ff",
    "%F0%9F%90%A6",
    "..%2f..%2fetc%2fpasswd",
    "%3Cscript%3E",
    "'%20or%201=1--",
    "00000000-0000-0000-0000-000000000000",
    "a%2Fb",
    "%25",
    "default.jpg",
    "978-0-306-40615-7",
];

const QUERIES: &[&str] = &[
    "",
    "",
    "",
    "?",
    "?q=hello",
    "?q=%25_",
    "?q=",
    "?q=%00",
    "?q=%ff",
    "?limit=1",
    "?limit=0",
    "?limit=-1",
    "?limit=many",
    "?limit=99999999999999999999",
    "?cursor=abc",
    "?cursor=",
    "?limit=2&cursor=%F0%9F%90%A6",
    "?before=5&limit=3",
    "?before=x",
    "?access_token=abc",
    "?limit=1&limit=2",
    "?%",
];

/// One request.
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn pick<'a, T>(rng: &mut Rng, of: &'a [T]) -> &'a T {
    &of[rng.usize(..of.len())]
}

/// One of many: `true` in one case of `in_how_many`.
pub(crate) fn rarely(rng: &mut Rng, in_how_many: u32) -> bool {
    rng.u32(..in_how_many) == 0
}

impl Request {
    pub(crate) fn random(rng: &mut Rng, cast: &Cast) -> Self {
        let route = pick(rng, ROUTES);
        let methods: Vec<&'static str> = route.methods.split(' ').collect();
        let method = *if rarely(rng, 4) { pick(rng, METHODS) } else { pick(rng, &methods) };
        let (mut headers, body) = if route.members.is_empty() && !rarely(rng, 4) {
            (Vec::new(), Vec::new())
        } else {
            let (content_type, body) = bodies::random(rng, cast, route.members);
            let content_type = if rarely(rng, 12) { "text/plain".into() } else { content_type };
            (vec![("Content-Type", content_type)], body)
        };
        headers.extend(credentials(rng, cast));
        headers.extend(oddities(rng));
        Self { method, path: path(rng, cast, route.path), headers, body }
    }
}

fn path(rng: &mut Rng, cast: &Cast, pattern: &str) -> String {
    let mut path = pattern.to_owned();
    while path.contains("{}") {
        let name = match rng.u32(..8) {
            0 if rarely(rng, 4) => "x".repeat(rng.usize(1..3_000)),
            0 | 1 => (*pick(rng, ODD_NAMES)).to_owned(),
            _ => pick(rng, &cast.names).clone(),
        };
        path = path.replacen("{}", &name, 1);
    }
    if rng.bool() {
        path.push('/');
    }
    path + *pick::<&str>(rng, QUERIES)
}

fn credentials(rng: &mut Rng, cast: &Cast) -> Vec<(&'static str, String)> {
    let token = if rarely(rng, 10) { "no.to.ken".into() } else { pick(rng, &cast.tokens).clone() };
    match rng.u32(..16) {
        0 => Vec::new(),
        1 => vec![("Authorization", "Bearer".into())],
        2 => vec![("Authorization", format!("Basic {token}"))],
        3 | 4 => vec![("access_token", token)],
        5 => vec![("Cookie", format!("sessionid={token}"))],
        6 if !cast.cookies.is_empty() => {
            vec![("Cookie", format!("sessionid={}; csrftoken=x", pick(rng, &cast.cookies)))]
        }
        _ => vec![("Authorization", format!("Bearer {token}"))],
    }
}

fn oddities(rng: &mut Rng) -> Vec<(&'static str, String)> {
    let odd: &[(&str, &str)] = &[
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Content-Encoding", "gzip"),
        ("X-Forwarded-For", "203.0.113.7, no address"),
        ("Forwarded", "for=\"[::1"),
        ("Accept", "text/html"),
        ("Accept", "nothing"),
        ("If-Match", "\"0\""),
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Request-Id", "a b\tc"),
        ("Range", "bytes=5-1"),
        ("Cookie", "=; ;;sessionid"),
        ("Expect", "100-continue"),
    ];
    if rarely(rng, 5) {
        let (name, value) = *pick(rng, odd);
        vec![(name, value.to_owned())]
    } else {
        Vec::new()
    }
}
