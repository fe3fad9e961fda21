//! Which paths are this door's.

use actix_web::test::TestRequest;

use super::{documented, grace, post, refused_twice, said};
use crate::testing::World;
use crate::{ApiSettings, CompatSettings};

#[actix_web::test]
async fn unknown_paths_and_slashes_at_the_end_are_this_doors() {
    let world = documented();
    for path in
        ["/sessions", "/sessions/", "/sessions/nothing", "/sessions/me/x", "/sessions/..%2flivez"]
    {
        let reply = world.call(TestRequest::get().uri(path)).await;
        assert_eq!(said(&reply), (404, refused_twice("404", "Resource Not Found")), "{path}");
    }
    assert_eq!(world.call(post("/sessions/register/?x=/me", &grace())).await.status, 201);
    assert_eq!(world.call(TestRequest::get().uri("/sessions/me/")).await.status, 401);
    assert_eq!(
        world.call(TestRequest::get().uri("/sessionsx")).await.field("content-type"),
        "application/problem+json"
    );
}

#[actix_web::test]
async fn a_door_that_is_off_is_not_there() {
    let compat = CompatSettings { doors: Vec::new(), ..CompatSettings::default() };
    let world = World::new(ApiSettings { compat, ..ApiSettings::default() });
    let reply = world.call(TestRequest::get().uri("/sessions/me")).await;
    assert_eq!(
        (reply.status, reply.field("content-type")),
        (404, "application/problem+json".into())
    );
}
