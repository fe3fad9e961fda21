//! Sessions as `/v1` shows them, and the reply to a sign-in.

use domain::sessions::{Opened, Session, SessionId, SessionService};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::ApiState;
use crate::v1::page::PageMark;
use crate::v1::time::rfc3339;
use crate::v1::users::UserView;

/// One signed-in device.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// A UUID version 7. Knowing it opens nothing.
    #[schema(format = "uuid", examples("0192f7a0-8d10-7c44-8a55-0f6b1e2d3c4b"))]
    id: String,
    /// When the person signed in.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    created_at: String,
    /// When the session was last used, to within a minute.
    #[schema(format = DateTime, examples("2026-11-20T18:00:44.123456Z"))]
    last_seen_at: String,
    /// When it ends if it is not used again.
    #[schema(format = DateTime, examples("2026-12-04T18:00:44.123456Z"))]
    expires_at: String,
    /// Where the sign-in came from.
    #[schema(required, examples("192.0.2.17"))]
    address: Option<String>,
    /// What the sign-in called itself.
    #[schema(required, examples("curl/8.10.1"))]
    user_agent: Option<String>,
    /// Where it was opened: `v1` or the name of a door.
    #[schema(examples("v1"))]
    door: &'static str,
    /// Whether it is the session of this very request.
    current: bool,
}

/// One page of sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionPage {
    /// The sessions, the newest first.
    pub(crate) data: Vec<SessionView>,
    pub(crate) page: PageMark,
}

impl SessionView {
    /// `session` as the holder of the session `current` sees it.
    pub(crate) fn new(service: &SessionService, session: &Session, current: SessionId) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: rfc3339(session.created_at),
            last_seen_at: rfc3339(session.last_seen_at),
            expires_at: rfc3339(service.ends_at(session)),
            address: session.address.map(|address| address.to_string()),
            user_agent: session.user_agent.clone(),
            door: session.door.name(),
            current: session.id == current,
        }
    }

    /// The entity tag of this view: all that can change in it.
    pub(crate) fn tag(&self) -> String {
        format!("{}-{}-{}", self.id, self.last_seen_at, self.expires_at)
    }
}

/// What a sign-in or a refresh hands out. The tokens are absent where the session lives in a cookie.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub(crate) struct SignedInView<'a> {
    session: SessionView,
    user: UserView<'a>,
    /// Goes into `Authorization: Bearer …` of every request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    access_token: Option<String>,
    /// Always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, examples("Bearer"))]
    token_type: Option<&'static str>,
    /// How long the access token lives, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false, minimum = 0, examples(900))]
    expires_in: Option<u64>,
    /// Gets the next access token, once; keep it where scripts cannot read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    refresh_token: Option<String>,
}

impl<'a> SignedInView<'a> {
    /// The reply about a session that is held by tokens.
    pub(crate) fn with_tokens(state: &ApiState, opened: &'a Opened) -> Self {
        Self {
            access_token: Some(opened.access_token.expose_secret().to_owned()),
            token_type: Some("Bearer"),
            expires_in: Some(opened.expires_in.as_secs()),
            refresh_token: Some(opened.secret.expose_secret().to_owned()),
            ..Self::without_tokens(state, opened)
        }
    }

    /// The reply about a session that is held by a cookie.
    pub(crate) fn without_tokens(state: &ApiState, opened: &'a Opened) -> Self {
        let sessions = &state.services().sessions;
        Self {
            session: SessionView::new(sessions, &opened.session, opened.session.id),
            user: UserView::new(&opened.user, state.settings()),
            access_token: None,
            token_type: None,
            expires_in: None,
            refresh_token: None,
        }
    }
}
