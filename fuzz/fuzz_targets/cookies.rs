//! The one session cookie: a second one of its name is refused wherever it stands, and other cookies
//! change nothing. Each line of the input is a `Cookie` field.
#![no_main]

use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use api::fuzzing::cookie;
use libfuzzer_sys::fuzz_target;

const NAME: &str = "sessionid";

fn read(fields: &[Vec<u8>]) -> Result<Option<String>, String> {
    let mut request = TestRequest::get();
    for field in fields {
        let Ok(value) = HeaderValue::from_bytes(field) else { continue };
        request = request.append_header(("Cookie", value));
    }
    cookie(&request.to_http_request(), NAME)
}

fuzz_target!(|input: &[u8]| {
    let fields: Vec<Vec<u8>> = fuzz::lines(input).map(<[u8]>::to_vec).collect();
    let plain = read(&fields);
    if let Ok(Some(value)) = &plain {
        assert!(!value.contains(';'));
        let sent = |field: &Vec<u8>| field.windows(NAME.len()).any(|part| part == NAME.as_bytes());
        assert!(fields.iter().any(sent));
    }
    let with = |field: &[u8], front: bool| {
        let mut all = fields.clone();
        all.insert(if front { 0 } else { all.len() }, field.to_vec());
        read(&all)
    };
    for front in [true, false] {
        let expected = match &plain {
            Ok(None) => Ok(Some("x".to_owned())),
            Ok(Some(_)) | Err(_) => Err(()),
        };
        assert_eq!(with(b"a=b; sessionid=x", front).map_err(drop), expected);
        for other in [&b"a=b; xsessionid=x; Sessionid=y;; =; sessionid"[..], b"\xff=\xff"] {
            assert_eq!(with(other, front), plain);
        }
    }
    let crowded: Vec<Vec<u8>> =
        fields.iter().map(|field| [b"a=b; ", field.as_slice(), b"; c=d"].concat()).collect();
    assert_eq!(read(&crowded), plain);
});
