//! What callers of door 3 get.

use domain::users::{User, Username};
use serde::Serialize;

use crate::state::ApiState;

/// A person.
#[derive(Serialize)]
struct PersonOut<'a> {
    id: i64,
    username: &'a str,
    display_name: &'a str,
    facility_id: &'a str,
    profile_picture: String,
    consent: bool,
    #[serde(rename = "firstName")]
    first_name: &'a str,
    #[serde(rename = "lastName")]
    last_name: &'a str,
}

#[derive(Serialize)]
struct Data<'a> {
    user: PersonOut<'a>,
}

/// A reply about one person.
#[derive(Serialize)]
pub(super) struct About<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
    data: Data<'a>,
}

impl<'a> About<'a> {
    pub(super) fn new(state: &ApiState, user: &'a User, detail: Option<&'static str>) -> Self {
        fn text(value: Option<&String>) -> &str {
            value.map_or("", String::as_str)
        }
        let user = PersonOut {
            id: user.number,
            username: user.username.as_ref().map_or("", Username::as_str),
            display_name: text(user.display_name.as_ref()),
            facility_id: text(user.facility_id.as_ref()),
            profile_picture: picture(state, user),
            consent: user.consent,
            first_name: text(user.first_name.as_ref()),
            last_name: text(user.last_name.as_ref()),
        };
        Self { detail, data: Data { user } }
    }
}

fn picture(state: &ApiState, user: &User) -> String {
    let uploaded = || state.settings().avatar_url(user);
    user.profile_picture.clone().or_else(uploaded).unwrap_or_default()
}

/// A reply that says what was done.
#[derive(Serialize)]
pub(super) struct Done {
    pub(super) detail: &'static str,
}
