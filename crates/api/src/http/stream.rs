//! Long lists, written page by page: one page is held at a time, and the next is read only when the
//! client has taken the one before.

use std::future::Future;

use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use domain::page::Page;
use domain::problem::Problem;
use futures_util::stream::unfold;

/// How far a list has got.
struct Progress<T, K, F> {
    ahead: Ahead<T, K>,
    begun: bool,
    next: F,
}

/// What is to be written next.
enum Ahead<T, K> {
    /// This page.
    Page(Page<T, K>),
    /// The page after this key, which is not read yet.
    After(K),
    /// Nothing.
    End,
}

/// The rest of the list could not be read. The connection is cut, so that nobody takes a part of the
/// list for all of it.
#[derive(Debug, thiserror::Error)]
#[error("the rest of the list could not be read")]
struct Cut;

/// A JSON text of `head`, the rows with commas between them, and `tail`. `first` was read before the
/// reply began, so that a store that is away is refused as ever. `HEAD` reads no further.
pub(crate) fn list<T, K, F, Read>(
    request: &HttpRequest,
    head: impl Into<String>,
    tail: impl Into<String>,
    first: Page<T, K>,
    row: impl Fn(&T) -> Result<Vec<u8>, serde_json::Error> + 'static,
    next: F,
) -> HttpResponse
where
    T: 'static,
    K: 'static,
    F: Fn(K) -> Read + 'static,
    Read: Future<Output = Result<Page<T, K>, Problem>> + 'static,
{
    if *request.method() == Method::HEAD {
        return HttpResponse::Ok().content_type("application/json").finish();
    }
    let (head, tail) = (head.into(), tail.into());
    let start = Progress { ahead: Ahead::Page(first), begun: false, next };
    let body = unfold((start, row, head, tail), |(mut progress, row, head, tail)| async move {
        let chunk = progress.chunk(&row, &head, &tail).await.transpose()?;
        Some((chunk, (progress, row, head, tail)))
    });
    HttpResponse::Ok().content_type("application/json").streaming(body)
}

impl<T, K, F, Read> Progress<T, K, F>
where
    F: Fn(K) -> Read,
    Read: Future<Output = Result<Page<T, K>, Problem>>,
{
    /// One page in words, and what stands before or behind it; `None` at the end.
    async fn chunk(
        &mut self,
        row: &impl Fn(&T) -> Result<Vec<u8>, serde_json::Error>,
        head: &str,
        tail: &str,
    ) -> Result<Option<Bytes>, Cut> {
        // A chunk that fails leaves the end ahead.
        let Page { items, next } = match std::mem::replace(&mut self.ahead, Ahead::End) {
            Ahead::Page(page) => page,
            Ahead::After(key) => (self.next)(key).await.map_err(|problem| cut(&problem))?,
            Ahead::End => return Ok(None),
        };
        let mut text = Vec::new();
        let mut separator: &[u8] = if self.begun { b"," } else { head.as_bytes() };
        for item in &items {
            text.extend_from_slice(separator);
            text.extend(row(item).map_err(|error| cut(&error))?);
            separator = b",";
        }
        match next {
            Some(key) => self.ahead = Ahead::After(key),
            None if items.is_empty() && !self.begun => {
                text.extend_from_slice(head.as_bytes());
                text.extend_from_slice(tail.as_bytes());
            }
            None => text.extend_from_slice(tail.as_bytes()),
        }
        self.begun = true;
        Ok(Some(text.into()))
    }
}

fn cut(cause: &dyn std::error::Error) -> Cut {
    let source = cause.source().map(ToString::to_string).unwrap_or_default();
    tracing::error!(cause = %format!("{cause}: {source}").escape_debug(), "a list was cut");
    Cut
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;
    use domain::page::PageRequest;

    use super::*;

    fn page(after: u32, of: u32) -> Page<u32, u32> {
        let limit = PageRequest::<u32>::first(2).limit();
        let items = (after + 1..=of).take(limit + 1).collect();
        Page::from_surplus(items, limit, |item| *item)
    }

    async fn text(of: u32, fails_after: u32) -> Result<String, String> {
        let next = move |key| async move {
            if key >= fails_after {
                Err(Problem::Unavailable("away".into()))
            } else {
                Ok(page(key, of))
            }
        };
        let request = TestRequest::get().to_http_request();
        let row = |item: &u32| serde_json::to_vec(item);
        let reply = list(&request, "{\"data\":[", "]}", page(0, of), row, next);
        let body = to_bytes(reply.into_body()).await;
        body.map(|body| String::from_utf8(body.to_vec()).unwrap())
            .map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_list_is_whole_whatever_its_length() {
        for (of, expected) in [
            (0, "{\"data\":[]}"),
            (1, "{\"data\":[1]}"),
            (2, "{\"data\":[1,2]}"),
            (5, "{\"data\":[1,2,3,4,5]}"),
        ] {
            assert_eq!(text(of, 99).await.as_deref(), Ok(expected));
        }
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_read_to_its_end_is_cut_and_not_ended() {
        assert!(text(5, 4).await.is_err());
    }
}
