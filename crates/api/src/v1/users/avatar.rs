//! `/v1/users/me/avatar` and `/v1/users/{id}/avatar`: a person's picture.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG};
use actix_web::{HttpRequest, HttpResponse};
use domain::pictures::BlobName;
use domain::problem::{Problem, Thing};
use domain::users::{UserId, UserKey};

use crate::caller::Caller;
use crate::http::upload::RawUpload;
use crate::refusal::Refusal;
use crate::state::ApiState;
use crate::v1::etag::{if_match, if_none_match};
use crate::v1::openapi::params::{IfMatch, IfNoneMatch, UserIdParameter};
use crate::v1::path::user_id;
use crate::v1::problem::V1;
use crate::v1::reply::{Answer, UNSTORED, quoted, tagged};
use crate::v1::users::tag;
use crate::v1::users::view::UserView;

/// How long neither side of a picture is, in pixels.
const EDGE: u32 = 512;

/// Set one's picture
///
/// PNG, JPEG or WebP, told by its content. It is turned upright, shrunk to fit 512 × 512 pixels and
/// written anew without its metadata; the picture before it is removed.
#[utoipa::path(
    put, path = "/v1/users/me/avatar", tag = "users", params(IfMatch),
    request_body(content(("image/png"), ("image/jpeg"), ("image/webp"))),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The caller as it is now.", body = UserView, headers(("ETag"))))
)]
pub(crate) async fn set_avatar(
    state: ApiState,
    sent: RawUpload<V1>,
    request: HttpRequest,
) -> Answer {
    let id = sent.caller.authenticated.user.id;
    let version = version(&state, id, &request).await?;
    let user = state.services().pictures.set(id, version, sent.file.to_vec(), EDGE).await?;
    Ok(tagged(&UserView::new(&user, state.settings()), &tag::full(&user), None, UNSTORED))
}

/// Take one's picture away
#[utoipa::path(
    delete, path = "/v1/users/me/avatar", tag = "users", params(IfMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "The caller has no picture."))
)]
pub(crate) async fn remove_avatar(
    state: ApiState,
    caller: Caller<V1>,
    request: HttpRequest,
) -> Answer {
    let id = caller.authenticated.user.id;
    let version = version(&state, id, &request).await?;
    state.services().pictures.remove(id, version).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The version of the person that the change insists on: a picture is a part of it.
async fn version(
    state: &ApiState,
    id: UserId,
    request: &HttpRequest,
) -> Result<Option<i64>, Refusal<V1>> {
    let condition = if_match(request, state.settings().require_if_match)?;
    Ok(tag::insisted(&state.services().users, id, condition.as_ref()).await?)
}

/// Read a person's picture
#[utoipa::path(
    get, path = "/v1/users/{id}/avatar", tag = "users", params(UserIdParameter, IfNoneMatch),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The picture.", headers(("ETag")), content(("image/png"), ("image/jpeg"), ("image/webp"))),
        (status = 304, description = "The caller has it already.", headers(("ETag"))),
    )
)]
pub(crate) async fn get_avatar(state: ApiState, _: Caller<V1>, request: HttpRequest) -> Answer {
    let unless = if_none_match(&request)?;
    let services = state.services();
    let user = services.users.find(&UserKey::Id(user_id(&request)?)).await?;
    let name = user.avatar.as_deref().and_then(BlobName::parse);
    let name = name.ok_or(Problem::NotFound(Thing::Picture))?;
    let known = unless.is_some_and(|condition| condition.holds_weakly(name.as_str()));
    let mut reply = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    reply
        .insert_header((ETAG, quoted(name.as_str())))
        .insert_header((CACHE_CONTROL, "private, max-age=86400"))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"));
    if known {
        return Ok(reply.finish());
    }
    let bytes = services.pictures.find(&name).await?;
    Ok(reply.content_type(name.format().media_type()).body(bytes))
}
