//! Values as they may be printed: without the passwords in them.

use super::secret_file::is_secret;

/// What a secret is shown as.
pub(super) const HIDDEN: &str = "***";

/// The value of this key as it may be printed.
pub(super) fn shown(key: &str, text: &str) -> String {
    let is_plain = text.is_empty() || text == "preview" || text.starts_with("file:");
    match key {
        "sms.webhook_secret" if !text.is_empty() => HIDDEN.to_owned(),
        // The `@` of a mailbox hides nothing.
        "mail.from" if !text.contains("://") => text.to_owned(),
        // What is no URL at all may be the password alone, in the wrong place.
        _ if is_secret(key) && !is_plain && !text.contains("://") => HIDDEN.to_owned(),
        _ => redact(text),
    }
}

/// The text without a password, token or the like: in the user part of a URL, in its query, and in
/// the path of a webhook, which often is one.
pub(super) fn redact(text: &str) -> String {
    if let Some(hook) = text.strip_prefix("webhook:") {
        let host = hook.split('/').take(3).collect::<Vec<_>>().join("/");
        return format!("webhook:{}/{HIDDEN}", without_user(&host));
    }
    let (address, query) = match text.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (text, None),
    };
    // A password may hold an unescaped "?": then everything after it is hidden as well.
    let shown =
        without_user(if query.is_some_and(|query| query.contains('@')) { text } else { address });
    match query.filter(|query| !query.contains('@')) {
        Some(query) => format!("{shown}?{}", without_values(query)),
        None => shown,
    }
}

/// Replaces the password before the last `@`, so that one with an unescaped `@` or `/` is hidden too.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return if url.contains('@') { HIDDEN.to_owned() } else { url.to_owned() };
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) => format!("{scheme}://{name}:{HIDDEN}@{host}"),
            None => url.to_owned(),
        },
        None => url.to_owned(),
    }
}

/// Replaces the values of parameters whose name speaks of a secret.
fn without_values(query: &str) -> String {
    let secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["pass", "pwd", "secret", "token", "key"].iter().any(|word| name.contains(word))
    };
    let one = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if secret(name) => format!("{name}={HIDDEN}"),
        Some(_) | None => pair.to_owned(),
    };
    query.split('&').map(one).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_hidden_however_badly_they_are_escaped() {
        let hidden = "postgres://ada:***@db:5432/doorward";
        for password in ["hunter2", "hun@ter2", "hun/ter2", "hun:ter2", "hun?ter2", "h?a=1&b@c"] {
            assert_eq!(redact(&format!("postgres://ada:{password}@db:5432/doorward")), hidden);
        }
        assert_eq!(redact("ada:hunter2@db/doorward"), "***");
    }

    #[test]
    fn secrets_in_queries_and_webhooks_are_hidden() {
        assert_eq!(
            redact("mysql://ada@db/x?sslPassword=hunter2&ssl=1"),
            "mysql://ada@db/x?sslPassword=***&ssl=1"
        );
        assert_eq!(redact("webhook:https://a.example/T0/hunter2"), "webhook:https://a.example/***");
    }

    #[test]
    fn everything_else_stays() {
        for text in ["sqlite://{data_dir}/doorward.db", "15m", "mysql://ada@db/x", ""] {
            assert_eq!(redact(text), text);
        }
    }
}
