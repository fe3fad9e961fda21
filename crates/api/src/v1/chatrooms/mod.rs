//! Chatrooms: the rooms, who is in them, what is said there, and a stream of it.

mod events;
mod members;
mod messages;
mod one_message;
mod rooms;
mod streams;
#[cfg(test)]
mod tests;
mod view;
mod wire;

use actix_web::web::ServiceConfig;

pub(crate) use events::*;
pub(crate) use members::*;
pub(crate) use messages::*;
pub(crate) use one_message::*;
pub(crate) use rooms::*;
pub(crate) use streams::Streams;

use crate::http::resource;
use crate::v1::problem::V1;

/// The paths of this folder.
pub(crate) fn routes(config: &mut ServiceConfig) {
    let at = resource::<V1>;
    config.service(at("/v1/chatrooms").get(list_chatrooms).post(create_chatroom).done());
}

/// Those of them that have an id in them.
pub(crate) fn routes_by_id(config: &mut ServiceConfig) {
    let at = resource::<V1>;
    let one = at("/v1/chatrooms/{id}").get(get_chatroom).patch(change_chatroom);
    let message = at("/v1/messages/{id}").get(get_message).patch(change_message);
    config
        .service(one.delete(delete_chatroom).done())
        .service(at("/v1/chatrooms/{id}/members").get(list_members).post(join_chatroom).done())
        .service(at("/v1/chatrooms/{id}/members/me").delete(leave_chatroom).done())
        .service(at("/v1/chatrooms/{id}/messages").get(list_messages).post(post_message).done())
        .service(at("/v1/chatrooms/{id}/events").get(chatroom_events).done())
        .service(message.delete(delete_message).done())
        .service(at("/v1/messages/{id}/like").put(like_message).delete(unlike_message).done());
}
