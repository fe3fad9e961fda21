//! One file per path and verb, on a real server each; plus what holds for every path.

mod edge;
mod engines;
mod livez;
mod readyz;
mod v1;
mod well_known;
