//! The reference stores keep the contract, and can be told to be away.

use domain::post::Sequel;
use domain::store::StoreError;
use testkit::memory::MemoryStores;
use testkit::{a_session, a_user};

mod contract {
    testkit::store_contract!(testkit::memory::MemoryStores);
}

#[tokio::test]
async fn stores_that_are_away_do_nothing_and_say_so() {
    let stores = MemoryStores::new();
    let ada = a_user().build();
    stores.users().add(&ada, &Sequel::none()).await.unwrap();
    stores.set_available(false);
    let session = a_session().of(&ada).build();
    assert!(matches!(
        stores.sessions().open(&session, &Sequel::none()).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        stores.users().delete(ada.id, None, &Sequel::none()).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(stores.health().ping().await, Err(StoreError::Unavailable(_))));
    stores.set_available(true);
    stores.health().ping().await.unwrap();
    assert_eq!(stores.users().count(&Default::default()).await.unwrap(), 1);
    assert_eq!(stores.sessions().find(session.id).await.unwrap(), None);
}

#[tokio::test]
async fn clones_share_one_state() {
    let stores = MemoryStores::new();
    stores.clone().users().add(&a_user().build(), &Sequel::none()).await.unwrap();
    assert_eq!(stores.users().count(&Default::default()).await.unwrap(), 1);
}
