//! A URL-encoded form that was read reads the same once it is written anew.
#![no_main]

use api::fuzzing::form;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some(fields) = form(bytes) else { return };
    assert!(fields.len() <= 64);
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &fields {
        let value = value.as_str().unwrap();
        assert!(!name.contains('\0') && !value.contains('\0'));
        written.append_pair(name, value);
    }
    let written = written.finish();
    assert_eq!(form(written.as_bytes()), Some(fields), "{written}");
    // A name that is there already is refused; one that is not is one more.
    let more = [bytes, b"&one=more".as_slice()].concat();
    let twice = [more.as_slice(), b"&one=more"].concat();
    assert!(form(&twice).is_none());
});
