//! Events in memory.

use std::cmp::Reverse;

use async_trait::async_trait;
use domain::audit::{AuditCursor, AuditQuery, AuditStore, Event, Head, Link, Recorded};
use domain::page::{Page, PageRequest};
use domain::store::StoreError;

use super::Shared;
use super::state::State;

#[async_trait]
impl AuditStore for Shared {
    async fn append(&self, event: &Event) -> Result<(), StoreError> {
        self.state()?.events.push(Recorded { event: event.clone(), link: None });
        Ok(())
    }

    async fn pending(&self, limit: u16) -> Result<Vec<Event>, StoreError> {
        let state = self.state()?;
        let pending = state.events.iter().filter(|recorded| recorded.link.is_none());
        let mut pending: Vec<Event> = pending.map(|recorded| recorded.event.clone()).collect();
        pending.sort_by_key(|event| event.id);
        pending.truncate(limit.into());
        Ok(pending)
    }

    async fn head(&self) -> Result<Head, StoreError> {
        Ok(head(&*self.state()?))
    }

    async fn link(&self, from: &Head, links: &[Link]) -> Result<bool, StoreError> {
        let mut state = self.state()?;
        if head(&state) != *from {
            return Ok(false);
        }
        let place = |link: &Link| {
            let unchained = |one: &Recorded| one.event.id == link.id && one.link.is_none();
            state.events.iter().position(unchained)
        };
        let places: Option<Vec<usize>> = links.iter().map(place).collect();
        let Some(places) = places else { return Ok(false) };
        for (place, link) in places.into_iter().zip(links) {
            state.events[place].link = Some(*link);
        }
        Ok(true)
    }

    async fn chained(&self, after: i64, limit: u16) -> Result<Vec<Recorded>, StoreError> {
        let state = self.state()?;
        let place = |recorded: &Recorded| recorded.link.map(|link| link.sequence);
        let chained = state.events.iter().filter(|one| place(one) > Some(after));
        let mut chained: Vec<Recorded> = chained.cloned().collect();
        chained.sort_by_key(place);
        chained.truncate(limit.into());
        Ok(chained)
    }

    async fn list(
        &self,
        query: &AuditQuery,
        page: &PageRequest<AuditCursor>,
    ) -> Result<Page<Recorded, AuditCursor>, StoreError> {
        let state = self.state()?;
        let place = |recorded: &Recorded| (recorded.event.at, recorded.event.id);
        let found = state.events.iter().filter(|one| asks_for(query, &one.event));
        let found =
            found.filter(|one| page.after.is_none_or(|last| place(one) < (last.at, last.id)));
        let mut found: Vec<Recorded> = found.cloned().collect();
        found.sort_by_key(|one| Reverse(place(one)));
        Ok(Page::from_surplus(found, page.limit(), |one| AuditCursor::from(one)))
    }
}

fn head(state: &State) -> Head {
    let links = state.events.iter().filter_map(|recorded| recorded.link);
    let last = links.max_by_key(|link| link.sequence);
    last.map_or(Head::start(), |link| Head { sequence: link.sequence, hash: link.hash })
}

fn asks_for(query: &AuditQuery, event: &Event) -> bool {
    query.actor.is_none_or(|id| event.actor == Some(id))
        && query.subject.is_none_or(|id| event.subject == Some(id))
        && query.action.is_none_or(|action| event.action == action)
        && query.outcome.is_none_or(|outcome| event.outcome == outcome)
        && query.request_id.as_ref().is_none_or(|id| event.request_id.as_ref() == Some(id))
        && query.from.is_none_or(|from| event.at >= from)
        && query.before.is_none_or(|before| event.at < before)
}
