//! What sign-in and authentication do with each answer of each port.

use std::time::Duration;

use mockall::predicate::{always, eq};
use uuid::Uuid;

use crate::mocked::{Mocks, granted, now};
use crate::problem::{Problem, SignInFault};
use crate::sessions::{
    Allowance, Claims, Client, Crowded, Door, Intent, LastUse, Login, Session, SessionId,
    SessionToken, Tally, TokenFault, TokenKind, Transport,
};
use crate::store::StoreError;
use crate::users::{HashError, Password, Status, User, UserKey, Verdict, ada};

fn login() -> Login {
    Login {
        key: UserKey::username("ada"),
        password: Password::parse("right").unwrap(),
        door: Door::V1,
        transport: Transport::Refresh,
        bearer_lifetime: None,
        client: Client {
            address: Some("192.0.2.1".parse().unwrap()),
            user_agent: Some("x".repeat(999).into()),
            tally: Tally::default(),
        },
    }
}

fn session_of(user: &User) -> Session {
    let id = SessionId(Uuid::from_u128(5));
    Session {
        id,
        user_id: user.id,
        epoch: user.epoch,
        door: Door::V1,
        transport: Transport::Refresh,
        secret_hash: SessionToken::first(id, Transport::Refresh, [1; 32]).hash(),
        generation: 0,
        rotated_at: now(),
        address: None,
        user_agent: None,
        created_at: now(),
        last_seen_at: now(),
        expires_at: now().plus(Duration::from_secs(3600)),
    }
}

fn claims(session: &Session) -> Claims {
    Claims {
        kind: TokenKind::Access,
        user_id: session.user_id,
        session_id: session.id,
        token_id: Uuid::nil(),
        issued_at: now(),
        expires_at: now().plus(Duration::from_secs(60)),
    }
}

fn away() -> StoreError {
    StoreError::unavailable("the database is away")
}

#[tokio::test]
async fn an_unknown_person_costs_a_hash_too() {
    let mut mocks = Mocks::calm();
    mocks.users.expect_find().return_once(|_| Ok(None));
    mocks
        .hasher
        .expect_verify()
        .withf(|_, _, hash| hash.is_none())
        .times(1)
        .return_once(|_, _, _| Ok(Verdict::Mismatch));
    let refused = mocks.services().sessions.login(login()).await;
    assert!(matches!(refused, Err(Problem::SignIn(SignInFault::Unknown))));
}

#[tokio::test]
async fn each_standing_is_refused_with_its_true_reason_after_the_hash() {
    for (status, verdict, expected) in [
        (Status::Active, Verdict::Mismatch, SignInFault::WrongPassword),
        (Status::Locked, Verdict::Mismatch, SignInFault::WrongPassword),
        (Status::Locked, Verdict::Match { outdated: false }, SignInFault::Locked),
        (Status::Inactive, Verdict::Match { outdated: true }, SignInFault::Inactive),
    ] {
        let mut mocks = Mocks::calm();
        mocks.users.expect_find().return_once(move |_| Ok(Some(User { status, ..ada() })));
        mocks.hasher.expect_verify().times(1).return_once(move |_, _, _| Ok(verdict));
        let refused = mocks.services().sessions.login(login()).await;
        assert!(matches!(refused, Err(Problem::SignIn(fault)) if fault == expected), "{status:?}");
    }
}

#[tokio::test]
async fn a_spent_budget_refuses_before_any_hash() {
    let mut mocks = Mocks::new();
    mocks.log.expect_event().returning(|_, _| ());
    mocks.users.expect_find().return_once(|_| Ok(Some(ada())));
    mocks.throttle.expect_is_counted().returning(|_, _| Ok(false));
    mocks
        .throttle
        .expect_take()
        .returning(|_, at| Ok(Allowance::Spent(at.plus(Duration::from_secs(7)))));
    mocks.hasher.expect_verify().never();
    let refused = mocks.services().sessions.login(login()).await;
    assert!(matches!(refused, Err(Problem::Throttled(wait)) if wait == Duration::from_secs(7)));
}

#[tokio::test]
async fn a_full_lane_gives_both_attempts_back() {
    let mut mocks = Mocks::new();
    mocks.users.expect_find().return_once(|_| Ok(Some(ada())));
    mocks.throttle.expect_is_counted().returning(|_, _| Ok(false));
    mocks.throttle.expect_take().times(2).returning(|_, _| Ok(granted()));
    mocks.throttle.expect_give_back().times(2).returning(|_| Ok(()));
    mocks
        .hasher
        .expect_verify()
        .return_once(|_, _, _| Err(HashError::Busy(Duration::from_secs(2))));
    let refused = mocks.services().sessions.login(login()).await;
    assert!(matches!(refused, Err(Problem::Busy(_))));
}

#[tokio::test]
async fn who_finds_no_place_to_wait_is_given_both_attempts_back() {
    let mut mocks = Mocks::new();
    mocks.users.expect_find().return_once(|_| Ok(None));
    mocks.throttle.expect_is_counted().returning(|_, _| Ok(false));
    let late = || Ok(Allowance::Granted { left: 2, until: now() });
    mocks.throttle.expect_take().times(2).returning(move |_, _| late());
    mocks.throttle.expect_give_back().times(2).returning(|_| Ok(()));
    mocks.pause.expect_wait().times(1).return_once(|_| Err(Crowded));
    mocks.hasher.expect_verify().never();
    let refused = mocks.services().sessions.login(login()).await;
    assert!(matches!(refused, Err(Problem::Busy(_))));
}

#[tokio::test]
async fn a_sign_in_opens_one_session_and_hands_out_a_token() {
    let mut mocks = Mocks::calm();
    mocks.users.expect_find().return_once(|_| Ok(Some(ada())));
    mocks.hasher.expect_verify().return_once(|_, _, _| Ok(Verdict::Match { outdated: false }));
    mocks
        .sessions
        .expect_open()
        .times(1)
        .withf(|session, _| {
            session.user_agent.as_ref().is_some_and(|text| text.len() == 255) && session.epoch == 1
        })
        .return_once(|_, _| Ok(true));
    mocks.signer.expect_sign().return_once(|_| Ok("signed".into()));
    let opened = mocks.services().sessions.login(login()).await.unwrap();
    assert_eq!(opened.expires_in, Duration::from_secs(15 * 60));
    assert_eq!(opened.session.expires_at, now().plus(Duration::from_secs(30 * 24 * 3600)));
}

#[tokio::test]
async fn an_outdated_hash_is_renewed_and_a_failure_to_do_so_stops_nobody() {
    let mut mocks = Mocks::calm();
    mocks.users.expect_find().return_once(|_| Ok(Some(ada())));
    mocks.hasher.expect_verify().return_once(|_, _, _| Ok(Verdict::Match { outdated: true }));
    mocks
        .hasher
        .expect_hash()
        .times(1)
        .return_once(|_, _| Err(HashError::Busy(Duration::from_secs(1))));
    mocks.log.expect_degraded().times(1).return_once(|_, _| ());
    mocks.sessions.expect_open().return_once(|_, _| Ok(true));
    mocks.signer.expect_sign().return_once(|_| Ok("signed".into()));
    assert!(mocks.services().sessions.login(login()).await.is_ok());
}

#[tokio::test]
async fn a_person_removed_during_its_sign_in_stays_out() {
    let mut mocks = Mocks::calm();
    mocks.users.expect_find().return_once(|_| Ok(Some(ada())));
    mocks.hasher.expect_verify().return_once(|_, _, _| Ok(Verdict::Match { outdated: false }));
    mocks.sessions.expect_open().return_once(|_, _| Ok(false));
    let refused = mocks.services().sessions.login(login()).await;
    assert!(matches!(refused, Err(Problem::SignIn(SignInFault::Unknown))));
}

#[tokio::test]
async fn a_store_that_is_away_is_never_a_bad_token_or_password() {
    let mut mocks = Mocks::calm();
    mocks.users.expect_find().return_once(|_| Err(away()));
    let refused = mocks.services().sessions.login(login()).await;
    assert!(matches!(refused, Err(Problem::Unavailable(_))));

    let mut mocks = Mocks::calm();
    mocks.signer.expect_verify().return_once(|_, _, _| Ok(claims(&session_of(&ada()))));
    mocks.sessions.expect_find().return_once(|_| Err(away()));
    let refused = mocks.services().sessions.authenticate("token", Intent::Change).await;
    assert!(matches!(refused, Err(Problem::Unavailable(_))));
}

async fn authenticated(session: Session, user: User) -> Result<(), Problem> {
    let mut mocks = Mocks::calm();
    let claims = claims(&session_of(&ada()));
    mocks
        .signer
        .expect_verify()
        .with(eq("token"), eq(TokenKind::Access), always())
        .return_once(move |_, _, _| Ok(claims));
    mocks.sessions.expect_find().return_once(move |_| Ok(Some((session, user))));
    mocks.services().sessions.authenticate("token", Intent::Change).await.map(|_| ())
}

#[tokio::test]
async fn a_token_counts_while_its_session_is_open_and_no_longer() {
    let session = session_of(&ada());
    assert!(authenticated(session.clone(), ada()).await.is_ok());
    let ended = Session { expires_at: now(), ..session.clone() };
    let idle = Session {
        last_seen_at: now().minus(Duration::from_secs(14 * 24 * 3600)),
        ..session.clone()
    };
    for over in [ended, idle] {
        assert!(matches!(
            authenticated(over, ada()).await,
            Err(Problem::Token(TokenFault::Expired))
        ));
    }
    for gone in [
        User { epoch: 2, ..ada() },
        User { status: Status::Locked, ..ada() },
        User { status: Status::Inactive, ..ada() },
    ] {
        let refused = authenticated(session.clone(), gone).await;
        assert!(matches!(refused, Err(Problem::Token(TokenFault::Revoked))));
    }
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute_and_a_failure_to_do_so_stops_nobody() {
    let old = Session { last_seen_at: now().minus(Duration::from_secs(60)), ..session_of(&ada()) };
    let mut mocks = Mocks::calm();
    mocks.signer.expect_verify().returning(|_, _, _| Ok(claims(&session_of(&ada()))));
    let expected = LastUse { session: old.id, at: now(), unless_since: old.last_seen_at };
    mocks.sessions.expect_find().times(2).returning(move |_| Ok(Some((old.clone(), ada()))));
    mocks.sessions.expect_touch().times(1).return_once(move |uses| {
        assert_eq!(uses, [expected]);
        Err(away())
    });
    let sessions = mocks.services().sessions;
    for _ in 0..2 {
        assert!(sessions.authenticate("token", Intent::Change).await.is_ok());
    }
    assert!(matches!(sessions.write_last_uses().await, Err(Problem::Unavailable(_))));
    // It comes again with the next request: the mock expects no second batch of the same.
    assert!(sessions.write_last_uses().await.is_ok());
    // A session seen just now is not written: the mock of `authenticated` expects no touch.
    assert!(authenticated(session_of(&ada()), ada()).await.is_ok());
}
