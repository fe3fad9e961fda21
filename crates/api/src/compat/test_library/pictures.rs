//! The pictures of door 4.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName};
use actix_web::{HttpRequest, HttpResponse};
use domain::pictures::BlobName;
use domain::problem::{Fault, Field, Problem, Thing};

use super::Reply;
use super::accounts::invalid;
use super::refusals::Library;
use super::wire::{DEFAULT_PICTURE, about};
use crate::http::upload::FormUpload;
use crate::state::ApiState;

/// How long neither side of a picture is, in pixels.
const EDGE: u32 = 125;
/// A grey square: what those have who have no picture.
const DEFAULT: &[u8] = include_bytes!("default.jpg");

pub(super) async fn update(state: ApiState, sent: FormUpload<Library>) -> Reply {
    let file = sent.file("propic_new").filter(|file| !file.is_empty());
    let file = file.ok_or_else(|| invalid(Field::Picture, Fault::Missing))?;
    let id = sent.caller.authenticated.user.id;
    let user = state.services().pictures.set(id, None, file.to_vec(), EDGE).await?;
    Ok(about(&state, "SUCCESS: UPDATE USERNAME", &user))
}

pub(super) async fn show(state: ApiState, request: HttpRequest) -> Reply {
    let name = request.match_info().get("name").unwrap_or_default();
    if name == DEFAULT_PICTURE {
        return Ok(picture("image/jpeg", DEFAULT.to_vec()));
    }
    let name = BlobName::parse(name).ok_or(Problem::NotFound(Thing::Picture))?;
    let bytes = state.services().pictures.find(&name).await?;
    Ok(picture(name.format().media_type(), bytes))
}

/// A picture under a name that never holds another: to be kept for a year, and run as nothing.
fn picture(media_type: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .body(bytes)
}
