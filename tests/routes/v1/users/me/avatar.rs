//! `PUT` and `DELETE /v1/users/me/avatar`, `GET /v1/users/{id}/avatar`: real pictures.

use std::path::{Path, PathBuf};

use acceptance::{Actor, Reply, Server};

fn heron() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts/files/heron.png");
    std::fs::read(path).unwrap()
}

fn put(actor: &Actor, kind: &str, picture: &[u8]) -> Reply {
    actor.client.with("Content-Type", kind).send_bytes("PUT", "/v1/users/me/avatar", picture)
}

/// The pictures that are kept, whatever else lies there.
fn kept(server: &Server) -> Vec<PathBuf> {
    let folder = server.data_dir().join("avatars");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_picture_is_kept_served_replaced_and_removed() {
    let server = Server::start();
    let (ada, eve) = (server.actor("ada"), server.actor("eve"));
    let shown = put(&ada, "image/png", &heron()).expect(200);
    let url = shown.text_at("/avatar_url");
    let path = url.strip_prefix(server.url()).unwrap();
    let picture = eve.client.get(path).expect(200);
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert_eq!(picture.header("x-content-type-options"), Some("nosniff"));
    assert!(picture.header("content-security-policy").unwrap().contains("sandbox"));
    assert!(picture.header("cache-control").unwrap().contains("max-age=86400"));
    let tag = picture.header("etag").unwrap();
    eve.client.with("If-None-Match", tag).get(path).expect(304);
    server.client().get(path).expect(401);

    let before = kept(&server);
    put(&ada, "image/png", &heron()).expect(200);
    let after = kept(&server);
    assert_eq!(after.len(), 1, "the old file is gone: {after:?}");
    assert_ne!(before, after, "another name");
    ada.client.delete("/v1/users/me/avatar").expect(204);
    assert_eq!(kept(&server), Vec::<PathBuf>::new());
    ada.client.get(path).expect(404);
    assert!(ada.me()["avatar_url"].is_null());
}

#[test]
fn what_is_no_picture_is_refused_and_leaves_nothing() {
    let server = Server::start();
    let ada = server.actor("ada");
    put(&ada, "image/png", &heron()).expect(200);
    let before = kept(&server);
    let html = b"<html><script>alert(1)</script></html>";
    let mut cut = heron();
    cut.truncate(cut.len() / 2);
    for bad in [html.as_slice(), &cut, b"GIF89a"] {
        assert_eq!(put(&ada, "image/png", bad).status, 422);
    }
    assert_eq!(put(&ada, "text/html", html).status, 415);
    assert_eq!(put(&ada, "image/png", &vec![0; 6 * 1024 * 1024]).status, 413);
    assert_eq!(
        server
            .client()
            .with("Content-Type", "image/png")
            .send_bytes("PUT", "/v1/users/me/avatar", &heron())
            .status,
        401
    );
    assert_eq!(kept(&server), before);
}

#[test]
fn a_picture_is_changed_in_the_version_that_was_read_only() {
    let server = Server::builder().with("server.require_if_match", "true").start();
    let ada = server.actor("ada");
    let tag = || ada.client.get("/v1/users/me").header("etag").unwrap().to_owned();
    let put = |client: &acceptance::Client| {
        client.with("Content-Type", "image/png").send_bytes("PUT", "/v1/users/me/avatar", &heron())
    };
    put(&ada.client).expect_problem(428, "precondition_required");
    let before = tag();
    put(&ada.client.with("If-Match", &before)).expect(200);
    put(&ada.client.with("If-Match", &before)).expect_problem(412, "version_mismatch");
    assert_eq!(kept(&server).len(), 1, "what was refused is not kept");
    let stale = ada.client.with("If-Match", &before);
    stale.delete("/v1/users/me/avatar").expect_problem(412, "version_mismatch");
    ada.client.with("If-Match", &tag()).delete("/v1/users/me/avatar").expect(204);
}

#[test]
fn a_picture_goes_with_its_person() {
    let server = Server::start();
    let ada = server.actor("ada");
    put(&ada, "image/png", &heron()).expect(200);
    ada.client.delete("/v1/users/me").expect(204);
    assert_eq!(kept(&server), Vec::<PathBuf>::new());
}
