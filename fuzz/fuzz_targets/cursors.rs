//! A cursor reads back in its own list only, and not at all once a character of it was changed. The
//! first byte chooses the list, the second the change; the rest is a place, or a cursor as text.
#![no_main]

use api::fuzzing::{cursor, cursor_at};
use libfuzzer_sys::fuzz_target;

const LISTS: u8 = 9;

fuzz_target!(|input: &[u8]| {
    let Some(([list, change], rest)) = input.split_first_chunk() else { return };
    let list = list.wrapping_sub(b'a') % LISTS;
    if let Ok(text) = std::str::from_utf8(rest) {
        let read: Vec<String> = (0..LISTS).filter_map(|list| cursor(list, text)).collect();
        assert!(read.len() <= 1, "{text} is a cursor of two lists");
        assert!(read.iter().all(|again| again == text), "{text} is written {read:?}");
    }
    let Some(text) = cursor_at(list, rest) else { return };
    for other in 0..LISTS {
        assert_eq!(cursor(other, &text), (other == list).then(|| text.clone()));
    }
    let mut changed = text.clone().into_bytes();
    let at = usize::from(*change) * changed.len() / 256;
    changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    assert!((0..LISTS).all(|list| cursor(list, &changed).is_none()), "{changed} was {text}");
    assert!((0..LISTS).all(|list| cursor(list, &text[1..]).is_none()));
    assert!((0..LISTS).all(|list| cursor(list, &format!("{text}A")).is_none()));
});
