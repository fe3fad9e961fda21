//! Who calls, and what there is to be called: made anew for each call, so that none spoils the next.

use acceptance::{Actor, PASSWORD, Server};
use serde_json::json;

/// The five who call, as the columns of the table name them.
pub(super) const CALLERS: [&str; 5] = ["nobody", "somebody", "member", "owner", "administrator"];

/// Five people and a robot of things that belong to one of them.
pub(super) struct Cast {
    pub(super) owner: Actor,
    pub(super) member: Actor,
    pub(super) somebody: Actor,
    pub(super) administrator: Actor,
    pub(super) user: String,
    pub(super) session: String,
    pub(super) book: String,
    pub(super) room: String,
    pub(super) message: String,
}

impl Cast {
    /// Everybody and everything; `turn` keeps their names apart from those before.
    pub(super) fn new(server: &Server, root: &Actor, turn: usize) -> Self {
        let person = |name: &str| server.actor(&format!("{name}{turn}"));
        let (owner, member, somebody) = (person("owner"), person("member"), person("somebody"));
        let administrator = administrator(server, root, turn);
        let session = owner.again().opened.text_at("/session/id");
        let book = json!({ "title": "Orlando", "author": "Virginia Woolf" });
        let book = owner.client.post("/v1/books", &book).expect(201).text_at("/id");
        let room = json!({ "name": "Ward 7", "members": [member.id()] });
        let room = owner.client.post("/v1/chatrooms", &room).expect(201).text_at("/id");
        let text = json!({ "text": "Good morning" });
        let message = owner.client.post(&format!("/v1/chatrooms/{room}/messages"), &text);
        let message = message.expect(201).text_at("/id");
        let picture = owner.client.with("Content-Type", "image/png");
        picture.send_bytes("PUT", "/v1/users/me/avatar", &heron()).expect(200);
        let user = owner.id();
        Self { owner, member, somebody, administrator, user, session, book, room, message }
    }

    /// The caller of this column; none has no session.
    pub(super) fn caller(&self, column: &str) -> Option<&Actor> {
        match column {
            "somebody" => Some(&self.somebody),
            "member" => Some(&self.member),
            "owner" => Some(&self.owner),
            "administrator" => Some(&self.administrator),
            _ => None,
        }
    }
}

/// An administrator of its own, since some calls end the caller's sessions or account.
fn administrator(server: &Server, root: &Actor, turn: usize) -> Actor {
    let name = format!("administrator{turn}");
    let person = json!({ "username": name, "password": PASSWORD });
    let id = server.client().post("/v1/users", &person).expect(201).text_at("/id");
    let promoted = json!({ "roles": ["admin"] });
    root.client.json("PATCH", &format!("/v1/users/{id}"), &promoted).expect(200);
    Actor::sign_in(server.client(), &name)
}

pub(super) fn heron() -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path.join("transcripts/files/heron.png")).unwrap()
}
