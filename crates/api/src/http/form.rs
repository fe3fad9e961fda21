//! Takes forms apart: URL-encoded ones, and multipart ones with their files (RFC 7578).

use std::collections::BTreeMap;
use std::convert::Infallible;

use actix_web::web::Bytes;
use futures_util::{FutureExt, stream};
use multer::Multipart;
use serde_json::{Map, Value};

use crate::refusal::EdgeFault;

/// More fields than any form of ours has.
const MAX_FIELDS: usize = 64;
/// The longest boundary, in characters (RFC 2046 §5.1.1).
const MAX_BOUNDARY: usize = 70;

/// A multipart form. Each name occurs once.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// The fields that are texts.
    pub(super) fields: Map<String, Value>,
    /// The fields that are files, by name. A browser sends an empty file where none was chosen;
    /// such ones are left out.
    pub(super) files: BTreeMap<String, Bytes>,
}

/// The fields of a form in `application/x-www-form-urlencoded` (WHATWG URL §5).
pub(super) fn url_encoded(bytes: &[u8]) -> Result<Map<String, Value>, EdgeFault> {
    if !is_text(bytes) {
        return Err(EdgeFault::MalformedForm);
    }
    let mut form = Form::default();
    for (count, (name, value)) in form_urlencoded::parse(bytes).enumerate() {
        form.check(count, &name)?;
        form.add_text(name.into_owned(), value.into_owned())?;
    }
    Ok(form.fields)
}

/// The fields and files of a multipart form that was read already.
pub(super) fn multipart(bytes: Bytes, boundary: Option<String>) -> Result<Form, EdgeFault> {
    let boundary = boundary.filter(|boundary| (1..=MAX_BOUNDARY).contains(&boundary.len()));
    let boundary = boundary.ok_or(EdgeFault::MalformedForm)?;
    // All bytes are there: a parser that waits for more has lost its way, and is not waited for.
    parts(bytes, boundary).now_or_never().unwrap_or(Err(EdgeFault::MalformedForm))
}

async fn parts(bytes: Bytes, boundary: String) -> Result<Form, EdgeFault> {
    let mut parts = Multipart::new(stream::iter([Ok::<_, Infallible>(bytes)]), boundary);
    let (mut form, mut count) = (Form::default(), 0);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().ok_or(EdgeFault::MalformedForm)?.to_owned();
        form.check(count, &name)?;
        count += 1;
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(broken)?;
        if !is_file {
            let text = std::str::from_utf8(&bytes).map_err(|_| EdgeFault::MalformedForm)?;
            form.add_text(name, text.to_owned())?;
        } else if !bytes.is_empty() {
            form.files.insert(name, bytes);
        }
    }
    Ok(form)
}

fn broken(_: multer::Error) -> EdgeFault {
    EdgeFault::MalformedForm
}

impl Form {
    /// Whether a field of this name may follow the `count` that there were.
    fn check(&self, count: usize, name: &str) -> Result<(), EdgeFault> {
        if count >= MAX_FIELDS {
            return Err(EdgeFault::MalformedForm);
        }
        if self.fields.contains_key(name) || self.files.contains_key(name) {
            return Err(EdgeFault::RepeatedMember { pointer: pointer(name) });
        }
        Ok(())
    }

    fn add_text(&mut self, name: String, text: String) -> Result<(), EdgeFault> {
        if name.contains('\0') || text.contains('\0') {
            return Err(EdgeFault::NulCharacter { pointer: pointer(&name) });
        }
        self.fields.insert(name, Value::String(text));
        Ok(())
    }
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Whether the bytes are UTF-8 once every `%XX` is decoded; the parser would put U+FFFD where they
/// are not. The whole is as good as each field: no character goes on past a sign of ASCII.
fn is_text(bytes: &[u8]) -> bool {
    let (mut decoded, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    while let Some((byte, after)) = rest.split_first() {
        let escaped = if *byte == b'%' { octet(after) } else { None };
        decoded.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    std::str::from_utf8(&decoded).is_ok()
}

/// The octet that two hexadecimal digits at the start of `bytes` stand for.
fn octet(bytes: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn encoded(text: &str) -> Result<Value, EdgeFault> {
        url_encoded(text.as_bytes()).map(Value::Object)
    }

    fn repeated(name: &str) -> EdgeFault {
        EdgeFault::RepeatedMember { pointer: format!("/{name}") }
    }

    /// A multipart form of these parts: what stands behind `form-data`, and the content.
    fn parts(parts: &[(&str, &str)]) -> Result<Form, EdgeFault> {
        let part = |(says, content): &(&str, &str)| {
            format!("--B\r\nContent-Disposition: form-data{says}\r\n\r\n{content}\r\n")
        };
        let body: String = parts.iter().map(part).collect();
        multipart(format!("{body}--B--\r\n").into(), Some("B".into()))
    }

    #[test]
    fn a_url_encoded_form_is_an_object_of_texts() {
        let expected = json!({ "a": "1 2", "b": "ü&=", "c": "", "d": "%zz%", "e": "\u{fffd}" });
        assert_eq!(encoded("a=1+2&b=%C3%BC%26%3D&&c&d=%zz%&e=%ef%BF%bd").unwrap(), expected);
    }

    #[test]
    fn what_no_form_of_ours_has_is_refused() {
        assert_eq!(encoded("a=1&%61=2"), Err(repeated("a")));
        let nul = |pointer: &str| Err(EdgeFault::NulCharacter { pointer: pointer.into() });
        assert_eq!(encoded("a=%00"), nul("/a"));
        assert_eq!(encoded("a%00=1"), nul("/a\0"));
        for text in ["a=%ff", "%ff=a", "a=%c3&b=%bc", "a=%c3%"] {
            assert_eq!(encoded(text), Err(EdgeFault::MalformedForm), "{text}");
        }
    }

    #[test]
    fn sixty_four_fields_are_read_and_no_more() {
        let many = |count: usize| -> String { (0..count).map(|n| format!("f{n}=1&")).collect() };
        assert!(encoded(&many(64)).is_ok());
        assert_eq!(encoded(&many(65)), Err(EdgeFault::MalformedForm));
        let empty = "; name=f; filename=\"\"";
        assert!(parts(&[(empty, ""); 64]).is_ok());
        assert!(matches!(parts(&[(empty, ""); 65]), Err(EdgeFault::MalformedForm)));
    }

    #[test]
    fn texts_and_files_are_told_apart_by_their_having_a_file_name() {
        let form = parts(&[
            ("; name=\"a\"\r\nContent-Type: text/plain", "ü\r\n"),
            ("; name=\"f\"; filename=\"../x\"", "\0\u{1}"),
            ("; name=\"unchosen\"; filename=\"\"", ""),
        ]);
        let form = form.unwrap();
        assert_eq!(Value::Object(form.fields), json!({ "a": "ü\r\n" }));
        let files: Vec<_> = form.files.into_iter().collect();
        assert_eq!(files, [("f".to_owned(), Bytes::from_static(b"\0\x01"))]);
    }

    #[test]
    fn a_name_that_comes_twice_is_refused_whether_text_or_file() {
        let (text, file) = ("; name=a", "; name=a; filename=x");
        for twice in [[(text, "1"), (text, "1")], [(text, "1"), (file, "1")], [(file, "1"); 2]] {
            assert_eq!(parts(&twice).unwrap_err(), repeated("a"));
        }
    }

    #[test]
    fn nul_and_what_is_no_text_are_refused_in_texts() {
        assert!(matches!(parts(&[("; name=a", "\0")]), Err(EdgeFault::NulCharacter { .. })));
        let body = b"--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--B--";
        let form = multipart(Bytes::from_static(body), Some("B".into()));
        assert_eq!(form.unwrap_err(), EdgeFault::MalformedForm);
    }

    #[test]
    fn a_broken_multipart_form_is_refused() {
        let head = "--B\r\nContent-Disposition: form-data; name=a\r\n";
        for body in [
            String::new(),
            "nonsense".into(),
            "--B".into(),
            "--B\r\n\r\nx\r\n--B--".into(),
            head.into(),
            format!("{head}\r\nx"),
            format!("{head}\r\nx\r\n--B"),
            format!("{head}\r\nx\r\n--Bx"),
        ] {
            let form = multipart(body.clone().into(), Some("B".into()));
            assert_eq!(form.unwrap_err(), EdgeFault::MalformedForm, "{body}");
        }
        for boundary in [None, Some(String::new()), Some("B".repeat(71))] {
            assert!(multipart(Bytes::from_static(b"--B--"), boundary).is_err());
        }
    }
}
