//! One file per path and verb, on a real server each; plus what holds for every path.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod authorization;
mod doors;
mod edge;
mod engines;
mod framing;
mod in_clear;
mod lane;
mod livez;
mod metrics;
mod paths;
mod readyz;
mod rights;
mod soak;
mod v1;
mod well_known;
