//! The nearest known name for one that is not known.

/// The known key that was probably meant by `given`.
pub(super) fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let rank = |key: &str| {
        let slips = strsim::damerau_levenshtein(key, given);
        // The right name in the wrong section counts as one slip of the finger.
        (if last(key) == last(given) { 1 } else { slips }, slips)
    };
    let ((slips, _), key) = known.map(|key| (rank(key), key)).min()?;
    (slips <= 1 + given.len() / 5).then_some(key)
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] =
        ["data_dir", "database.url", "mail.transport", "server.bind", "sms.transport"];

    fn meant(given: &str) -> Option<&str> {
        nearest(given, KNOWN.into_iter())
    }

    #[test]
    fn slips_and_wrong_sections_are_recognised() {
        assert_eq!(meant("database.ulr"), Some("database.url"));
        assert_eq!(meant("bind"), Some("server.bind"));
        assert_eq!(meant("sever.bind"), Some("server.bind"));
        assert_eq!(meant("server.data_dir"), Some("data_dir"));
        assert_eq!(meant("datadir"), Some("data_dir"));
        assert_eq!(meant("email.transport"), Some("mail.transport"));
    }

    #[test]
    fn what_is_far_from_all_is_not_guessed_at() {
        assert_eq!(meant("colour"), None);
        assert_eq!(meant("mail.password"), None);
    }
}
