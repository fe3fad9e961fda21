//! The paths of the doors, the methods that they know and the members that their bodies have.

/// What a request is made from.
pub(crate) struct Route {
    /// `{}` stands for a name.
    pub(crate) path: &'static str,
    /// Those that it answers, one of which is taken most times.
    pub(crate) methods: &'static str,
    /// What its bodies hold.
    pub(crate) members: &'static [&'static str],
}

/// One of these is taken at times, whatever the route.
pub(crate) const METHODS: &[&str] =
    &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "FROB"];

const fn route(
    methods: &'static str,
    path: &'static str,
    members: &'static [&'static str],
) -> Route {
    Route { path, methods, members }
}

/// Every path of every door, and some that none has.
pub(crate) const ROUTES: &[Route] = &[
    route("POST", "/sessions/register", &["firstname", "lastname", "email", "password"]),
    route("POST", "/sessions/login", &["email", "password"]),
    route("GET", "/sessions/me", &[]),
    route("GET POST", "/sessions/logout", &[]),
    route("GET", "/sessions/{}", &[]),
    route("GET POST", "/user", &["username", "mobile", "password"]),
    route("POST", "/user/activate-account", &["mobile", "code"]),
    route("POST", "/user/login", &["username", "password"]),
    route("GET POST", "/user/refresh-token", &[]),
    route("GET POST", "/user/logout", &[]),
    route("POST", "/user/change-password/{}", &["old_password", "new_password"]),
    route("GET DELETE", "/user/{}", &[]),
    route("PATCH", "/user/{}", &["username", "email", "mobile", "gender", "status", "roles"]),
    route("GET", "/user/{}/{}", &[]),
    route(
        "POST",
        "/api/users",
        &["username", "password", "password_confirm", "display_name", "facility_id", "consent"],
    ),
    route("GET", "/api/users/me", &[]),
    route("PATCH", "/api/users/me", &["display_name", "profile_picture", "consent"]),
    route("GET", "/api/users/{}", &[]),
    route("POST", "/api/sessions", &["username", "password"]),
    route("DELETE", "/api/sessions", &[]),
    route("GET", "/users", &[]),
    route("POST", "/users", &["email", "username", "password"]),
    route("PUT", "/users", &["email", "username", "password", "current_password"]),
    route("DELETE", "/users", &[]),
    route("GET", "/users/{}", &[]),
    route("POST", "/users/register", &["email", "username", "password"]),
    route("POST", "/users/login", &["email", "password"]),
    route("GET", "/users/getall", &[]),
    route("GET", "/users/getById/{}", &[]),
    route("GET", "/users/getByUsername/{}", &[]),
    route("PUT", "/users/changeUsername", &["current_username", "new_username"]),
    route("PUT", "/users/updatePropic", &["propic_new"]),
    route("POST", "/users/requestResetPassword", &["your_email"]),
    route("PUT", "/users/reset_password", &["OTP", "new_password", "confirm_new_password"]),
    route("DELETE", "/users/delete/{}", &[]),
    route("GET", "/static/propics/default.jpg", &[]),
    route("GET", "/static/propics/{}", &[]),
    route("POST", "/books/add", &["title", "author", "isbn", "published_year", "copies"]),
    route("GET", "/books/getall", &[]),
    route("GET", "/books/getById/{}", &[]),
    route("GET", "/books/getByIsbn/{}", &[]),
    route("PUT", "/books/update/{}", &["title", "author", "isbn", "published_year", "copies"]),
    route("DELETE", "/books/delete/{}", &[]),
    route("POST", "/api/auth/session", &["username", "password", "email"]),
    route("POST", "/auth/session", &["username", "password"]),
    route("GET", "/auth/{}", &[]),
    route("GET POST", "/api/chats", &["chat_name", "chat_passkey", "users"]),
    route("GET POST", "/chats", &["chat_name", "chat_passkey", "users"]),
    route("GET PUT DELETE", "/chats/{}", &["chat_name"]),
    route("GET", "/api/chats/{}", &[]),
    route("GET", "/chats/{}/passkey", &[]),
    route("PATCH", "/chats/{}/join", &["chat_passkey"]),
    route("PATCH", "/chats/{}/leave", &[]),
    route("GET", "/chats/{}/search", &[]),
    route("GET", "/chats/{}/{}", &[]),
    route("GET POST", "/messages/chat/{}", &["message"]),
    route("GET POST", "/api/messages/chat/{}", &["message"]),
    route("GET", "/messages/latest_messages", &[]),
    route("GET", "/messages/all_messages", &[]),
    route("PUT DELETE", "/messages/{}", &["message"]),
    route("PATCH", "/messages/{}/like", &[]),
    route("GET", "/{}", &[]),
];
