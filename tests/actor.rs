//! Somebody signed in at `/v1`.

use serde_json::{Value, json};

use crate::{Client, PASSWORD, Reply};

/// A person with an open session, and a client that sends its access token.
pub struct Actor {
    /// Sends the access token.
    pub client: Client,
    /// Sends no token.
    pub anonymous: Client,
    /// What signing in answered.
    pub opened: Reply,
}

impl Actor {
    /// Registers somebody with this user name and signs in.
    #[track_caller]
    pub fn register(client: Client, username: &str) -> Self {
        let person = json!({ "username": username, "password": PASSWORD });
        client.post("/v1/users", &person).expect(201);
        Self::sign_in(client, username)
    }

    /// Signs in somebody who is registered.
    #[track_caller]
    pub fn sign_in(client: Client, identifier: &str) -> Self {
        let body = json!({ "identifier": identifier, "password": PASSWORD });
        let opened = client.post("/v1/sessions", &body).expect(201);
        Self { client: client.bearer(&opened.text_at("/access_token")), anonymous: client, opened }
    }

    /// Another session of the same person.
    #[track_caller]
    pub fn again(&self) -> Self {
        let user = self.me();
        let name = user["username"].as_str().or(user["email"].as_str()).unwrap_or_default();
        Self::sign_in(self.anonymous.clone(), name)
    }

    /// The person.
    #[track_caller]
    pub fn me(&self) -> Value {
        self.client.get("/v1/users/me").expect(200).body()
    }

    /// The person's id.
    pub fn id(&self) -> String {
        self.opened.text_at("/user/id")
    }

    /// The access token.
    pub fn access_token(&self) -> String {
        self.opened.text_at("/access_token")
    }

    /// The refresh token.
    pub fn refresh_token(&self) -> String {
        self.opened.text_at("/refresh_token")
    }

    /// Whether the access token still opens anything.
    pub fn is_in(&self) -> bool {
        self.client.get("/v1/users/me").status == 200
    }
}
