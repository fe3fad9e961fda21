//! Panics in the log.

use crate::http::scene;

/// From now on every panic of this process is one line of the log, with its place and the span of
/// its request. For the server to call once; replies are taken care of without it.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(tracing::field::display);
        let text = info.payload_as_str().unwrap_or("no message").escape_debug();
        scene::telling(|| tracing::error!(place, panic = %text, "panic"));
    }));
}
