//! What the log shows of a path: our own words and ids, never what else a caller put there.

use actix_web::HttpRequest;
use uuid::Uuid;

/// Stands for whatever is not shown.
const HIDDEN: &str = "…";
/// The first words of paths, which are shown where the rest leads nowhere.
const FIRST_WORDS: [&str; 18] = [
    ".well-known",
    "api",
    "books",
    "chats",
    "livez",
    "messages",
    "metrics",
    "password-reset",
    "problems",
    "readyz",
    "sessions",
    "setup",
    "static",
    "user",
    "users",
    "v1",
    "verify",
    "docs",
];

/// The path of a request as the route has it, with the ids that are in it. Somebody may have put a
/// password or a token where an id belongs, or made a path of nothing else.
pub(super) fn of(request: &HttpRequest) -> String {
    shown(request.match_pattern().as_deref(), request.path())
}

fn shown(pattern: Option<&str>, path: &str) -> String {
    let Some(pattern) = pattern else { return start(path) };
    // A route that takes all that nothing else answers.
    if let Some((known, _)) = pattern.split_once("{tail") {
        return if path == known { known.to_owned() } else { format!("{known}/{HIDDEN}") };
    }
    if !pattern.contains('{') {
        return pattern.to_owned();
    }
    let mut sent = path.split('/');
    let segment = |known| segment(known, sent.next().unwrap_or_default());
    pattern.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn segment<'a>(known: &'a str, sent: &'a str) -> &'a str {
    let is_id = sent.len() == 36 && Uuid::try_parse(sent).is_ok();
    if known.starts_with('{') && is_id { sent } else { known }
}

fn start(path: &str) -> String {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if path == "/" {
        path.to_owned()
    } else if FIRST_WORDS.contains(&first) {
        format!("/{first}/{HIDDEN}")
    } else {
        format!("/{HIDDEN}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192f7a0-7c5e-7d3a-9b1c-2f4e6a8c0d1e";

    #[test]
    fn ids_are_shown_and_nothing_else_in_their_place() {
        let path = format!("/v1/chatrooms/{ID}/events");
        assert_eq!(shown(Some("/v1/chatrooms/{id}/events"), &path), path);
        for secret in ["hunter2", "dwr_AZL3", "042917", "0192f7a07c5e7d3a9b1c2f4e6a8c0d1e", ""] {
            let path = format!("/v1/users/{secret}");
            assert_eq!(shown(Some("/v1/users/{id}"), &path), "/v1/users/{id}");
        }
        assert_eq!(shown(Some("/user/{uuid}"), &format!("/user/{ID}/")), format!("/user/{ID}"));
    }

    #[test]
    fn where_a_path_leads_nowhere_its_first_word_is_shown_if_it_is_one_of_ours() {
        assert_eq!(shown(None, "/v1/hunter2/x"), "/v1/…");
        assert_eq!(shown(None, "/hunter2"), "/…");
        assert_eq!(shown(None, "/"), "/");
        assert_eq!(shown(Some("/users{tail:(/.*)?}"), "/users/hunter2"), "/users/…");
        assert_eq!(shown(Some("/users{tail:(/.*)?}"), "/users"), "/users");
    }
}
