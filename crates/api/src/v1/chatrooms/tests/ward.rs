//! A ward for tests: people, the rooms they are in, and what they call.

use actix_web::test::TestRequest;
use domain::sessions::{Client, Door, Login, Transport};
use domain::users::{Password, Registration, User, UserKey};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::ApiSettings;
use crate::testing::{PASSWORD, Reply, World};

/// Somebody who is signed in.
pub(super) struct Guest {
    pub(super) user: User,
    pub(super) bearer: String,
}

/// A world with Ada, Eve and an administrator.
pub(super) struct Ward {
    pub(super) world: World,
    pub(super) ada: Guest,
    pub(super) eve: Guest,
    pub(super) boss: Guest,
}

impl Ward {
    pub(super) async fn open() -> Self {
        let world = World::new(ApiSettings::default());
        let ada = guest(&world, "ada", false).await;
        let eve = guest(&world, "eve", false).await;
        let boss = guest(&world, "boss", true).await;
        Self { world, ada, eve, boss }
    }

    pub(super) async fn call(&self, guest: &Guest, request: TestRequest) -> Reply {
        self.world.call(request.insert_header(("authorization", guest.bearer.clone()))).await
    }

    pub(super) async fn get(&self, guest: &Guest, path: &str) -> Reply {
        self.call(guest, TestRequest::get().uri(path)).await
    }

    pub(super) async fn post(&self, guest: &Guest, path: &str, body: Value) -> Reply {
        self.call(guest, TestRequest::post().uri(path).set_json(body)).await
    }

    pub(super) async fn patch(&self, guest: &Guest, path: &str, body: Value) -> Reply {
        self.call(guest, TestRequest::patch().uri(path).set_json(body)).await
    }

    pub(super) async fn put(&self, guest: &Guest, path: &str) -> Reply {
        self.call(guest, TestRequest::put().uri(path)).await
    }

    pub(super) async fn delete(&self, guest: &Guest, path: &str) -> Reply {
        self.call(guest, TestRequest::delete().uri(path)).await
    }

    /// The address of a room that Ada made, with Eve in it.
    pub(super) async fn a_room(&self) -> String {
        let members = [self.eve.user.id.to_string()];
        let body = json!({ "name": "Ward 7", "passkey": "heron", "members": members });
        let reply = self.post(&self.ada, "/v1/chatrooms", body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.field("location")
    }

    /// What this person says in the room of this address; its own address.
    pub(super) async fn said(&self, guest: &Guest, room: &str, text: &str) -> String {
        let reply = self.post(guest, &format!("{room}/messages"), json!({ "text": text })).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.field("location")
    }
}

async fn guest(world: &World, name: &str, admin: bool) -> Guest {
    let registration = Registration {
        username: Some(name.into()),
        password: Some(PASSWORD.into()),
        ..Registration::default()
    };
    let services = world.state.services();
    let rules = &world.state.settings().v1_rules;
    let user = match admin {
        true => services.users.add_admin(registration, rules).await.unwrap(),
        false => services.users.register(None, registration, rules).await.unwrap(),
    };
    let login = Login {
        key: UserKey::username(name),
        password: Password::parse(PASSWORD).unwrap(),
        door: Door::V1,
        transport: Transport::Refresh,
        bearer_lifetime: None,
        client: Client::default(),
    };
    let opened = services.sessions.login(login).await.unwrap();
    Guest { user, bearer: format!("Bearer {}", opened.access_token.expose_secret()) }
}

/// The status and the code of a refusal.
pub(super) fn refused(reply: &Reply) -> (u16, String) {
    let code = reply.json()["code"].as_str().unwrap().to_owned();
    (reply.status, code)
}
