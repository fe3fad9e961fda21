//! Reads a transcript.

/// One request and the reply that must come.
#[derive(Default)]
pub(crate) struct Exchange {
    pub(crate) title: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) request_headers: Vec<(String, String)>,
    pub(crate) request_body: String,
    pub(crate) status: u16,
    pub(crate) reply_headers: Vec<(String, String)>,
    pub(crate) reply_body: String,
}

/// All exchanges of a transcript; what stands before the first title is prose.
pub(crate) fn parse(text: &str) -> Vec<Exchange> {
    text.split("\n### ").skip(1).map(exchange).collect()
}

fn exchange(text: &str) -> Exchange {
    let (title, rest) = text.split_once('\n').unwrap();
    let (request, reply) =
        rest.split_once("HTTP/1.1 ").unwrap_or_else(|| panic!("{title}: no reply"));
    let (line, request_headers, request_body) = message(request.trim());
    let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("{title}: {line}"));
    let (status, reply_headers, reply_body) = message(reply.trim());
    Exchange {
        title: title.trim().to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        request_headers,
        request_body,
        status: status.split_whitespace().next().and_then(|code| code.parse().ok()).unwrap(),
        reply_headers,
        reply_body,
    }
}

/// First line, headers, body.
fn message(text: &str) -> (String, Vec<(String, String)>, String) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let field = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no header: {line}"));
        (name.trim().to_owned(), value.trim().to_owned())
    };
    (first, lines.map(field).collect(), body.trim().to_owned())
}
