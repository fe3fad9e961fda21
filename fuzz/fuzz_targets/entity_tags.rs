//! `If-Match` and `If-None-Match`: both fields are read alike, a list that was read is read again when
//! it is written, and one more line adds one more tag. Each line of the input is a line of the field.
#![no_main]

use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use api::fuzzing::{Tags, entity_tags};
use libfuzzer_sys::fuzz_target;

const ONE_MORE: &[u8] = b"\"one more\"";

fn request(lines: &[&[u8]]) -> HttpRequest {
    let mut request = TestRequest::get();
    for line in lines {
        let Ok(value) = HeaderValue::from_bytes(line) else { continue };
        request = request.append_header(("If-Match", value.clone()));
        request = request.append_header(("If-None-Match", value));
    }
    request.to_http_request()
}

fn read(lines: &[&[u8]]) -> Result<Option<Tags>, String> {
    let request = request(lines);
    let (strongly, weakly) = (entity_tags(&request, true), entity_tags(&request, false));
    assert_eq!(strongly.as_ref().ok(), weakly.as_ref().ok());
    strongly
}

fuzz_target!(|input: &[u8]| {
    let mut lines: Vec<&[u8]> = fuzz::lines(input).collect();
    let Ok(Some(tags)) = read(&lines) else { return };
    let strong = tags.strong();
    for tag in &strong {
        assert!(
            !tag.contains(['"', ' ', '\u{7f}']) && !tag.contains(|c: char| c.is_ascii_control())
        );
        assert!(tags.holds_strongly(tag) && tags.holds_weakly(tag));
    }
    for probe in ["7", "a,b", ""] {
        assert!(tags.holds_weakly(probe) || !tags.holds_strongly(probe));
    }
    if tags.is_any() {
        assert!(strong.is_empty());
        return;
    }
    let written: Vec<String> = strong.iter().map(|tag| format!("\"{tag}\"")).collect();
    let again = read(&[written.join(", ").as_bytes()]).unwrap().unwrap();
    assert_eq!(again.strong(), strong);
    // A blank is no character of a tag, so a line that has one spoils the list, and this one does not.
    lines.push(ONE_MORE);
    assert!(read(&lines).is_err());
    lines.pop();
    lines.push(b"\"onemore\"");
    let more = read(&lines).unwrap().unwrap();
    assert!(more.holds_strongly("onemore") && more.strong().len() == strong.len() + 1);
});
