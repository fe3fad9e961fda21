//! The parsers of bodies and header fields, as the fuzz targets call them.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use ipnet::IpNet;
use serde_json::{Map, Value};

use crate::caller::one_cookie;
use crate::http;
use crate::refusal::EdgeFault;

/// A multipart form: its texts, and its files by name.
pub type MultipartForm = (Map<String, Value>, Vec<(String, Bytes)>);

/// A JSON body.
pub fn json(bytes: &[u8]) -> Option<Map<String, Value>> {
    http::json::read(bytes).ok()
}

/// A URL-encoded body.
pub fn form(bytes: &[u8]) -> Option<Map<String, Value>> {
    http::form::url_encoded(bytes).ok()
}

/// A multipart body.
pub fn multipart(bytes: Bytes, boundary: &str) -> Option<MultipartForm> {
    let form = http::form::multipart(bytes, Some(boundary.to_owned())).ok()?;
    Some((form.fields, form.files.into_iter().collect()))
}

/// The value of the one cookie of this name; `Err` where there are several.
pub fn cookie(request: &HttpRequest, name: &str) -> Result<Option<String>, String> {
    let told = |fault: EdgeFault| format!("{fault:?}");
    one_cookie(request, name).map(|value| value.map(str::to_owned)).map_err(told)
}

/// The address of the caller.
pub fn client_address(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    http::client_address::address(Some(peer), headers, trusted)
}
