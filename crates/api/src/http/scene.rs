//! Tells services which request they serve: set at the edge, completed on the way in, read where
//! something is recorded.

use std::cell::RefCell;
use std::future::Future;

use domain::audit::{Scene, Surroundings};
use domain::idempotency::Claim;
use domain::sessions::{Authenticated, Door};

tokio::task_local! {
    static SCENE: RefCell<Scene>;
}

/// The request that the calling task serves; nothing, outside of one.
#[derive(Debug, Clone, Copy, Default)]
pub struct CurrentRequest;

impl Surroundings for CurrentRequest {
    fn scene(&self) -> Scene {
        SCENE.try_with(|scene| scene.borrow().clone()).unwrap_or_default()
    }
}

/// Everything that `future` does is done for this request.
pub(crate) async fn within<F: Future>(scene: Scene, future: F) -> F::Output {
    SCENE.scope(RefCell::new(scene), future).await
}

/// Notes which surface was called.
pub(crate) fn note_door(door: Door) {
    change(|scene| scene.door = Some(door));
}

/// Notes who called.
pub(crate) fn note_caller(caller: &Authenticated) {
    change(|scene| scene.caller = Some((caller.user.id, caller.session.id)));
}

/// Notes the idempotency key under which the request is served.
pub(crate) fn note_claim(claim: Claim) {
    change(|scene| scene.claim = Some(claim));
}

/// Outside of a request there is nothing to note anything of.
fn change(change: impl FnOnce(&mut Scene)) {
    let _ = SCENE.try_with(|scene| change(&mut scene.borrow_mut()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_request_is_known_within_it_alone() {
        let scene = Scene { request_id: Some("r1".into()), ..Scene::default() };
        let seen = within(scene, async {
            note_door(Door::PyApi);
            CurrentRequest.scene()
        });
        let seen = seen.await;
        assert_eq!((seen.request_id.as_deref(), seen.door), (Some("r1"), Some(Door::PyApi)));
        note_door(Door::V1);
        assert!(CurrentRequest.scene().door.is_none());
    }
}
