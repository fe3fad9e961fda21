//! Writing events down: what a service says of one, and what the surroundings add.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crate::Ports;
use crate::audit::{Action, AuditStore, Event, EventId, Outcome, Surroundings, Traits};
use crate::entropy::{Entropy, secret, uuid};
use crate::post::Sequel;
use crate::problem::Problem;
use crate::sessions::{Budget, Gate, SessionId, ThrottleKey};
use crate::time::Clock;
use crate::users::{UserId, network};

/// The most of a `User-Agent` field that is kept, in characters.
const MAX_USER_AGENT: usize = 255;
/// How many refusals of one network are recorded within [`MINUTE`]; the rest only counts against it.
const DENIALS: u32 = 60;
const MINUTE: Duration = Duration::from_secs(60);

/// What a service says of an event.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    action: Action,
    outcome: Outcome,
    actor: Option<UserId>,
    subject: Option<UserId>,
    session: Option<SessionId>,
    detail: Option<Cow<'static, str>>,
    anonymous: bool,
}

impl Entry {
    /// Something that was done.
    pub(crate) fn of(action: Action) -> Self {
        Self {
            action,
            outcome: Outcome::Success,
            actor: None,
            subject: None,
            session: None,
            detail: None,
            anonymous: false,
        }
    }

    /// Something that a person did to itself.
    pub(crate) fn own(action: Action, id: UserId) -> Self {
        Self::of(action).by(id).about(id)
    }

    pub(crate) fn by(self, actor: UserId) -> Self {
        Self { actor: Some(actor), ..self }
    }

    pub(crate) fn about(self, subject: impl Into<Option<UserId>>) -> Self {
        Self { subject: subject.into(), ..self }
    }

    pub(crate) fn in_session(self, session: SessionId) -> Self {
        Self { session: Some(session), ..self }
    }

    pub(crate) fn failed(self, why: &'static str) -> Self {
        Self { outcome: Outcome::Failure, ..self.with(why) }
    }

    pub(crate) fn denied(self, why: &'static str) -> Self {
        Self { outcome: Outcome::Denied, ..self.with(why) }
    }

    pub(crate) fn with(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// Without where it came from: that would outlive the person.
    pub(crate) fn anonymous(self) -> Self {
        Self { anonymous: true, ..self }
    }
}

/// Makes events of entries.
#[derive(Clone)]
pub(crate) struct Ledger {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    surroundings: Arc<dyn Surroundings>,
    store: Arc<dyn AuditStore>,
    gate: Gate,
}

impl Ledger {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            surroundings: Arc::clone(&ports.surroundings),
            store: Arc::clone(&ports.audit),
            gate: Gate::new(&ports.throttle, &ports.clock, true),
        }
    }

    /// What follows a change that nobody audits: the idempotency key of its request, if it has one.
    pub(crate) fn nothing(&self) -> Sequel {
        Sequel { claim: self.surroundings.scene().claim, ..Sequel::none() }
    }

    /// What follows a change that is audited.
    pub(crate) fn follows(&self, entry: Entry) -> Result<Sequel, Problem> {
        Ok(Sequel { events: vec![self.event(entry)?], ..self.nothing() })
    }

    /// Records what is part of no change.
    pub(crate) async fn note(&self, entry: Entry) -> Result<(), Problem> {
        Ok(self.store.append(&self.event(entry)?).await?)
    }

    /// Records a refusal, unless so many of its network were recorded just now that recording would
    /// be the attack.
    pub(crate) async fn note_denial(&self, entry: Entry) -> Result<(), Problem> {
        let scene = self.surroundings.scene();
        let entry = match scene.caller {
            Some((caller, session)) => entry.by(caller).in_session(session),
            None => entry,
        };
        let address = scene.client.address;
        let place = address.map(network).unwrap_or_default();
        let key = ThrottleKey::new("denials", &place);
        let budget = Budget { name: "denials", key, limit: DENIALS, window: MINUTE };
        if self.gate.is_open(&budget).await? {
            self.note(entry).await?;
        }
        Ok(())
    }

    /// Records what many requests are refused for alike, once a minute.
    pub(crate) async fn note_once(&self, key: &str, entry: Entry) -> Result<(), Problem> {
        let key = ThrottleKey::new("noted", key);
        let budget = Budget { name: "noted", key, limit: 1, window: MINUTE };
        if self.gate.is_open(&budget).await? {
            self.note(entry).await?;
        }
        Ok(())
    }

    fn event(&self, entry: Entry) -> Result<Event, Problem> {
        let (scene, at) = (self.surroundings.scene(), self.clock.now());
        let client = if entry.anonymous { Default::default() } else { scene.client };
        let agent = client.user_agent.map(|text| text.chars().take(MAX_USER_AGENT).collect());
        let traits = Traits {
            address: client.address.map(|address| address.to_canonical()),
            user_agent: agent,
            salt: secret(self.entropy.as_ref())?,
        };
        Ok(Event {
            id: EventId(uuid(self.entropy.as_ref(), at)?),
            at,
            action: entry.action,
            outcome: entry.outcome,
            actor: entry.actor,
            subject: entry.subject,
            session: entry.session,
            door: scene.door,
            request_id: scene.request_id.map(|id| id.to_string()),
            detail: entry.detail.map(Cow::into_owned),
            traits_hash: traits.digest(),
            traits: Some(traits),
        })
    }
}
