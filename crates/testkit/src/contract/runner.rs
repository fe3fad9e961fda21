//! Runs one contract against one fixture, on a runtime of its own.

use std::time::Duration;

use tokio::time::timeout;

use super::{EngineMissing, Prepared, StoreFixture, StoreSet};

/// A contract that takes longer than this hangs: a lock is waited for that nobody gives back.
const DEADLINE: Duration = Duration::from_secs(120);

/// Prepares stores, runs `contract` on them and cleans up. [`store_contract!`](crate::store_contract)
/// calls it; there is seldom a reason to do so by hand.
///
/// Where the engine is missing it prints a line and passes, unless `REQUIRE_ENGINES` is set in the
/// environment.
///
/// # Panics
/// When the contract is broken or takes over two minutes, or a required engine is missing.
pub fn run<F, C, R>(contract: C)
where
    F: StoreFixture,
    C: FnOnce(StoreSet) -> R,
    R: Future<Output = ()>,
{
    // Declared before the runtime and so dropped after it, when no task holds a connection.
    let _guard;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime can be started");
    match runtime.block_on(F::prepare()) {
        Ok(Prepared { stores, guard }) => {
            _guard = guard;
            let within_deadline = async { timeout(DEADLINE, Box::pin(contract(stores))).await };
            runtime.block_on(within_deadline).expect("the contract ends in time");
        }
        Err(EngineMissing(reason)) => skip(&reason, engines_are_required()),
    }
}

#[expect(clippy::disallowed_methods, reason = "the environment is how CI insists on every engine")]
fn engines_are_required() -> bool {
    std::env::var_os("REQUIRE_ENGINES").is_some()
}

#[expect(clippy::print_stderr, reason = "a skipped test has no other way to say so")]
fn skip(reason: &str, engines_are_required: bool) {
    assert!(!engines_are_required, "a required engine is missing: {reason}");
    eprintln!("skipped: {reason}");
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::sync::atomic::{AtomicBool, Ordering};

    use async_trait::async_trait;

    use super::*;
    use crate::memory::MemoryStores;

    static CLEANED_UP: AtomicBool = AtomicBool::new(false);

    struct CleansUp;

    impl Drop for CleansUp {
        fn drop(&mut self) {
            assert!(tokio::runtime::Handle::try_current().is_err(), "the guard may block");
            CLEANED_UP.store(true, Ordering::SeqCst);
        }
    }

    #[async_trait]
    impl StoreFixture for CleansUp {
        async fn prepare() -> Result<Prepared, EngineMissing> {
            Ok(Prepared::new(MemoryStores::new().set(), Self))
        }
    }

    #[test]
    fn a_broken_contract_fails_and_is_cleaned_up_after() {
        let broken = catch_unwind(|| run::<CleansUp, _, _>(async |_| panic!("broken")));
        assert!(broken.is_err());
        assert!(CLEANED_UP.load(Ordering::SeqCst));
    }

    #[test]
    fn a_missing_engine_is_skipped_unless_it_is_required() {
        skip("no such server", false);
        assert!(catch_unwind(|| skip("no such server", true)).is_err());
    }
}
