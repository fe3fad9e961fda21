//! Bodies at `/v1` are answered, and refused in problem documents.
#![no_main]

use domain::sessions::Door;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzz::bombard(Door::V1, input));
