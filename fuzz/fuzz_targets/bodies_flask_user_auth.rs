//! Bodies at the door `flask-user-auth` are answered, and refused in its own words.
#![no_main]

use domain::sessions::Door;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzz::bombard(Door::FlaskUserAuth, input));
