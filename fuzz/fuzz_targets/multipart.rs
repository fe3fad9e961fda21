//! A multipart form holds what stands in it, and its texts read the same once they are written anew.
#![no_main]

use actix_web::web::Bytes;
use api::fuzzing::multipart;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((fields, files)) = multipart(Bytes::copy_from_slice(bytes), "B") else { return };
    assert!(fields.len() + files.len() <= 64);
    let mut written = String::new();
    let mut plain = fields.clone();
    // Others would have to be escaped, and nobody agrees how.
    plain.retain(|name, _| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()));
    for (name, value) in &plain {
        let value = value.as_str().unwrap();
        assert!(!name.contains('\0') && !value.contains('\0') && !value.contains("\r\n--B"));
        let head = format!("Content-Disposition: form-data; name=\"{name}\"");
        written.push_str(&format!("--B\r\n{head}\r\n\r\n{value}\r\n"));
    }
    written.push_str("--B--\r\n");
    for (name, file) in &files {
        assert!(!file.is_empty() && !fields.contains_key(name));
        assert!(bytes.windows(file.len()).any(|part| part == file), "{name} was not sent");
    }
    let again = multipart(Bytes::from(written.clone()), "B").map(|(fields, _)| fields);
    assert_eq!(again, Some(plain), "{written:?}");
});
