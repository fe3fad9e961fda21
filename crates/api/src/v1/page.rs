//! Pages of lists as `/v1` shows them: whether more rows follow, and the link to them.

use actix_web::HttpResponse;
use actix_web::http::header::LINK;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a page of a list ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Page)]
pub(crate) struct PageMark {
    /// What to send as `cursor` for the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
    /// Whether more rows follow.
    has_more: bool,
    /// How many rows there are on all pages; only with `include_total=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false, minimum = 0)]
    total: Option<u64>,
}

impl PageMark {
    /// The end of a page; `next` is the cursor of the next one, if there is one.
    pub(crate) fn new(next: Option<String>, total: Option<u64>) -> Self {
        Self { has_more: next.is_some(), next_cursor: next, total }
    }

    /// A reply with `view` and the address of the next page as `Link: …; rel="next"` (RFC 8288),
    /// built from the public URL and all other parameters that were sent.
    pub(crate) fn reply(
        &self,
        view: &impl Serialize,
        list_url: &str,
        sent: &[(String, String)],
    ) -> HttpResponse {
        let mut reply = HttpResponse::Ok();
        if let Some(next) = &self.next_cursor {
            let url = next_url(list_url, sent, next);
            reply.insert_header((LINK, format!("<{url}>; rel=\"next\"")));
        }
        reply.json(view)
    }
}

fn next_url(list_url: &str, sent: &[(String, String)], cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(sent.iter().filter(|(name, _)| name != "cursor"));
    query.append_pair("cursor", cursor);
    format!("{list_url}?{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_next_page_keeps_every_other_parameter() {
        let sent = sent(&[("q", "a&b>\u{fc}"), ("cursor", "old"), ("limit", "2")]);
        let url = next_url("http://h/v1/users", &sent, "new");
        assert_eq!(url, "http://h/v1/users?q=a%26b%3E%C3%BC&limit=2&cursor=new");
    }

    #[test]
    fn the_last_page_links_to_nothing() {
        let mark = PageMark::new(None, Some(0));
        assert!(!mark.reply(&mark, "u", &[]).headers().contains_key(LINK));
        let json = serde_json::to_string(&mark).unwrap();
        assert_eq!(json, r#"{"next_cursor":null,"has_more":false,"total":0}"#);
    }

    #[test]
    fn a_page_that_is_not_the_last_links_to_the_next() {
        let mark = PageMark::new(Some("c".to_owned()), None);
        let reply = mark.reply(&mark, "http://h/v1/users", &[]);
        let link = reply.headers().get(LINK).unwrap();
        assert_eq!(link, "<http://h/v1/users?cursor=c>; rel=\"next\"");
        let json = serde_json::to_string(&mark).unwrap();
        assert_eq!(json, r#"{"next_cursor":"c","has_more":true}"#);
    }
}
