//! Takes forms apart: URL-encoded ones, and multipart ones with their files (RFC 7578).

use std::convert::Infallible;

use actix_web::web::Bytes;
use futures_util::stream;
use multer::Multipart;
use serde_json::{Map, Value};

use crate::refusal::EdgeFault;

/// More fields than any form of ours has.
const MAX_FIELDS: usize = 64;

/// A multipart form.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// The fields that are texts.
    pub(super) fields: Map<String, Value>,
    /// The fields that are files, by name.
    pub(super) files: Vec<(String, Bytes)>,
}

/// The fields of a form in `application/x-www-form-urlencoded` (WHATWG URL §5).
pub(super) fn url_encoded(bytes: &[u8]) -> Result<Map<String, Value>, EdgeFault> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        // The parser puts this sign where the bytes are no text.
        if [&name, &value].iter().any(|text| text.contains(char::REPLACEMENT_CHARACTER)) {
            return Err(EdgeFault::MalformedForm);
        }
        add(&mut fields, name.into_owned(), value.into_owned())?;
    }
    Ok(fields)
}

/// The fields and files of a multipart form that was read already.
pub(super) async fn multipart(bytes: Bytes, boundary: Option<String>) -> Result<Form, EdgeFault> {
    let boundary = boundary.ok_or(EdgeFault::MalformedForm)?;
    let body = stream::iter([Ok::<_, Infallible>(bytes)]);
    let mut parts = Multipart::new(body, boundary);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().ok_or(EdgeFault::MalformedForm)?.to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(broken)?;
        if is_file {
            if form.files.len() >= MAX_FIELDS {
                return Err(EdgeFault::MalformedForm);
            }
            form.files.push((name, bytes));
        } else {
            let text = std::str::from_utf8(&bytes).map_err(|_| EdgeFault::MalformedForm)?;
            add(&mut form.fields, name, text.to_owned())?;
        }
    }
    Ok(form)
}

fn broken(_: multer::Error) -> EdgeFault {
    EdgeFault::MalformedForm
}

fn add(fields: &mut Map<String, Value>, name: String, text: String) -> Result<(), EdgeFault> {
    let pointer = || format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    if name.contains('\0') || text.contains('\0') {
        return Err(EdgeFault::NulCharacter { pointer: pointer() });
    }
    if fields.contains_key(&name) {
        return Err(EdgeFault::RepeatedMember { pointer: pointer() });
    }
    if fields.len() >= MAX_FIELDS {
        return Err(EdgeFault::MalformedForm);
    }
    fields.insert(name, Value::String(text));
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn encoded(text: &str) -> Result<Value, EdgeFault> {
        url_encoded(text.as_bytes()).map(Value::Object)
    }

    #[test]
    fn a_url_encoded_form_is_an_object_of_texts() {
        let expected = json!({ "a": "1 2", "b": "ü&=", "c": "" });
        assert_eq!(encoded("a=1+2&b=%C3%BC%26%3D&c").unwrap(), expected);
    }

    #[test]
    fn what_no_form_of_ours_has_is_refused() {
        assert!(
            matches!(encoded("a=1&a=2"), Err(EdgeFault::RepeatedMember { pointer }) if pointer == "/a")
        );
        assert!(matches!(encoded("a=%00"), Err(EdgeFault::NulCharacter { .. })));
        assert_eq!(encoded("a=%ff"), Err(EdgeFault::MalformedForm));
        let many: Vec<String> = (0..65).map(|n| format!("f{n}=1")).collect();
        assert_eq!(encoded(&many.join("&")), Err(EdgeFault::MalformedForm));
    }

    async fn parts(body: &str) -> Result<Form, EdgeFault> {
        multipart(body.replace('\n', "\r\n").into(), Some("B".into())).await
    }

    #[tokio::test]
    async fn texts_and_files_are_told_apart() {
        let form = parts(
            "--B\nContent-Disposition: form-data; name=\"a\"\n\nü\n--B\n\
             Content-Disposition: form-data; name=\"f\"; filename=\"../x\"\n\n\0\u{1}\n--B--\n",
        );
        let form = form.await.unwrap();
        assert_eq!(Value::Object(form.fields), json!({ "a": "ü" }));
        assert_eq!(form.files, [("f".to_owned(), Bytes::from_static(b"\0\x01"))]);
    }

    #[tokio::test]
    async fn a_broken_multipart_form_is_refused() {
        for body in ["", "nonsense", "--B\nContent-Disposition: form-data; name=\"a\"\n\nx"] {
            assert!(parts(body).await.is_err(), "{body}");
        }
        assert!(multipart(Bytes::from_static(b"--B--"), None).await.is_err());
    }
}
