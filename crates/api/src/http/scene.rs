//! Tells services which request they serve: set at the edge, completed on the way in, read where
//! something is recorded.

use std::cell::RefCell;
use std::future::Future;
use std::sync::Arc;

use domain::audit::{Scene, Surroundings};
use domain::idempotency::Claim;
use domain::sessions::{Authenticated, Client, Door, SecurityEvent, SecurityLog};
use domain::store::Source;
use tokio::task::futures::TaskLocalFuture;
use tracing::Span;

tokio::task_local! {
    static PRESENT: RefCell<Present>;
}

/// The request that is being served.
#[derive(Debug, Clone, Default)]
pub(crate) struct Present {
    /// What services are told of it.
    pub(crate) scene: Scene,
    /// The trace that its caller says it is part of.
    pub(crate) trace_id: Option<Arc<str>>,
}

/// The request that the calling task serves; nothing, outside of one.
#[derive(Debug, Clone, Copy, Default)]
pub struct CurrentRequest;

impl Surroundings for CurrentRequest {
    fn scene(&self) -> Scene {
        PRESENT.try_with(|present| present.borrow().scene.clone()).unwrap_or_default()
    }
}

/// Log lines that name the request that they are part of.
#[derive(Debug, Clone, Copy, Default)]
pub struct WithinRequest<L>(pub L);

impl<L: SecurityLog> SecurityLog for WithinRequest<L> {
    fn event(&self, event: &SecurityEvent, client: &Client) {
        telling(|| self.0.event(event, client));
    }

    fn degraded(&self, what: &'static str, source: Source) {
        telling(|| self.0.degraded(what, source));
    }
}

/// Does what writes log lines, so that they name the present request. Most requests write none: the
/// span is made when it is needed.
pub(crate) fn telling<T>(write: impl FnOnce() -> T) -> T {
    span().in_scope(write)
}

/// The span of the present request, for what outlasts it.
pub(crate) fn span() -> Span {
    let span = PRESENT.try_with(|present| {
        let present = present.borrow();
        let trace_id = present.trace_id.as_deref();
        tracing::info_span!("request", request_id = present.scene.request_id.as_deref(), trace_id)
    });
    span.unwrap_or(Span::none())
}

/// The request that the calling task serves, for another task to go on with.
pub(crate) fn present() -> Present {
    PRESENT.try_with(|present| present.borrow().clone()).unwrap_or_default()
}

/// Everything that `future` does is done for this request.
///
/// No `async fn`: that would keep room for `future` twice.
pub(crate) fn within<F: Future>(
    present: Present,
    future: F,
) -> TaskLocalFuture<RefCell<Present>, F> {
    PRESENT.scope(RefCell::new(present), future)
}

/// Where the present request comes from; nothing, outside of one.
pub(crate) fn client() -> Option<Client> {
    PRESENT.try_with(|present| present.borrow().scene.client.clone()).ok()
}

/// The id of the present request; nothing, outside of one.
pub(crate) fn request_id() -> Option<Arc<str>> {
    PRESENT.try_with(|present| present.borrow().scene.request_id.clone()).unwrap_or_default()
}

/// Notes which surface was called.
pub(crate) fn note_door(door: Door) {
    change(|scene| scene.door = Some(door));
}

/// Which surface was called, if any was.
pub(crate) fn door() -> Option<Door> {
    PRESENT.try_with(|present| present.borrow().scene.door).unwrap_or_default()
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
    let _ = PRESENT.try_with(|present| change(&mut present.borrow_mut().scene));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_request_is_known_within_it_alone() {
        let scene = Scene { request_id: Some("r1".into()), ..Scene::default() };
        let seen = within(Present { scene, trace_id: None }, async {
            note_door(Door::PyApi);
            CurrentRequest.scene()
        });
        let seen = seen.await;
        assert_eq!((seen.request_id.as_deref(), seen.door), (Some("r1"), Some(Door::PyApi)));
        note_door(Door::V1);
        assert!(CurrentRequest.scene().door.is_none());
    }
}
