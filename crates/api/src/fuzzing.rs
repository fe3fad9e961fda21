//! The private parsers, for the fuzz targets alone: this module is there under `cfg(fuzzing)` only.

pub use crate::http::fuzzing::{MultipartForm, client_address, cookie, form, json, multipart};
pub use crate::v1::fuzzing::{Tags, cursor, cursor_at, entity_tags};
