//! What is recorded, and what altering it comes to.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::audit::{Action, AuditQuery, Flaw, Head, Outcome, Recorded};
use domain::page::PageRequest;
use domain::problem::Problem;
use domain::users::{UserId, UserKey};
use testkit::household::{Household, PASSWORD};

async fn trail(house: &Household, admin: &domain::users::User) -> Vec<Recorded> {
    let page = PageRequest::first(200);
    house.services.audit.list(admin, &AuditQuery::default(), &page).await.unwrap().items
}

#[tokio::test]
async fn signing_in_failing_to_and_locking_are_recorded_in_their_order() {
    let house = Household::new();
    let admin = house.register_admin("root").await.unwrap();
    let ada = house.register("ada").await.unwrap();
    house.sign_in("ada", PASSWORD).await.unwrap();
    house.sign_in("ada", "wrong").await.unwrap_err();
    house.services.users.lock(&admin, ada.id).await.unwrap();
    let mut trail = trail(&house, &admin).await;
    trail.reverse();
    let told: Vec<_> = trail
        .iter()
        .map(|one| (one.event.action, one.event.outcome, one.event.actor, one.event.subject))
        .collect();
    let (root, ada) = (Some(admin.id), Some(ada.id));
    let expected: [(Action, Outcome, Option<UserId>, Option<UserId>); 5] = [
        (Action::Registration, Outcome::Success, None, root),
        (Action::Registration, Outcome::Success, ada, ada),
        (Action::SignIn, Outcome::Success, ada, ada),
        (Action::SignIn, Outcome::Failure, None, ada),
        (Action::Lock, Outcome::Success, root, ada),
    ];
    assert_eq!(told.len(), 5);
    for one in expected {
        assert!(told.contains(&one), "{one:?} is not among {told:?}");
    }
    assert!(trail.iter().all(|one| one.link.is_some()), "all are chained");
    assert_eq!(house.services.audit.verify(Head::start()).await.unwrap().flaw, None);
}

#[tokio::test]
async fn only_administrators_read_what_happened() {
    let house = Household::new();
    let ada = house.register("ada").await.unwrap();
    let page = PageRequest::first(1);
    let asked = house.services.audit.list(&ada, &AuditQuery::default(), &page).await;
    assert!(matches!(asked, Err(Problem::Forbidden)));
}

#[tokio::test]
async fn erasing_a_person_leaves_the_chain_whole() {
    let house = Household::new();
    let admin = house.register_admin("root").await.unwrap();
    let ada = house.register("ada").await.unwrap();
    house.sign_in("ada", PASSWORD).await.unwrap();
    house.services.audit.chain().await.unwrap();
    house.services.users.delete(&ada, ada.id, None).await.unwrap();
    assert!(house.services.users.find(&UserKey::Id(ada.id)).await.is_err());
    let trail = trail(&house, &admin).await;
    let its = |one: &&Recorded| one.event.subject == Some(ada.id);
    assert_eq!(trail.iter().filter(its).count(), 3);
    let removal = trail.iter().find(|one| one.event.action == Action::Removal).unwrap();
    let traits = removal.event.traits.as_ref().unwrap();
    assert_eq!((&traits.address, &traits.user_agent), (&None, &None));
    let others = trail.iter().filter(its).filter(|one| one.event.action != Action::Removal);
    assert!(others.into_iter().all(|one| one.event.traits.is_none()));
    assert_eq!(house.services.audit.verify(Head::start()).await.unwrap().flaw, None);
}

#[tokio::test]
async fn the_first_event_that_was_altered_or_is_gone_is_found() {
    let house = Household::new();
    for name in ["ada", "eve", "mia", "zoe"] {
        house.clock.advance(Duration::from_millis(1));
        house.register(name).await.unwrap();
    }
    house.services.audit.chain().await.unwrap();
    let flaw = async || house.services.audit.verify(Head::start()).await.unwrap().flaw;
    assert_eq!(flaw().await, None);
    house.stores.tamper(|events| events[2].event.outcome = Outcome::Failure);
    assert_eq!(flaw().await, Some(Flaw::Altered(3)));
    house
        .stores
        .tamper(|events| events[1].event.traits.as_mut().unwrap().user_agent = Some("x".into()));
    assert_eq!(flaw().await, Some(Flaw::TraitsAltered(2)));
    house.stores.tamper(|events| {
        events.remove(0);
    });
    assert_eq!(flaw().await, Some(Flaw::Missing(1)));
}

#[tokio::test]
async fn a_chain_is_verified_from_an_end_that_was_noted() {
    let house = Household::new();
    let noted = async || {
        house.services.audit.chain().await.unwrap();
        house.services.audit.verify(Head::start()).await.unwrap().head
    };
    house.register("ada").await.unwrap();
    let noted = noted().await;
    house.register("eve").await.unwrap();
    house.services.audit.chain().await.unwrap();
    house
        .stores
        .tamper(|events| events.retain(|one| one.link.is_none_or(|link| link.sequence > 1)));
    let audit = &house.services.audit;
    assert_eq!(audit.verify(Head::start()).await.unwrap().flaw, Some(Flaw::Missing(1)));
    assert_eq!(audit.verify(noted).await.unwrap().flaw, None);
    let other = Head { sequence: 1, ..Head::start() };
    assert_eq!(audit.verify(other).await.unwrap().flaw, Some(Flaw::Altered(2)));
}

#[test]
fn every_action_has_a_row_in_the_list_of_what_is_recorded() {
    let listed = include_str!("../../../docs/security/logging.md").lines();
    let listed: Vec<&str> = listed
        .skip_while(|line| !line.starts_with("| action |"))
        .skip(2)
        .map_while(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let known: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    assert_eq!(listed, known);
}
