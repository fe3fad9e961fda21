//! `/v1/users`: adding people, and the directory.

use actix_web::HttpRequest;
use actix_web::http::header::ETAG;
use domain::page::{Page, PageRequest};
use domain::problem::Problem;
use domain::users::{
    DirectoryFilter, DirectoryQuery, MatchCursor, Prefix, Role, SortOrder, Status, User, UserCursor,
};

use crate::caller::Caller;
use crate::http::search::Search;
use crate::state::ApiState;
use crate::v1::cursor::{self, Searched};
use crate::v1::fault::V1Fault;
use crate::v1::openapi::params::DirectoryParameters;
use crate::v1::page::PageMark;
use crate::v1::problem::V1;
use crate::v1::query::Query;
use crate::v1::reply::{Answer, created, quoted};
use crate::v1::users::tag;
use crate::v1::users::view::{UserPage, UserView};
use crate::v1::users::wire::NewUser;
use crate::v1::visitor::Visitor;

/// The orders that `sort` knows.
const ORDERS: &str = "created_at, -created_at";

/// Add a person
///
/// Anybody may register; where `registration.open` is false only administrators add people. What a
/// person does not have is left out or null. The account is active at once unless the server asks
/// for verification.
#[utoipa::path(
    post, path = "/v1/users", tag = "users", request_body = NewUser,
    security((), ("bearer" = []), ("cookie" = [])),
    responses((
        status = 201, description = "The person.", body = UserView,
        headers(("Location"), ("ETag")),
        links(
            ("read" = (operation_id = "get_user", parameters(("id" = "$response.body#/id")))),
            ("change" = (operation_id = "change_user", parameters(("id" = "$response.body#/id")))),
            ("remove" = (operation_id = "delete_user", parameters(("id" = "$response.body#/id")))),
        )
    ))
)]
pub(crate) async fn create_user(state: ApiState, sent: Visitor) -> Answer {
    let registration = NewUser::read(sent.body)?.sent_by(sent.client);
    let actor = sent.authenticated.as_ref().map(|known| known.user.as_ref());
    let rules = &state.settings().v1_rules;
    let user = state.services().users.register(actor, registration, rules).await?;
    let mut reply = created(state.settings(), &format!("/v1/users/{}", user.id));
    Ok(reply
        .insert_header((ETAG, quoted(&tag::full(&user))))
        .json(UserView::new(&user, state.settings())))
}

/// List people
///
/// The directory, for administrators, a page at a time. Without `q` the oldest come first; what `q`
/// finds is in the order of a phone book: by the key that begins so, the smallest where several do.
/// `sort` puts either in the order of time.
#[utoipa::path(
    get, path = "/v1/users", tag = "users", params(DirectoryParameters),
    security(("bearer" = []), ("cookie" = [])),
    responses((
        status = 200, description = "A page of people.", body = UserPage, headers(("Link"))
    ))
)]
pub(crate) async fn list_users(
    state: ApiState,
    caller: Caller<V1>,
    _: Search<V1>,
    request: HttpRequest,
) -> Answer {
    let listing = Listing::read(request.query_string())?;
    let actor = &caller.authenticated.user;
    let users = &state.services().users;
    let page = listing.page(&state, actor).await?;
    let total = if listing.total { Some(users.count(actor, &listing.query).await?) } else { None };
    let view = UserPage {
        data: page.items.iter().map(|user| UserView::new(user, state.settings())).collect(),
        page: PageMark::new(page.next, total),
    };
    Ok(view.page.reply(&view, &format!("{}/v1/users", state.settings().public_url), &listing.sent))
}

/// What the directory is asked.
struct Listing {
    query: DirectoryQuery,
    page: Place,
    total: bool,
    sent: Vec<(String, String)>,
}

/// Which page, in which order.
enum Place {
    ByTime(PageRequest<UserCursor>),
    AsInAPhoneBook(Prefix, PageRequest<MatchCursor>),
}

impl Listing {
    fn read(raw: &str) -> Result<Self, V1Fault> {
        let mut sent = Query::parse(raw);
        let prefix = sent.search("q").as_deref().and_then(Prefix::new);
        let filter = DirectoryFilter {
            status: sent.one_of("status", Status::NAMES, Status::from_name),
            role: sent.one_of("role", Role::NAMES, Role::from_name),
            created_after: sent.time("created_after"),
            created_before: sent.time("created_before"),
        };
        let sort = sent.one_of("sort", ORDERS, order);
        let total = sent.flag("include_total");
        let page = match (sort, &prefix) {
            (None, Some(prefix)) => {
                Place::AsInAPhoneBook(prefix.clone(), sent.page(Searched::from(prefix)))
            }
            (Some(_), _) | (None, None) => Place::ByTime(sent.page(sort.unwrap_or_default())),
        };
        let query = DirectoryQuery { prefix, filter, sort: sort.unwrap_or_default() };
        Ok(Self { query, page, total, sent: sent.finish()? })
    }

    /// The people on the page, and the cursor of the next one.
    async fn page(&self, state: &ApiState, actor: &User) -> Result<Page<User, String>, Problem> {
        let users = &state.services().users;
        match &self.page {
            Place::ByTime(page) => {
                let Page { items, next } = users.list(actor, &self.query, page).await?;
                Ok(Page { items, next: next.map(|key| cursor::encode(&key, self.query.sort)) })
            }
            Place::AsInAPhoneBook(prefix, page) => {
                let found = users.search(actor, prefix, &self.query.filter, page).await?;
                let next = found.next.map(|key| cursor::encode(&key, Searched::from(prefix)));
                Ok(Page { items: found.items, next })
            }
        }
    }
}

fn order(name: &str) -> Option<SortOrder> {
    match name {
        "created_at" => Some(SortOrder::OldestFirst),
        "-created_at" => Some(SortOrder::NewestFirst),
        _ => None,
    }
}
