//! Entity tags and the preconditions made of them (RFC 9110 §8.8.3 and §13.1).

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};

use crate::v1::fault::V1Fault;

/// One entity tag as a caller sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntityTag {
    /// Whether it came with `W/`.
    weak: bool,
    /// What stands between the quotes.
    opaque: String,
}

/// What `If-Match` or `If-None-Match` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// `*`: any representation at all.
    Any,
    /// One of these.
    OneOf(Vec<EntityTag>),
}

/// A field value that is no list of entity tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Malformed;

/// The condition under which a change is to be made; `required` says whether there must be one.
pub(crate) fn if_match(
    request: &HttpRequest,
    required: bool,
) -> Result<Option<Condition>, V1Fault> {
    match field(request, IF_MATCH, "If-Match")? {
        None if required => Err(V1Fault::IfMatchMissing),
        condition => Ok(condition),
    }
}

/// The condition under which a representation is not sent again.
pub(crate) fn if_none_match(request: &HttpRequest) -> Result<Option<Condition>, V1Fault> {
    field(request, IF_NONE_MATCH, "If-None-Match")
}

fn field(
    request: &HttpRequest,
    name: HeaderName,
    shown: &'static str,
) -> Result<Option<Condition>, V1Fault> {
    let values = request.headers().get_all(name).map(HeaderValue::as_bytes);
    Condition::read(values).map_err(|Malformed| V1Fault::BadEntityTags(shown))
}

impl Condition {
    /// Reads all values of one field; `None` where there is none. Several lines are one list
    /// (RFC 9110 §5.3), and an empty list holds of nothing.
    fn read<'a>(values: impl Iterator<Item = &'a [u8]>) -> Result<Option<Self>, Malformed> {
        let lines: Option<Vec<&str>> =
            values.map(|value| std::str::from_utf8(value).ok()).collect();
        let lines = lines.ok_or(Malformed)?;
        match lines.join(",").trim_matches(BLANK) {
            _ if lines.is_empty() => Ok(None),
            "*" => Ok(Some(Self::Any)),
            list => tags(list).map(|tags| Some(Self::OneOf(tags))),
        }
    }

    /// `If-Match`: the strong comparison, in which a weak tag equals nothing.
    pub(crate) fn holds_strongly(&self, current: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(tags) => tags.iter().any(|tag| !tag.weak && tag.opaque == current),
        }
    }

    /// `If-None-Match`: the weak comparison, which looks at the text only.
    pub(crate) fn holds_weakly(&self, current: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(tags) => tags.iter().any(|tag| tag.opaque == current),
        }
    }

    /// What the strong tags of the list say; nothing for `*`.
    pub(crate) fn strong_tags(&self) -> impl Iterator<Item = &str> {
        let tags: &[EntityTag] = match self {
            Self::Any => &[],
            Self::OneOf(tags) => tags,
        };
        tags.iter().filter(|tag| !tag.weak).map(|tag| tag.opaque.as_str())
    }
}

/// Optional white space in a field value (RFC 9110 §5.6.3).
const BLANK: [char; 2] = [' ', '\t'];

/// Reads a comma-separated list; a comma between quotes belongs to the tag, and empty elements are
/// skipped (RFC 9110 §5.6.1.2).
fn tags(list: &str) -> Result<Vec<EntityTag>, Malformed> {
    let mut found = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Ok(found);
        }
        let (tag, after) = tag(rest)?;
        found.push(tag);
        rest = after.trim_start_matches(BLANK);
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(Malformed);
        }
    }
}

/// Reads one tag off the front.
fn tag(text: &str) -> Result<(EntityTag, &str), Malformed> {
    let (weak, quoted) = match text.strip_prefix("W/") {
        Some(quoted) => (true, quoted),
        None => (false, text),
    };
    let inner = quoted.strip_prefix('"').ok_or(Malformed)?;
    let (opaque, after) = inner.split_once('"').ok_or(Malformed)?;
    let allowed = |c: char| c == '!' || (c > '"' && c != '\u{7f}');
    if !opaque.chars().all(allowed) {
        return Err(Malformed);
    }
    Ok((EntityTag { weak, opaque: opaque.to_owned() }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Condition>, Malformed> {
        Condition::read(std::iter::once(text.as_bytes()))
    }

    fn condition(text: &str) -> Condition {
        read(text).unwrap().unwrap()
    }

    #[test]
    fn a_star_is_any_representation() {
        assert_eq!(condition(" * "), Condition::Any);
        assert!(condition("*").holds_strongly("7") && condition("*").holds_weakly("7"));
    }

    #[test]
    fn a_list_holds_if_one_tag_does() {
        for list in [r#""6", "7""#, r#""6","7""#, "\"7\"\t,\"8\"", r#",, "7" ,"#] {
            assert!(condition(list).holds_strongly("7"), "{list}");
        }
        assert!(!condition(r#""6", "8""#).holds_strongly("7"));
    }

    #[test]
    fn a_weak_tag_never_matches_strongly() {
        assert!(!condition(r#"W/"7""#).holds_strongly("7"));
        assert!(condition(r#"W/"7""#).holds_weakly("7"));
        assert_eq!(condition(r#"W/"7", "8""#).strong_tags().collect::<Vec<_>>(), ["8"]);
    }

    #[test]
    fn a_comma_between_quotes_belongs_to_the_tag() {
        assert!(condition(r#""a,b""#).holds_strongly("a,b"));
    }

    #[test]
    fn an_empty_list_holds_of_nothing() {
        for empty in ["", " ", ",", " , ,"] {
            assert_eq!(condition(empty), Condition::OneOf(Vec::new()), "{empty:?}");
        }
        assert!(!condition("").holds_strongly("7") && !condition("").holds_weakly("7"));
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines = [br#""6""#.as_slice(), br#""7""#.as_slice()];
        let both = Condition::read(lines.into_iter()).unwrap().unwrap();
        assert!(both.holds_strongly("6") && both.holds_strongly("7"));
        assert_eq!(Condition::read(std::iter::empty()), Ok(None));
    }

    #[test]
    fn anything_else_is_malformed() {
        for bad in ["7", "\"7", "7\"", r#""7" "8""#, r#"w/"7""#, r"W/7", r#""a b""#, r#"*, "7""#] {
            assert_eq!(read(bad), Err(Malformed), "{bad}");
        }
        assert_eq!(Condition::read(std::iter::once([0xff].as_slice())), Err(Malformed));
    }
}
