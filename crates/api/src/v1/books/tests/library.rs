//! A library for tests: people, their books, and what they call.

use actix_web::test::TestRequest;
use domain::sessions::{Client, Door, Login, Transport};
use domain::users::{Password, Registration, User, UserKey};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::ApiSettings;
use crate::testing::{PASSWORD, Reply, World};

/// A world, and the bearer tokens of Ada, of Eve and of an administrator.
pub(super) struct Library {
    pub(super) world: World,
    pub(super) ada: (User, String),
    pub(super) eve: String,
    pub(super) boss: String,
}

impl Library {
    pub(super) async fn open(settings: ApiSettings) -> Self {
        let world = World::new(settings);
        let ada = (registered(&world, "ada", false).await, bearer(&world, "ada").await);
        registered(&world, "eve", false).await;
        registered(&world, "boss", true).await;
        let (eve, boss) = (bearer(&world, "eve").await, bearer(&world, "boss").await);
        Self { world, ada, eve, boss }
    }

    pub(super) async fn call(&self, bearer: &str, request: TestRequest) -> Reply {
        self.world.call(request.insert_header(("authorization", bearer))).await
    }

    pub(super) async fn add(&self, body: Value) -> Reply {
        self.call(&self.ada.1, TestRequest::post().uri("/v1/books").set_json(body)).await
    }

    /// A book of Ada's, and its address.
    pub(super) async fn a_book(&self, title: &str) -> (Value, String) {
        let reply = self.add(json!({ "title": title, "author": "Virginia Woolf" })).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        (reply.json(), reply.field("location"))
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.call(&self.eve, TestRequest::get().uri(path)).await
    }

    pub(super) async fn patch(&self, bearer: &str, path: &str, body: Value) -> Reply {
        self.call(bearer, TestRequest::patch().uri(path).set_json(body)).await
    }
}

async fn registered(world: &World, name: &str, admin: bool) -> User {
    let registration = Registration {
        username: Some(name.into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    let (users, rules) = (&world.state.services().users, &world.state.settings().v1_rules);
    match admin {
        true => users.add_admin(registration, rules).await.unwrap(),
        false => users.register(None, registration, rules).await.unwrap(),
    }
}

async fn bearer(world: &World, name: &str) -> String {
    let login = Login {
        key: UserKey::username(name),
        password: Password::parse(PASSWORD).unwrap(),
        door: Door::V1,
        transport: Transport::Refresh,
        bearer_lifetime: None,
        client: Client::default(),
    };
    let opened = world.state.services().sessions.login(login).await.unwrap();
    format!("Bearer {}", opened.access_token.expose_secret())
}

/// The pointers and codes of the errors of a problem.
pub(super) fn told(reply: &Reply) -> Vec<(String, String)> {
    let text = |part: &Value, name: &str| part[name].as_str().unwrap().to_owned();
    let errors = reply.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|part| (text(part, "pointer"), text(part, "code"))).collect()
}
