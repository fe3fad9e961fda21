//! People of every door, whose tokens the random requests carry.

use acceptance::{Client, Server};
use serde_json::json;

/// Every password that is ever sent. No reply and no log line may hold one.
pub(crate) const PASSWORDS: [&str; 4] =
    ["Sesame-Ostrich-71", "Sesame-Pelican-72", "Sesame-Quetzal-73", "Sesame-Raven-74"];

/// What somebody who signed in can send.
pub(crate) struct Cast {
    /// Access tokens, refresh tokens and the handle of a reset.
    pub(crate) tokens: Vec<String>,
    /// Values of the cookie `sessionid`.
    pub(crate) cookies: Vec<String>,
    /// Ids, numbers and names of people, books, chats and messages.
    pub(crate) names: Vec<String>,
    /// What they sign in with.
    pub(crate) signed_up: Vec<String>,
}

impl Cast {
    /// New people, so that requests find somebody however many were deleted before. `round` tells
    /// their names from others'.
    pub(crate) fn gather(server: &Server, round: &str) -> Self {
        let mut cast = Self {
            tokens: Vec::new(),
            cookies: Vec::new(),
            names: Vec::new(),
            signed_up: ["two", "three", "four", "five"].map(|name| format!("{name}{round}")).into(),
        };
        let client = server.client();
        cast.admit_at_door_2(&client, round);
        cast.admit_at_door_3(&client, round);
        cast.admit_at_door_4(&client, round);
        cast.admit_at_door_5(&client, round);
        cast.signed_up
            .extend([format!("four{round}@example.org"), format!("five{round}@example.org")]);
        cast
    }

    fn admit_at_door_2(&mut self, client: &Client, round: &str) {
        let (username, mobile) = (format!("two{round}"), format!("+49 30 55{round}"));
        let person = json!({ "username": username, "mobile": mobile, "password": PASSWORDS[0] });
        let created = client.post("/user", &person).expect(201);
        client.post("/user/activate-account", &json!({ "mobile": mobile }));
        let login = json!({ "username": username, "password": PASSWORDS[0] });
        let opened = client.post("/user/login", &login);
        for token in ["/access_token", "/refresh_token"] {
            self.tokens.extend(opened.at(token).as_str().map(str::to_owned));
        }
        self.names.push(created.text_at("/data/uuid"));
        self.names.push(username);
    }

    fn admit_at_door_3(&mut self, client: &Client, round: &str) {
        let person = json!({
            "username": format!("three{round}"), "password": PASSWORDS[1], "password_confirm": PASSWORDS[1],
            "display_name": "Three", "facility_id": "33",
        });
        let created = client.post("/api/users/", &person).expect(201);
        for (name, value) in &created.headers {
            let cookie = value.strip_prefix("sessionid=").filter(|_| name == "set-cookie");
            let value = cookie.and_then(|cookie| cookie.split(';').next());
            self.cookies.extend(value.map(str::to_owned));
        }
        self.names.push(created.at("/data/user/id").to_string());
    }

    fn admit_at_door_4(&mut self, client: &Client, round: &str) {
        let email = format!("four{round}@example.org");
        let person =
            json!({ "username": format!("four{round}"), "email": email, "password": PASSWORDS[2] });
        let created = client.post("/users/register", &person).expect(201);
        let login = json!({ "email": email, "password": PASSWORDS[2] });
        let token = client.post("/users/login", &login).expect(200).text_at("/access_token");
        let book = json!({ "title": "A book", "author": "Four" });
        let book = client.bearer(&token).post("/books/add", &book).expect(201);
        let asked = client.post("/users/requestResetPassword", &json!({ "your_email": email }));
        self.tokens.extend([token, asked.expect(200).text_at("/access_token")]);
        self.names.push(created.at("/result/id").to_string());
        self.names.push(book.at("/result/id").to_string());
    }

    fn admit_at_door_5(&mut self, client: &Client, round: &str) {
        let person = json!({
            "username": format!("five{round}"), "email": format!("five{round}@example.org"),
            "password": PASSWORDS[3],
        });
        let token = client.post("/users/", &person).expect(201).text_at("/token");
        let signed_in = client.bearer(&token);
        let room = json!({ "chat_name": "A room", "chat_passkey": "open" });
        let room = signed_in.post("/chats/", &room).expect(201).at("/id").to_string();
        let said = json!({ "message": "hello" });
        let said = signed_in.post(&format!("/messages/chat/{room}"), &said).expect(201);
        self.names.extend([room, said.at("/id").to_string()]);
        self.tokens.push(token);
    }
}
