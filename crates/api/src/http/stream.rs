//! Long lists, written page by page: one page is held at a time, and the next is read only when the
//! client has taken the one before.

use std::future::Future;
use std::mem;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use domain::page::Page;
use domain::problem::Problem;
use futures_util::stream::unfold;
use tracing::Instrument;

use crate::http::envelope::chain;
use crate::http::scene;

/// A list, and how far it has got.
struct List<T, K, R, F> {
    /// What is to be written before everything else; empty once it is.
    head: String,
    /// What is to be written before the next row.
    separator: &'static [u8],
    ahead: Ahead<T, K>,
    tail: String,
    row: R,
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
/// reply began, so that a store that is away is refused as ever. `next` reads the page after a key;
/// what it logs belongs to the request that is being served now.
pub(crate) fn list<T, K, F, Read>(
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
    let (head, tail, ahead) = (head.into(), tail.into(), Ahead::Page(first));
    let list = List { head, separator: b"", ahead, tail, row, next };
    let span = scene::span();
    let body = unfold(list, move |mut list| {
        let told = async { Some((list.chunk().await.transpose()?, list)) };
        told.instrument(span.clone())
    });
    HttpResponse::Ok().content_type("application/json").streaming(body)
}

impl<T, K, R, F, Read> List<T, K, R, F>
where
    R: Fn(&T) -> Result<Vec<u8>, serde_json::Error>,
    F: Fn(K) -> Read,
    Read: Future<Output = Result<Page<T, K>, Problem>>,
{
    /// One page in words, and what stands before or behind it; `None` at the end.
    async fn chunk(&mut self) -> Result<Option<Bytes>, Cut> {
        // A chunk that fails leaves the end ahead.
        let Page { items, next } = match mem::replace(&mut self.ahead, Ahead::End) {
            Ahead::Page(page) => page,
            Ahead::After(key) => (self.next)(key).await.map_err(|problem| cut(&problem))?,
            Ahead::End => return Ok(None),
        };
        let mut text = mem::take(&mut self.head).into_bytes();
        for item in &items {
            text.extend_from_slice(self.separator);
            text.extend((self.row)(item).map_err(|error| cut(&error))?);
            self.separator = b",";
        }
        match next {
            Some(key) => self.ahead = Ahead::After(key),
            None => text.extend_from_slice(self.tail.as_bytes()),
        }
        Ok(Some(text.into()))
    }
}

fn cut(cause: &(dyn std::error::Error + 'static)) -> Cut {
    tracing::error!(cause = %chain(cause).escape_debug(), "a list was cut");
    Cut
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::Pin;
    use std::rc::Rc;

    use actix_web::body::{BoxBody, MessageBody, to_bytes};
    use futures_util::future::poll_fn;

    use super::*;

    type Pages = &'static [&'static [u8]];

    /// A row that counts how many there are.
    struct Row(u8, Rc<Cell<usize>>);

    impl Drop for Row {
        fn drop(&mut self) {
            self.1.set(self.1.get() - 1);
        }
    }

    /// The list of these pages. At key 9 the store is away.
    struct Pager {
        pages: Pages,
        read: Rc<Cell<usize>>,
        rows: Rc<Cell<usize>>,
        most: Rc<Cell<usize>>,
    }

    impl Pager {
        fn new(pages: Pages) -> Self {
            let [read, rows, most] = Default::default();
            Self { pages, read, rows, most }
        }

        fn page(&self, at: usize) -> Result<Page<Row, usize>, Problem> {
            self.read.set(self.read.get() + 1);
            let rows = self.pages.get(at).copied().unwrap_or_default();
            if rows.contains(&9) {
                return Err(Problem::Unavailable("away".into()));
            }
            self.rows.set(self.rows.get() + rows.len());
            self.most.set(self.most.get().max(self.rows.get()));
            let items = rows.iter().map(|row| Row(*row, Rc::clone(&self.rows))).collect();
            let next = (at + 1 < self.pages.len()).then_some(at + 1);
            Ok(Page { items, next })
        }

        fn list(self) -> BoxBody {
            let first = self.page(0).unwrap();
            let row = |row: &Row| serde_json::to_vec(&row.0);
            let pager = Rc::new(self);
            let next = move |key| {
                let pager = Rc::clone(&pager);
                async move { pager.page(key) }
            };
            list("{\"data\":[", "]}", first, row, next).into_body()
        }
    }

    async fn chunk(body: &mut BoxBody) -> Option<Result<String, String>> {
        let chunk = poll_fn(|context| Pin::new(&mut *body).poll_next(context)).await?;
        let text = chunk.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
        Some(text.map_err(|error| error.to_string()))
    }

    #[tokio::test]
    async fn a_list_is_whole_whatever_its_pages() {
        let cases: [(Pages, &str); 6] = [
            (&[], "{\"data\":[]}"),
            (&[&[1]], "{\"data\":[1]}"),
            (&[&[1, 2], &[3, 4], &[5]], "{\"data\":[1,2,3,4,5]}"),
            (&[&[], &[1], &[]], "{\"data\":[1]}"),
            (&[&[1], &[], &[2]], "{\"data\":[1,2]}"),
            (&[&[], &[]], "{\"data\":[]}"),
        ];
        for (pages, expected) in cases {
            let text = to_bytes(Pager::new(pages).list()).await.unwrap();
            assert_eq!(text, expected, "{pages:?}");
        }
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_read_to_its_end_is_cut_and_not_ended() {
        let mut body = Pager::new(&[&[1, 2], &[9], &[3]]).list();
        assert_eq!(chunk(&mut body).await, Some(Ok("{\"data\":[1,2".to_owned())));
        let told = chunk(&mut body).await.unwrap();
        assert_eq!(told.unwrap_err(), "the rest of the list could not be read");
        assert_eq!(chunk(&mut body).await, None);
    }

    #[tokio::test]
    async fn a_page_is_read_when_the_one_before_is_taken_and_none_is_held_beside_it() {
        let pager = Pager::new(&[&[1, 2], &[3, 4], &[5, 6]]);
        let (read, most) = (Rc::clone(&pager.read), Rc::clone(&pager.most));
        let rows = Rc::clone(&pager.rows);
        let mut body = pager.list();
        // The first page is read by the handler, before the reply begins.
        for (page, read_before) in [(1, 1), (2, 1), (3, 2)] {
            assert_eq!(read.get(), read_before, "before page {page} is asked for");
            assert!(chunk(&mut body).await.unwrap().is_ok());
            assert_eq!(rows.get(), 0, "after page {page}");
        }
        assert_eq!(chunk(&mut body).await, None);
        assert_eq!((read.get(), most.get()), (3, 2));
    }
}
