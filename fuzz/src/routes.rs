//! The requests with bodies of each door, and a few without; `{}` stands for a name.

use domain::sessions::Door;

/// Method and path.
pub(crate) type Route = (&'static str, &'static str);

pub(crate) fn routes(door: Door) -> &'static [Route] {
    match door {
        Door::V1 => V1,
        Door::PyApi => PY_API,
        Door::FlaskUserAuth => FLASK_USER_AUTH,
        Door::DrfAccounts => DRF_ACCOUNTS,
        Door::TestLibrary => TEST_LIBRARY,
        Door::ChitChat => CHIT_CHAT,
    }
}

const V1: &[Route] = &[
    ("POST", "/v1/users"),
    ("POST", "/v1/sessions"),
    ("POST", "/v1/sessions/refresh"),
    ("PATCH", "/v1/users/me"),
    ("PUT", "/v1/users/me/password"),
    ("PUT", "/v1/users/me/avatar"),
    ("PATCH", "/v1/users/{}"),
    ("POST", "/v1/password-resets"),
    ("POST", "/v1/password-resets/confirm"),
    ("POST", "/v1/verifications"),
    ("POST", "/v1/verifications/confirm"),
    ("POST", "/v1/books"),
    ("PATCH", "/v1/books/{}"),
    ("POST", "/v1/chatrooms"),
    ("PATCH", "/v1/chatrooms/{}"),
    ("POST", "/v1/chatrooms/{}/members"),
    ("POST", "/v1/chatrooms/{}/messages"),
    ("PATCH", "/v1/messages/{}"),
    ("GET", "/v1/users/{}"),
    ("DELETE", "/v1/books/{}"),
];

const PY_API: &[Route] = &[
    ("POST", "/sessions/register"),
    ("POST", "/sessions/login"),
    ("POST", "/sessions/logout"),
    ("GET", "/sessions/me"),
    ("GET", "/sessions/{}"),
];

const FLASK_USER_AUTH: &[Route] = &[
    ("POST", "/user"),
    ("POST", "/user/activate-account"),
    ("POST", "/user/login"),
    ("POST", "/user/refresh-token"),
    ("POST", "/user/change-password/{}"),
    ("PATCH", "/user/{}"),
    ("GET", "/user/{}"),
    ("GET", "/user"),
];

const DRF_ACCOUNTS: &[Route] = &[
    ("POST", "/api/users/"),
    ("PATCH", "/api/users/me"),
    ("POST", "/api/sessions/"),
    ("DELETE", "/api/sessions/"),
    ("GET", "/api/users/{}"),
];

const TEST_LIBRARY: &[Route] = &[
    ("POST", "/users/register"),
    ("POST", "/users/login"),
    ("PUT", "/users/changeUsername"),
    ("PUT", "/users/updatePropic"),
    ("POST", "/users/requestResetPassword"),
    ("PUT", "/users/reset_password"),
    ("POST", "/books/add"),
    ("PUT", "/books/update/{}"),
    ("GET", "/books/getByIsbn/{}"),
    ("GET", "/users/getByUsername/{}"),
];

const CHIT_CHAT: &[Route] = &[
    ("POST", "/api/auth/session"),
    ("POST", "/users/"),
    ("PUT", "/users/"),
    ("POST", "/chats/"),
    ("PUT", "/chats/{}"),
    ("PATCH", "/chats/{}/join"),
    ("POST", "/messages/chat/{}"),
    ("PUT", "/messages/{}"),
    ("GET", "/chats/{}"),
    ("GET", "/chats/"),
];
