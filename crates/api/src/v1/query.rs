//! Reads the query of a request: every parameter that does not fit is told at once, unknown ones
//! with the nearest known one.

use domain::page::{DEFAULT_LIMIT, MAX_LIMIT, PageRequest};
use domain::problem::Fault;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::v1::cursor::{self, Cursor};
use crate::v1::fault::V1Fault;
use crate::v1::misfit::{MOST_TOLD, Misfit, Rule};
use crate::v1::nearest::nearest;
use crate::v1::time::parse_rfc3339;

/// The longest text to search for, in characters: an e-mail address.
const MAX_SEARCH: usize = 254;

/// The parameters as they were sent. Whoever reads them asks for each by name; what was never asked
/// for is unknown.
#[derive(Debug)]
pub(crate) struct Query {
    sent: Vec<(String, String)>,
    asked: Vec<&'static str>,
    misfits: Vec<Misfit>,
}

impl Query {
    /// Takes the query apart (`application/x-www-form-urlencoded`).
    pub(crate) fn parse(raw: &str) -> Self {
        let sent = form_urlencoded::parse(raw.as_bytes()).into_owned().collect();
        Self { sent, asked: Vec::new(), misfits: Vec::new() }
    }

    /// A text to search for; an empty one searches for nothing.
    pub(crate) fn search(&mut self, name: &'static str) -> Option<String> {
        let text = self.value(name).filter(|text| !text.is_empty())?;
        if text.chars().count() > MAX_SEARCH {
            return self.misfit(name, Rule::Broken(Fault::TooLong(MAX_SEARCH)));
        }
        if text.chars().any(char::is_control) {
            return self.misfit(name, Rule::Broken(Fault::ControlCharacter));
        }
        Some(text)
    }

    /// One of the names that `read` knows; `names` is what they are called in a sentence.
    pub(crate) fn one_of<T>(
        &mut self,
        name: &'static str,
        names: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.value(name)?;
        read(&text).or_else(|| self.misfit(name, Rule::Broken(Fault::NotOneOf(names))))
    }

    /// `true` or `false`; no unless said.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        let read = |text: &str| text.parse::<bool>().ok();
        self.one_of(name, "true, false", read).unwrap_or_default()
    }

    /// A UUID in its canonical form.
    pub(crate) fn uuid(&mut self, name: &'static str) -> Option<Uuid> {
        let text = self.value(name)?;
        let read = Uuid::parse_str(&text).ok().filter(|id| id.to_string() == text);
        read.or_else(|| self.misfit(name, Rule::NotA("an id: a UUID in lower case")))
    }

    /// A moment.
    pub(crate) fn time(&mut self, name: &'static str) -> Option<Timestamp> {
        let text = self.value(name)?;
        let kind = "a time like 2026-11-20T18:00:44Z (RFC 3339)";
        parse_rfc3339(&text).or_else(|| self.misfit(name, Rule::NotA(kind)))
    }

    /// Which page of `list`: `limit` and `cursor`.
    pub(crate) fn page<C: Cursor>(&mut self, list: C::List) -> PageRequest<C> {
        let limit = self.limit().unwrap_or(DEFAULT_LIMIT);
        let Some(text) = self.value("cursor") else { return PageRequest::first(limit) };
        match cursor::decode(&text, list) {
            Ok(key) => PageRequest::after(limit, key),
            Err(cursor::Invalid) => {
                self.misfit::<()>("cursor", Rule::BadCursor);
                PageRequest::first(limit)
            }
        }
    }

    fn limit(&mut self) -> Option<u16> {
        let text = self.value("limit")?;
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = text.parse().ok().filter(|limit| plain && (1..=MAX_LIMIT).contains(limit));
        limit.or_else(|| self.misfit("limit", Rule::NotA("a whole number from 1 to 200")))
    }

    /// Refuses all that does not fit, else gives the parameters back as they were sent; called after
    /// every parameter was asked for.
    pub(crate) fn finish(self) -> Result<Vec<(String, String)>, V1Fault> {
        let Self { sent, asked, mut misfits } = self;
        for (name, _) in &sent {
            if misfits.len() >= MOST_TOLD {
                break;
            }
            let told = misfits.iter().any(|misfit| misfit.name == *name);
            if !told && !asked.contains(&name.as_str()) {
                let near = nearest(name, asked.iter().copied());
                misfits.push(Misfit::new(name, Rule::Unknown(near)));
            }
        }
        if misfits.is_empty() { Ok(sent) } else { Err(V1Fault::Parameters(misfits)) }
    }

    fn value(&mut self, name: &'static str) -> Option<String> {
        self.asked.push(name);
        let mut values = self.sent.iter().filter(|(sent, _)| sent == name);
        let first = values.next().map(|(_, value)| value.clone());
        if values.next().is_some() { self.misfit(name, Rule::Repeated) } else { first }
    }

    fn misfit<T>(&mut self, name: &'static str, rule: Rule) -> Option<T> {
        self.misfits.push(Misfit::new(name, rule));
        None
    }
}

#[cfg(test)]
mod tests {
    use domain::sessions::SessionCursor;
    use domain::users::Status;

    use super::*;

    fn misfits(query: Query) -> Vec<Misfit> {
        match query.finish() {
            Err(V1Fault::Parameters(misfits)) => misfits,
            other => panic!("expected misfits, got {other:?}"),
        }
    }

    fn told(query: Query) -> Vec<(String, &'static str)> {
        let told = |misfit: &Misfit| (misfit.name.clone(), misfit.code());
        misfits(query).iter().map(told).collect()
    }

    fn page(raw: &str) -> (Query, PageRequest<SessionCursor>) {
        let mut query = Query::parse(raw);
        let page = query.page(());
        (query, page)
    }

    fn limit(raw: &str) -> Option<usize> {
        let (query, page) = page(raw);
        query.finish().ok().map(|_| page.limit())
    }

    #[test]
    fn a_page_holds_fifty_rows_unless_said() {
        assert_eq!(limit(""), Some(50));
        assert_eq!(limit("limit=1"), Some(1));
        assert_eq!(limit("limit=200"), Some(200));
    }

    #[test]
    fn a_limit_out_of_range_is_refused_and_not_brought_into_it() {
        for raw in ["0", "201", "-1", "+5", "1.0", "", "99999999999999999999", "five", "5 "] {
            assert_eq!(limit(&format!("limit={raw}")), None, "{raw}");
        }
    }

    #[test]
    fn parameters_are_decoded() {
        let mut query = Query::parse("q=b%C3%BC%2Bcher+a&status=locked&include_total=true");
        assert_eq!(query.search("q").as_deref(), Some("bü+cher a"));
        assert_eq!(query.one_of("status", Status::NAMES, Status::from_name), Some(Status::Locked));
        assert!(query.flag("include_total"));
        assert!(query.finish().is_ok());
    }

    #[test]
    fn everything_that_does_not_fit_is_told_at_once() {
        let mut query = Query::parse(
            "q=a%00b&status=asleep&limit=0&cursor=x&created_after=now&limits=5&q2&q2=1",
        );
        query.search("q");
        query.one_of("status", Status::NAMES, Status::from_name);
        query.time("created_after");
        let _: PageRequest<SessionCursor> = query.page(());
        let mut told = told(query);
        told.sort();
        let expected = [
            ("created_after", "invalid_type"),
            ("cursor", "invalid_cursor"),
            ("limit", "invalid_type"),
            ("limits", "unknown"),
            ("q", "control_character"),
            ("q2", "unknown"),
            ("status", "not_one_of"),
        ];
        assert_eq!(told, expected.map(|(name, code)| (name.to_owned(), code)));
    }

    #[test]
    fn a_parameter_given_twice_is_refused_even_with_one_value() {
        let (query, _) = page("limit=5&limit=5");
        assert_eq!(misfits(query), [Misfit::new("limit", Rule::Repeated)]);
    }

    #[test]
    fn an_unknown_parameter_is_told_with_the_nearest_known_one() {
        let (query, _) = page("limti=5");
        assert_eq!(misfits(query), [Misfit::new("limti", Rule::Unknown(Some("limit")))]);
    }

    #[test]
    fn an_empty_search_is_none() {
        let mut query = Query::parse("q=");
        assert_eq!(query.search("q"), None);
        assert!(query.finish().is_ok());
    }
}
