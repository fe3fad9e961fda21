//! What resealing does when others change the same rows, and when it is stopped.

use std::sync::Mutex;

use zeroize::Zeroizing;

use super::*;
use crate::sealing::{MockSealer, SealError};

/// Rows in memory; `meddle` is called before each replacement, as a server beside us may.
struct Rows {
    rows: Mutex<Vec<(SealedKind, Uuid, Sealed)>>,
    meddle: fn(&mut Vec<(SealedKind, Uuid, Sealed)>),
}

#[async_trait::async_trait]
impl SealedValues for Rows {
    async fn page(
        &self,
        kind: SealedKind,
        after: Option<Uuid>,
        limit: u16,
    ) -> Result<Vec<(Uuid, Sealed)>, StoreError> {
        let rows = self.rows.lock().unwrap();
        let of_kind = rows.iter().filter(|row| row.0 == kind && Some(row.1) > after);
        Ok(of_kind.take(limit.into()).map(|row| (row.1, row.2.clone())).collect())
    }

    async fn replace(
        &self,
        kind: SealedKind,
        id: Uuid,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let mut rows = self.rows.lock().unwrap();
        (self.meddle)(&mut rows);
        let row = rows.iter_mut().find(|row| row.0 == kind && row.1 == id && row.2 == *old);
        Ok(row.map(|row| row.2 = new.clone()).is_some())
    }
}

/// A value under the key `key`, bound to its purpose.
fn sealed(key: &str, purpose: &str) -> Sealed {
    Sealed(format!("v1.{key}.{purpose}"))
}

/// Seals with `new`; opens what any key but `lost` sealed, for its purpose only.
fn sealer() -> MockSealer {
    let mut sealer = MockSealer::new();
    sealer.expect_seal().returning(|purpose, _| Ok(sealed("new", purpose)));
    sealer.expect_open().returning(|purpose, value| {
        let is_known = value.key_id() != Some("lost") && value.0.ends_with(purpose);
        if is_known { Ok(Zeroizing::new(Vec::new())) } else { Err(SealError::Unopened) }
    });
    sealer
}

fn rows(letters: &[&str], passkeys: &[&str]) -> Vec<(SealedKind, Uuid, Sealed)> {
    let of = |kind: SealedKind, keys: &[&str]| {
        let row = |(key, number): (&&str, u128)| {
            let id = Uuid::from_u128(number);
            (kind, id, sealed(key, &kind.purpose(id)))
        };
        keys.iter().zip(1..).map(row).collect::<Vec<_>>()
    };
    [of(SealedKind::Letter, letters), of(SealedKind::Passkey, passkeys)].concat()
}

fn store(letters: &[&str], passkeys: &[&str]) -> Rows {
    Rows { rows: Mutex::new(rows(letters, passkeys)), meddle: |_| {} }
}

#[tokio::test]
async fn everything_under_other_keys_is_sealed_again_for_its_purpose() {
    let store = store(&["old", "new", "older"], &["old", "new"]);
    let before = keys_in_use(&store).await.unwrap();
    assert_eq!(before.iter().map(String::as_str).collect::<Vec<_>>(), ["new", "old", "older"]);
    let done = reseal(&store, &sealer(), "new").await.unwrap();
    assert_eq!(done, Resealed { renewed: 3, left: 0, unopened: 0 });
    assert_eq!(*store.rows.lock().unwrap(), rows(&["new"; 3], &["new"; 2]));
    assert_eq!(reseal(&store, &sealer(), "new").await.unwrap(), Resealed::default());
}

#[tokio::test]
async fn more_than_a_page_is_sealed_again() {
    let store = store(&["old"; 450], &["old"; 201]);
    assert_eq!(reseal(&store, &sealer(), "new").await.unwrap().renewed, 651);
    assert_eq!(keys_in_use(&store).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_no_key_opens_is_counted_and_left_alone() {
    let store = store(&["lost", "old"], &[]);
    let done = reseal(&store, &sealer(), "new").await.unwrap();
    assert_eq!(done, Resealed { renewed: 1, left: 0, unopened: 1 });
    assert_eq!(*store.rows.lock().unwrap(), rows(&["lost", "new"], &[]));
}

#[tokio::test]
async fn what_changes_meanwhile_is_never_overwritten() {
    let mut store = store(&["old", "old"], &["old"]);
    // Each time: the first letter is delivered, and the passkey is somebody's new one.
    store.meddle = |rows| {
        rows.retain(|row| row.0 != SealedKind::Letter || row.1 != Uuid::from_u128(1));
        rows.iter_mut().filter(|row| row.0 == SealedKind::Passkey).for_each(|row| {
            row.2 = Sealed(row.2.0.replace("v1.old.", "v1.other."));
        });
    };
    let done = reseal(&store, &sealer(), "new").await.unwrap();
    assert_eq!(done, Resealed { renewed: 2, left: 0, unopened: 0 });
    let expected: Vec<_> = rows(&["new", "new"], &["new"]).into_iter().skip(1).collect();
    assert_eq!(*store.rows.lock().unwrap(), expected);
}
