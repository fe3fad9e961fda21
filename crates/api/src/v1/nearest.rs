//! The known name that a mistyped one was probably meant to be.

/// The most similar of `known`, if it is similar enough to be worth naming.
pub(crate) fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // No name is longer; what is cannot be near to one, and would be slow to compare.
    if typed.len() > 64 {
        return None;
    }
    let typed = typed.to_lowercase();
    let rated = known.into_iter().map(|name| (strsim::osa_distance(&typed, name), name));
    let (distance, name) = rated.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + name.len() / 3).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["username", "email", "first_name", "limit"];

    #[test]
    fn slips_find_the_name_that_was_meant() {
        for (typed, meant) in [
            ("user_name", "username"),
            ("Email", "email"),
            ("firstname", "first_name"),
            ("limti", "limit"),
        ] {
            assert_eq!(nearest(typed, KNOWN), Some(meant), "{typed}");
        }
    }

    #[test]
    fn something_else_altogether_finds_nothing() {
        assert_eq!(nearest("colour", KNOWN), None);
        assert_eq!(nearest(&"u".repeat(100_000), KNOWN), None);
        assert_eq!(nearest("limit", []), None);
    }
}
