//! Makes a request of an input, sends it and judges the reply.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use domain::sessions::Door;

use crate::envelope;
use crate::house::house;
use crate::routes::routes;

/// What bodies may claim to be; each second one comes with Ada's token.
const KINDS: [&str; 6] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=B",
    "application/merge-patch+json",
    "image/png",
    "",
];

/// The first byte chooses the route, the second the content type and whether somebody is signed in,
/// the third the name in the path; the rest is the body. Written as letters, so that seeds are texts.
pub fn bombard(door: Door, input: &[u8]) {
    let Some(([route, kind, name], body)) = input.split_first_chunk() else { return };
    let pick = |byte: u8| usize::from(byte.wrapping_sub(b'a'));
    let (method, path) = routes(door)[pick(*route) % routes(door).len()];
    let house = house();
    let path = path.replace("{}", &house.names[pick(*name) % house.names.len()]);
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = TestRequest::with_uri(&path).method(method).set_payload(body.to_vec());
    let kind = pick(*kind);
    if kind % 2 == 0 {
        request = request.insert_header(house.bearer());
    }
    let claimed = KINDS[kind / 2 % KINDS.len()];
    if !claimed.is_empty() {
        request = request.insert_header(("Content-Type", claimed));
    }
    let reply = house.call(request);
    envelope::judge(door, &path, body, &reply);
}
