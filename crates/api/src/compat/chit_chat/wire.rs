//! What callers of door 5 get.

use domain::chatrooms::{MessageView, Person, RoomView};
use domain::time::Timestamp;
use domain::users::{Email, User, Username};
use serde::Serialize;

/// How long a token lives, in seconds.
pub(super) const TOKEN_SECONDS: u64 = 3_600;

/// A sign-in.
#[derive(Serialize)]
pub(super) struct SessionOut<'a> {
    username: Option<&'a str>,
    token: &'a str,
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
}

impl<'a> SessionOut<'a> {
    pub(super) fn new(user: &'a User, token: &'a str) -> Self {
        let (token_type, expires_in) = ("Bearer", TOKEN_SECONDS);
        Self { username: username(user), token, access_token: token, token_type, expires_in }
    }
}

/// A person in a list.
#[derive(Serialize)]
pub(super) struct NameOut<'a> {
    id: i64,
    username: Option<&'a str>,
}

impl<'a> From<&'a User> for NameOut<'a> {
    fn from(user: &'a User) -> Self {
        Self { id: user.number, username: username(user) }
    }
}

/// A person in full.
#[derive(Serialize)]
pub(super) struct SelfOut<'a> {
    pub(super) id: i64,
    pub(super) username: Option<&'a str>,
    pub(super) created_at: String,
    pub(super) chats: Vec<ChatOut>,
}

/// A person that was changed.
#[derive(Serialize)]
pub(super) struct ChangedOut<'a> {
    pub(super) id: i64,
    pub(super) email: Option<&'a str>,
    pub(super) username: Option<&'a str>,
    pub(super) password_updated: bool,
}

impl<'a> ChangedOut<'a> {
    pub(super) fn new(user: &'a User, password_updated: bool) -> Self {
        let email = user.email.as_ref().map(Email::as_str);
        Self { id: user.number, email, username: username(user), password_updated }
    }
}

/// A person that was removed.
#[derive(Serialize)]
pub(super) struct RemovedOut<'a> {
    pub(super) id: i64,
    pub(super) username: Option<&'a str>,
    pub(super) chats: Vec<String>,
}

/// A chat.
#[derive(Serialize)]
pub(super) struct ChatOut {
    id: i64,
    chat_name: String,
    created_at: String,
    users: Vec<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_count: Option<u64>,
}

impl ChatOut {
    /// As everybody sees it.
    pub(super) fn listed(view: &RoomView) -> Self {
        let hidden = || vec![Some("Private chat".to_owned())];
        let users = if view.room.passkey.is_some() { hidden() } else { names(&view.members) };
        Self {
            id: view.room.number,
            chat_name: view.room.name.clone(),
            created_at: written(view.room.created_at),
            users,
            message_count: None,
        }
    }

    /// As its members see it.
    pub(super) fn entered(view: &RoomView) -> Self {
        Self { users: names(&view.members), ..Self::listed(view) }
    }

    /// The same with how much is said in it.
    pub(super) fn counted(view: &RoomView) -> Self {
        Self { message_count: Some(view.message_count), ..Self::entered(view) }
    }
}

#[derive(Serialize)]
struct LikesOut {
    count: usize,
    users: Vec<Option<String>>,
}

/// A message.
#[derive(Serialize)]
pub(super) struct MessageOut<'a> {
    id: i64,
    message: &'a str,
    created_at: String,
    user: Option<String>,
    chat_name: &'a str,
    likes: LikesOut,
}

impl<'a> From<&'a MessageView> for MessageOut<'a> {
    fn from(view: &'a MessageView) -> Self {
        Self {
            id: view.message.number,
            message: &view.message.text,
            created_at: written(view.message.created_at),
            user: view.author.username.clone(),
            chat_name: &view.room_name,
            likes: LikesOut { count: view.likers.len(), users: names(&view.likers) },
        }
    }
}

pub(super) fn username(user: &User) -> Option<&str> {
    user.username.as_ref().map(Username::as_str)
}

/// Null stands for who has no user name: anything else could be somebody's.
fn names(people: &[Person]) -> Vec<Option<String>> {
    people.iter().map(|person| person.username.clone()).collect()
}

/// `November 20, 2026 at 6:00:44 PM`, in UTC.
pub(super) fn written(moment: Timestamp) -> String {
    moment.datetime().format("%B %-d, %Y at %-I:%M:%S %p").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_out() {
        let moment = |micros| written(Timestamp::from_micros(micros).unwrap());
        assert_eq!(moment(1_795_197_644_000_000), "November 20, 2026 at 6:00:44 PM");
        assert_eq!(moment(0), "January 1, 1970 at 12:00:00 AM");
    }
}
