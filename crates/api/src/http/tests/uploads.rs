//! Which pictures are read, from whom, and which are refused for what.

use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::test::TestRequest;
use domain::sessions::Transport;
use secrecy::ExposeSecret;

use crate::ApiSettings;
use crate::testing::World;

const MULTIPART: &str = "multipart/form-data; boundary=B";

/// Ada's requests, to a server that takes pictures of 1,000 bytes.
struct Ada {
    world: World,
    bearer: String,
}

impl Ada {
    async fn new() -> Self {
        let world = World::new(ApiSettings { upload_limit: 1_000, ..ApiSettings::default() });
        world.ada().await;
        let opened = world.sign_in(Transport::Bearer).await;
        Self { world, bearer: format!("Bearer {}", opened.access_token.expose_secret()) }
    }

    async fn sends(&self, request: TestRequest) -> String {
        let request = request.uri("/picture");
        let request = request.insert_header((AUTHORIZATION, self.bearer.as_str()));
        self.world.probe(request).await.body
    }

    async fn puts(&self, content_type: &str, body: impl Into<Vec<u8>>) -> String {
        let request = TestRequest::put().insert_header((CONTENT_TYPE, content_type));
        self.sends(request.set_payload(body.into())).await
    }

    async fn posts(&self, content_type: &str, body: impl Into<Vec<u8>>) -> String {
        let request = TestRequest::post().insert_header((CONTENT_TYPE, content_type));
        self.sends(request.set_payload(body.into())).await
    }
}

fn form(name: &str, file: &[u8]) -> Vec<u8> {
    let head =
        format!("--B\r\nContent-Disposition: form-data; name={name}; filename=\"x.png\"\r\n\r\n");
    [head.as_bytes(), file, b"\r\n--B--\r\n"].concat()
}

#[actix_web::test]
async fn a_picture_may_come_as_a_body_of_its_own() {
    let ada = Ada::new().await;
    for content_type in ["image/png", "Image/JPEG", "image/webp; x=y", "image/heic"] {
        let told = ada.puts(content_type, b"\0\xff\x01").await;
        assert_eq!(told, "3 of ada@example.org", "{content_type}");
    }
}

#[actix_web::test]
async fn a_picture_may_come_in_a_field_of_a_form() {
    let ada = Ada::new().await;
    assert_eq!(ada.posts(MULTIPART, form("picture", b"\0\r\n\xff")).await, "4 of ada@example.org");
    let none = "nothing of ada@example.org";
    assert_eq!(ada.posts(MULTIPART, form("other", b"\0\xff")).await, none);
    assert_eq!(ada.posts(MULTIPART, form("picture", b"")).await, none);
    assert_eq!(ada.posts("application/json", "{}").await, none);
    let text = "--B\r\nContent-Disposition: form-data; name=picture\r\n\r\nx\r\n--B--";
    assert_eq!(ada.posts(MULTIPART, text).await, none);
}

#[actix_web::test]
async fn a_picture_of_the_limit_is_read_and_one_byte_more_is_not() {
    let ada = Ada::new().await;
    let too_large = "TooLarge { limit: 1000 }";
    assert_eq!(ada.puts("image/png", [1; 1_000]).await, "1000 of ada@example.org");
    assert_eq!(ada.puts("image/png", [1; 1_001]).await, too_large);
    assert_eq!(ada.posts(MULTIPART, form("picture", &[1; 1_000])).await, "1000 of ada@example.org");
    assert_eq!(ada.posts(MULTIPART, form("picture", &[1; 1_001])).await, too_large);
    assert_eq!(ada.posts(MULTIPART, form("picture", &[1; 100_000])).await, too_large);
    let announced = TestRequest::put().insert_header((CONTENT_TYPE, "image/png"));
    assert_eq!(ada.sends(announced.insert_header((CONTENT_LENGTH, "1001"))).await, too_large);
}

#[actix_web::test]
async fn what_is_no_picture_by_its_type_is_refused() {
    let ada = Ada::new().await;
    let told = ada.puts("text/plain", "x").await;
    let accepted = "image/png, image/jpeg, image/webp";
    let expected =
        format!("UnsupportedMediaType {{ accepted: \"{accepted}\", sent: \"text/plain\" }}");
    assert_eq!(told, expected);
    assert_eq!(ada.puts("image/png", "").await, "BodyMissing");
    assert_eq!(ada.posts(MULTIPART, "nonsense").await, "MalformedForm");
    assert_eq!(ada.posts("multipart/form-data", form("picture", b"x")).await, "MalformedForm");
    assert!(ada.posts("text/plain", "x").await.starts_with("UnsupportedMediaType"));
    let encoded = TestRequest::put().insert_header((CONTENT_TYPE, "image/png"));
    let encoded = encoded.insert_header((CONTENT_ENCODING, "gzip")).set_payload("x");
    assert_eq!(ada.sends(encoded).await, "EncodedBody");
}

#[actix_web::test]
async fn who_sends_a_picture_is_known_before_anything_of_it_is_looked_at() {
    let world = World::new(ApiSettings { upload_limit: 1_000, ..ApiSettings::default() });
    for request in [TestRequest::put(), TestRequest::post()] {
        let request = request.uri("/picture").insert_header((CONTENT_LENGTH, "1001"));
        assert_eq!(world.probe(request).await.body, "MissingCredentials");
    }
}
