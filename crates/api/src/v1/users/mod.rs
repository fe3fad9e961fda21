//! People: the directory, one's own account, and what administrators do to others.

mod admin;
mod avatar;
mod collection;
mod one;
mod password;
mod tag;
#[cfg(test)]
mod tests;
mod view;
mod wire;

use actix_web::web::ServiceConfig;

pub(crate) use admin::*;
pub(crate) use avatar::*;
pub(crate) use collection::*;
pub(crate) use one::*;
pub(crate) use password::*;
pub(crate) use view::{PublicUserView, UserView};

use crate::http::resource;
use crate::v1::problem::V1;

/// The paths of this folder. `me` stands before `{id}`, which would take it for an id.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource::<V1>("/v1/users").get(list_users).post(create_user).done())
        .service(
            resource::<V1>("/v1/users/me").get(get_me).patch(change_me).delete(delete_me).done(),
        )
        .service(resource::<V1>("/v1/users/me/password").put(change_password).done())
        .service(
            resource::<V1>("/v1/users/me/avatar").put(set_avatar).delete(remove_avatar).done(),
        );
}

/// Those of them that have an id in them.
pub(crate) fn routes_by_id(config: &mut ServiceConfig) {
    config
        .service(resource::<V1>("/v1/users/{id}/avatar").get(get_avatar).done())
        .service(
            resource::<V1>("/v1/users/{id}")
                .get(get_user)
                .patch(change_user)
                .delete(delete_user)
                .done(),
        )
        .service(resource::<V1>("/v1/users/{id}/lock").post(lock_user).done())
        .service(resource::<V1>("/v1/users/{id}/unlock").post(unlock_user).done())
        .service(resource::<V1>("/v1/users/{id}/sessions").delete(close_sessions_of_user).done());
}
